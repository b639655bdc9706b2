/**
 * Periods, cut in the profile's time zone. A period's key is its local beginning, as far as the grain
 * needs it: 2026-03, 2026-03-15, 2026-03-15T10, 2026-03-15T10:05. The two passes of an hour that clocks
 * set back repeat share one key.
 */
import { DateTime } from 'luxon';
import { limits } from '../limits';

export const grains = ['minute', 'hour', 'day', 'month'] as const;
export type Grain = (typeof grains)[number];

/** Grains that retention may let go, and a replay may leave out. */
export const fineGrains = ['minute', 'hour'] as const satisfies readonly Grain[];
export type FineGrain = (typeof fineGrains)[number];
export const isFine = (grain: Grain): grain is FineGrain => (fineGrains as readonly Grain[]).includes(grain);

/** Cells of a grain that begin before its horizon (ms) are not there: they were let go, or left out. */
export type Horizons = Readonly<Partial<Record<Grain, number>>>;

export type PeriodKeys = Readonly<Record<Grain, string>>;
/** from included, to excluded; ms. */
export interface Range { readonly fromMs: number; readonly toMs: number }

export const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Zones change their offset only at quarters of an hour. */
const SLOT_MS = 15 * MINUTE_MS;

const formats: Readonly<Record<Grain, string>> = { minute: "yyyy-MM-dd'T'HH:mm", hour: "yyyy-MM-dd'T'HH", day: 'yyyy-MM-dd', month: 'yyyy-MM' };

export class Calendar {
  private readonly offsets = new Map<number, number>();
  private readonly keys = new Map<number, PeriodKeys>();
  private readonly ranges = new Map<string, Range>();

  constructor(readonly timeZone: string) {
    if (!DateTime.fromMillis(0, { zone: timeZone }).isValid) throw new Error(`unknown time zone ${timeZone}`);
  }

  private offsetMinutes(ms: number): number {
    const slot = Math.floor(ms / SLOT_MS);
    let offset = this.offsets.get(slot);
    if (offset === undefined) {
      if (this.offsets.size > limits.periodsCached) this.offsets.clear();
      offset = DateTime.fromMillis(slot * SLOT_MS, { zone: this.timeZone }).offset;
      this.offsets.set(slot, offset);
    }
    return offset;
  }

  /** The periods of every grain that an instant falls into. */
  keysOf(ms: number): PeriodKeys {
    const localMinute = Math.floor(ms / MINUTE_MS) + this.offsetMinutes(ms);
    let keys = this.keys.get(localMinute);
    if (keys === undefined) {
      if (this.keys.size > limits.periodsCached) this.keys.clear();
      const text = new Date(localMinute * MINUTE_MS).toISOString();
      keys = { minute: text.slice(0, 16), hour: text.slice(0, 13), day: text.slice(0, 10), month: text.slice(0, 7) };
      this.keys.set(localMinute, keys);
    }
    return keys;
  }

  /** The instants that a period covers; undefined when the key is not of the grain's form. */
  rangeOf(grain: Grain, key: string): Range | undefined {
    const name = `${grain} ${key}`;
    let range = this.ranges.get(name);
    if (range === undefined) {
      range = this.computeRange(grain, key);
      if (this.ranges.size > limits.periodsCached) this.ranges.clear();
      if (range) this.ranges.set(name, range);
    }
    return range;
  }

  private computeRange(grain: Grain, key: string): Range | undefined {
    const start = DateTime.fromFormat(key, formats[grain], { zone: this.timeZone });
    if (!start.isValid) return undefined;
    return { fromMs: start.startOf(grain).toMillis(), toMs: start.startOf(grain).plus({ [grain]: 1 }).startOf(grain).toMillis() };
  }

  /** Keys of every period of the grain that begins in [fromMs, toMs). */
  keysBetween(grain: Grain, fromMs: number, toMs: number): string[] {
    const keys: string[] = [];
    for (let at = fromMs; at < toMs; ) {
      const key = this.keysOf(at)[grain];
      if (keys.at(-1) !== key) keys.push(key);
      at = this.next(grain, at);
    }
    return keys;
  }

  /** Beginning of the period after the one that holds `ms`. */
  next(grain: Grain, ms: number): number {
    /** Zones differ by whole minutes, and a day has many of them. */
    if (grain === 'minute') return (Math.floor(ms / MINUTE_MS) + 1) * MINUTE_MS;
    const start = DateTime.fromMillis(ms, { zone: this.timeZone }).startOf(grain);
    const following = start.plus({ [grain]: 1 }).startOf(grain).toMillis();
    return following > ms ? following : start.plus({ [grain]: 2 }).startOf(grain).toMillis();
  }

  /** Hours and longer ones begin where an offset may change: everywhere else the zone need not be asked, which plans of windows do for each minute. */
  isStart(grain: Grain, ms: number): boolean {
    if (grain === 'minute') return ms % MINUTE_MS === 0;
    return ms % SLOT_MS === 0 && DateTime.fromMillis(ms, { zone: this.timeZone }).startOf(grain).toMillis() === ms;
  }
}
