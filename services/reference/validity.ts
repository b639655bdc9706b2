import { DateTime } from 'luxon';
import { ReferenceFault } from './documents';
import type { Validity } from './types';

/** Both ends included, ms. */
export interface Interval { readonly fromMs: number; readonly toMs: number }
export const contains = ({ fromMs, toMs }: Interval, atMs: number): boolean => fromMs <= atMs && atMs <= toMs;

export const overlap = (a: Interval, b: Interval): boolean => a.fromMs <= b.toMs && b.fromMs <= a.toMs;

/** Days that were looked up: a rate table names each of them hundreds of times. */
const days = new Map<string, Interval | undefined>();
const KNOWN_DAYS = 100_000;

function dayOf(text: string, timeZone: string): Interval | undefined {
  const name = `${timeZone} ${text}`;
  if (!days.has(name)) {
    const date = DateTime.fromISO(text, { zone: timeZone });
    if (days.size >= KNOWN_DAYS) days.clear();
    days.set(name, date.isValid ? { fromMs: date.startOf('day').toMillis(), toMs: date.endOf('day').toMillis() } : undefined);
  }
  return days.get(name);
}

/** A day's validity in the profile's time zone; null is open. @throws ReferenceFault when a date is none or they are in the wrong order. */
export function intervalOf({ validFrom, validTo }: Validity, timeZone: string, what: string): Interval {
  const day = (text: string): Interval => {
    const found = dayOf(text, timeZone);
    if (!found) throw new ReferenceFault(`${what}: ${text} is no date of the form 2026-03-15`);
    return found;
  };
  const fromMs = validFrom === null ? -Infinity : day(validFrom).fromMs;
  const toMs = validTo === null ? Infinity : day(validTo).toMs;
  if (fromMs > toMs) throw new ReferenceFault(`${what}: it would end before it begins`);
  return { fromMs, toMs };
}
