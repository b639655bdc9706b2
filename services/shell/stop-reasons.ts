/** Why a partition is not read, or a service needs somebody: each kind with its page of infra/runbooks (test/contract/runbooks.test.ts compares). */
export const runbookPages = {
  'hole': 'partition-stopped-hole.md',
  'other log': 'partition-stopped-hole.md',
  'no such partition': 'partition-stopped-no-such-partition.md',
  'foreign record': 'partition-stopped-foreign-record.md',
  'manifest': 'partition-stopped-manifest.md',
  'overflow': 'partition-stopped-overflow.md',
  'refusals': 'stage-halted-refusals.md',
  'no progress': 'lag-without-progress.md',
} as const;
export type StopKind = keyof typeof runbookPages;

/** The words that `status` and the log show. */
export const stopReason = (kind: StopKind, words: string): string => `${words}; see infra/runbooks/${runbookPages[kind]}`;

/** `where`: hash, field, and what the store says. */
export const overflowReason = (where: string): string => stopReason('overflow', `a figure would leave the 64 bits that the store holds: ${where}`);

export interface LogRange { readonly start: number; readonly end: number }

/** Why reading cannot go on at `next`; undefined when it can. Without a position only a log from its very beginning can be read: whatever went before would be skipped. */
export function outsideOf({ start, end }: LogRange, next: number | undefined): string | undefined {
  if (next === undefined) return start === 0 ? undefined : `nothing is known of where reading stood, and the log begins at ${start}`;
  if (next < 0) return `where reading stood was outside the log, which holds ${start} to ${end}, and the client has put a reset in its place`;
  return next < start || next > end ? `position ${next} is outside the log, which holds ${start} to ${end}` : undefined;
}
