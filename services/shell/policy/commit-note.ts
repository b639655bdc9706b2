import { limits } from '../../limits';

/** By raw partition, the highest raw offset whose record was decided. */
export type DecidedMarks = Readonly<Record<string, number>>;

/** The last record before a position, by offset and digest: shows whether the log is still the one that was read. */
export interface LastRecord { readonly offset: number; readonly digest: string }

/**
 * What a stage leaves beside a committed offset: the set of reference data that decides from there on, how many
 * offsets before it hold no record, the last record before it, and what was decided before it.
 */
export interface CommitNote { readonly set: string; readonly holes: number; readonly last?: LastRecord | undefined; readonly marks: DecidedMarks }

/** Marks of hundreds of raw partitions do not fit: repeats are then decided again, and dropped by aggregate alone. */
export function commitNote({ set, holes, last, marks }: CommitNote): string {
  const whole = JSON.stringify({ set, holes, last, marks });
  return whole.length <= limits.commitMetadataBytes ? whole : JSON.stringify({ set, holes, last });
}

/** Nothing where another program or an older release wrote it. */
export function readCommitNote(metadata: string): Partial<CommitNote> {
  try {
    return (JSON.parse(metadata) ?? {}) as Partial<CommitNote>;
  } catch {
    return {};
  }
}
