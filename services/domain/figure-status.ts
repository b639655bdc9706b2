/** What an answer may be trusted for: exactness 6 (catching up) and 17 (final). */
import { periodStatus } from './period-status';
import { parsePosition } from './position';
import { carriesEventTime, type TopicName } from '../topology';

/** `restored`: as last published, in a namespace that nobody counts into. */
export type FigureStatus = 'provisional' | 'final' | 'closed' | 'catching-up' | 'restored';

export interface PositionText { readonly topic: TopicName; readonly partition: number; readonly position: string }
export interface PositionState {
  /** One per partition of the namespace's source topics; an empty text: nothing is stored. */
  readonly positions: readonly PositionText[];
  /** Broker time up to which everything appended has been counted, ms; 0: never confirmed. */
  readonly confirmedThroughMs: number;
  /** Positions that the aggregate topics are known to reflect: behind them the store has lost data. */
  readonly publishedPositions: Readonly<Record<string, number>>;
}

export const partitionName = (topic: string, partition: number): string => `${topic}/${partition}`;

export function catchingUp({ positions, publishedPositions }: PositionState): boolean {
  const next = new Map<string, number>();
  for (const { topic, partition, position } of positions) {
    const parsed = parsePosition(position);
    if (!parsed || parsed.next < parsed.target) return true;
    next.set(partitionName(topic, partition), parsed.next);
  }
  return Object.entries(publishedPositions).some(([name, published]) => (next.get(name) ?? -1) < published);
}

/** Status of figures whose period ends before `periodEndMs`. */
export function figureStatus(state: PositionState, periodEndMs: number, graceMs: number): FigureStatus {
  if (catchingUp(state)) return 'catching-up';
  const times = state.positions.filter(({ topic }) => carriesEventTime(topic)).map(({ position }) => parsePosition(position)?.streamTimeMs ?? 0);
  return periodStatus(periodEndMs, times, state.confirmedThroughMs, graceMs);
}

export interface AsOf { readonly streamTime: string | null; readonly offsets: Readonly<Record<string, string>> }

/** Newest event time applied, ms; 0: nothing has been. */
export const streamTimeOf = (positions: readonly PositionText[]): number => Math.max(0, ...positions.map(({ position }) => parsePosition(position)?.streamTimeMs ?? 0));

/** `topic/partition` → the next offset to be counted, as offsets name their topic (exactness 20). */
export function offsetsOf(positions: readonly PositionText[]): Record<string, number> {
  const offsets: Record<string, number> = {};
  for (const { topic, partition, position } of positions) {
    const parsed = parsePosition(position);
    if (parsed) offsets[partitionName(topic, partition)] = parsed.next;
  }
  return offsets;
}

export function asOf(positions: readonly PositionText[]): AsOf {
  const offsets = Object.fromEntries(Object.entries(offsetsOf(positions)).map(([place, next]) => [place, String(next)]));
  const streamTimeMs = streamTimeOf(positions);
  return { streamTime: streamTimeMs === 0 ? null : new Date(streamTimeMs).toISOString(), offsets };
}
