/** Where the store stands, as of one reading: offsets by source partition, newest event times, and whether a rebuild is complete. */
import { carriesEventTime } from '../topology';
import { parsePosition } from '../domain/position';
import type { PositionOf } from '../shell/figure-store';

export interface Snapshot { readonly offsets: Record<string, number>; readonly streamTimeMs: number; readonly times: number[]; readonly complete: boolean }

export function snapshotOf(positions: readonly PositionOf[]): Snapshot {
  const offsets: Record<string, number> = {};
  const times: number[] = [];
  let complete = true;
  for (const { topic, partition, position } of positions) {
    const parsed = parsePosition(position);
    if (!parsed || parsed.next < parsed.target) complete = false;
    if (!parsed) continue;
    offsets[`${topic}/${partition}`] = parsed.next;
    if (carriesEventTime(topic)) times.push(parsed.streamTimeMs);
  }
  return { offsets, times, complete, streamTimeMs: Math.max(0, ...times) };
}

