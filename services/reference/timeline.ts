/**
 * A value for every moment, built once for each stretch of time in which nothing begins or ends. What is
 * asked most, the same stretch again, costs two comparisons.
 */
import type { Interval } from './validity';

export class Timeline<Value> {
  private readonly cuts: readonly number[];
  private readonly values = new Map<number, Value>();
  private fromMs = NaN;
  private toMs = NaN;
  private latest: Value | undefined;

  /** `build` is asked with a moment of the stretch and must answer alike for all of them. */
  constructor(intervals: Iterable<Interval>, private readonly build: (atMs: number) => Value) {
    const cuts = new Set<number>();
    for (const { fromMs, toMs } of intervals) cuts.add(fromMs).add(toMs + 1);
    this.cuts = [...cuts].filter(Number.isFinite).sort((a, b) => a - b);
  }

  at(atMs: number): Value {
    if (atMs >= this.fromMs && atMs < this.toMs) return this.latest as Value;
    const stretch = this.stretchOf(atMs);
    let value = this.values.get(stretch);
    if (value === undefined) this.values.set(stretch, (value = this.build(atMs)));
    this.fromMs = stretch === 0 ? -Infinity : (this.cuts[stretch - 1] as number);
    this.toMs = this.cuts[stretch] ?? Infinity;
    this.latest = value;
    return value;
  }

  /** How many cuts lie at or before the moment. */
  private stretchOf(atMs: number): number {
    let low = 0;
    for (let high = this.cuts.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((this.cuts[middle] as number) <= atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
