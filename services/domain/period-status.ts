/**
 * Whether a period may still change in the ordinary course (exactness §17). A partition is past the end
 * of a period by the newest event time it has applied, or because everything appended before a
 * broker-confirmed time after that end has been counted. All partitions must be past it.
 */
export type PeriodStatus = 'provisional' | 'final' | 'closed';

export function periodStatus(periodToMs: number, partitionTimesMs: readonly number[], confirmedThroughMs: number, graceMs: number): PeriodStatus {
  const end = periodToMs + graceMs;
  if (confirmedThroughMs >= end) return 'final';
  if (partitionTimesMs.length === 0) return 'provisional';
  return partitionTimesMs.every((time) => time >= end) ? 'final' : 'provisional';
}
