/** Where archiving of a partition goes on, or why it must not: pure. */
import type { FileManifest } from './archive-manifest';
import type { OffsetSpan } from './archive-names';

/** Offsets that the log has now. */
export interface HeldOffsets { readonly start: number; readonly end: number }

export interface PartitionPlan {
  /** First offset that is not archived yet; the first file covers from here. */
  readonly from: number;
  /** Reading begins here: at the last record archived, which must be the same. */
  readonly readFrom: number;
  /** End of the log. */
  readonly next: number;
  readonly recognise: FileManifest['lastRecord'] | undefined;
  /** Lost before it was archived. */
  readonly leftOut: OffsetSpan | undefined;
}

/** @param leaveOut whether a person has let go what the log lost before it was archived. */
export function planPartition(last: FileManifest | undefined, { start, end }: HeldOffsets, leaveOut: boolean): PartitionPlan | { readonly refused: string } {
  if (!last) return { from: start, readFrom: start, next: end, recognise: undefined, leftOut: undefined };
  const { nextOffset: from, lastRecord } = last;
  if (end < from) return { refused: `the archive goes to offset ${from - 1} and the log ends at ${end}: it was made anew, or has lost its end. What is archived stays; archive the new log into another folder (--to)` };
  if (start > from) {
    const lost = `offsets ${from} to ${start - 1} are neither in the archive nor in the log any more`;
    if (!leaveOut) return { refused: `${lost}. Restore the log, or say --leave-out to go on behind them` };
    return { from: start, readFrom: start, next: end, recognise: undefined, leftOut: { from, next: start } };
  }
  const known = start <= lastRecord.offset;
  return { from, readFrom: known ? lastRecord.offset : from, next: end, recognise: known ? lastRecord : undefined, leftOut: undefined };
}
