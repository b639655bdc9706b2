/** Whether a service catches up with what it is behind, and when it will have: pure, from samples of its lag. */
import { limits } from '../../limits';
import type { Lag } from '../../status/status-report';

export interface LagSample { readonly atMs: number; readonly lag: Lag }
/** `standing`: behind, and getting no nearer. `unknown`: not looked at for long enough. */
export type Direction = 'even' | 'clearing' | 'standing' | 'growing' | 'unknown';
export interface LagTrend {
  readonly direction: Direction;
  /** Until its slowest partition has caught up, as it goes now; null where it does not. */
  readonly clearsInSeconds: number | null;
  /** Records behind over the last minutes, oldest first, at most `limits.lagPoints`. */
  readonly points: readonly number[];
}

const DAY_SECONDS = 86_400;
const total = (lag: Lag): number => Object.values(lag).reduce((sum, records) => sum + records, 0);

/** `lagSeconds`: how far behind in time, null where nobody knows; what is on its way for some seconds is not behind. */
export function trendOf(samples: readonly LagSample[], lagSeconds: number | null): LagTrend {
  const newest = samples.at(-1);
  if (!newest) return { direction: 'unknown', clearsInSeconds: null, points: [] };
  const points = pointsOf(samples, newest.atMs);
  if (total(newest.lag) === 0 || (lagSeconds !== null && lagSeconds * 1_000 <= limits.lagSettledMs)) return { direction: 'even', clearsInSeconds: null, points };
  const recent = samples.filter(({ atMs }) => atMs >= newest.atMs - limits.lagTrendMs);
  const behind = Object.keys(newest.lag).filter((partition) => !recent.some(({ atMs, lag }) => atMs >= newest.atMs - limits.lagSettledMs && (lag[partition] ?? 0) === 0));
  if (behind.length === 0) return { direction: 'even', clearsInSeconds: null, points };
  if (newest.atMs - (recent[0]?.atMs ?? newest.atMs) < limits.lagSettledMs) return { direction: 'unknown', clearsInSeconds: null, points };
  return { ...pace(behind.map((partition) => ({ records: newest.lag[partition] ?? 0, perSecond: slope(recent, partition) }))), points };
}

/** The worst partition speaks for all: the others wait for it at the end. */
function pace(partitions: readonly { readonly records: number; readonly perSecond: number }[]): Omit<LagTrend, 'points'> {
  const one = 1_000 / limits.lagTrendMs;
  if (partitions.some(({ perSecond }) => perSecond >= one)) return { direction: 'growing', clearsInSeconds: null };
  const seconds = Math.max(...partitions.map(({ records, perSecond }) => (perSecond <= -one ? records / -perSecond : Infinity)));
  return seconds > DAY_SECONDS ? { direction: 'standing', clearsInSeconds: null } : { direction: 'clearing', clearsInSeconds: Math.ceil(seconds) };
}

/** Records a second by least squares: one sample that is off does not turn it round. */
function slope(samples: readonly LagSample[], partition: string): number {
  const start = samples[0]?.atMs ?? 0;
  const points = samples.map(({ atMs, lag }) => [(atMs - start) / 1_000, lag[partition] ?? 0] as const);
  const [meanX, meanY] = [0, 1].map((axis) => points.reduce((sum, point) => sum + (point[axis] as number), 0) / points.length) as [number, number];
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return spread === 0 ? 0 : points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
}

/** The highest of each slice of time, so that no peak is lost; the newest for itself, as it is what stands beside. */
function pointsOf(samples: readonly LagSample[], newestMs: number): number[] {
  const sliceMs = limits.lagShownMs / limits.lagPoints;
  const slices = new Map<number, number>();
  for (const { atMs, lag } of samples) {
    const slice = Math.ceil((newestMs - atMs) / sliceMs);
    if (slice < limits.lagPoints) slices.set(slice, Math.max(slices.get(slice) ?? 0, total(lag)));
  }
  return [...slices].sort(([a], [b]) => b - a).map(([, records]) => records);
}

/** Samples of the last minutes; those before a gap, when nobody looked, are let go: what lies between is not known. */
export class LagHistory {
  private kept: LagSample[] = [];

  add(sample: LagSample): void {
    const before = this.kept.at(-1)?.atMs ?? sample.atMs;
    if (sample.atMs < before || sample.atMs - before > limits.lagSettledMs) this.kept = [];
    this.kept.push(sample);
    this.kept = this.kept.filter(({ atMs }) => atMs >= sample.atMs - limits.lagShownMs);
  }

  trend(lagSeconds: number | null): LagTrend { return trendOf(this.kept, lagSeconds); }
}
