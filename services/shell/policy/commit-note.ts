/** By raw partition, the highest raw offset whose record was decided. */
export type DecidedMarks = Readonly<Record<string, number>>;

/**
 * What a stage leaves beside a committed offset: the set of reference data that decides from there on, how many
 * offsets before it hold no record, and what was decided before it. Some 15 bytes for a raw partition; brokers take 4,096.
 */
export interface CommitNote { readonly set: string; readonly holes: number; readonly marks: DecidedMarks }

export const commitNote = (note: CommitNote): string => JSON.stringify(note);

/** Nothing where another program or an older release wrote it. */
export function readCommitNote(metadata: string): Partial<CommitNote> {
  try {
    return (JSON.parse(metadata) ?? {}) as Partial<CommitNote>;
  } catch {
    return {};
  }
}
