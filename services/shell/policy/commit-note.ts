/** What a stage leaves beside a committed offset: the set of reference data that decides from there on, and how many offsets before it hold no record. */
export interface CommitNote { readonly set: string; readonly holes: number }

export const commitNote = (note: CommitNote): string => JSON.stringify(note);

/** Nothing where another program or an older release wrote it. */
export function readCommitNote(metadata: string): Partial<CommitNote> {
  try {
    return (JSON.parse(metadata) ?? {}) as Partial<CommitNote>;
  } catch {
    return {};
  }
}
