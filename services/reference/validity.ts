import { DateTime } from 'luxon';
import { ReferenceFault } from './documents';
import type { Validity } from './types';

/** Both ends included, ms. */
export interface Interval { readonly fromMs: number; readonly toMs: number }
export const contains = ({ fromMs, toMs }: Interval, atMs: number): boolean => fromMs <= atMs && atMs <= toMs;

/** A day's validity in the profile's time zone; null is open. @throws ReferenceFault when a date is none or they are in the wrong order. */
export function intervalOf({ validFrom, validTo }: Validity, timeZone: string, what: string): Interval {
  const day = (text: string): DateTime => {
    const date = DateTime.fromISO(text, { zone: timeZone });
    if (!date.isValid) throw new ReferenceFault(`${what}: ${text} is no date of the form 2026-03-15`);
    return date;
  };
  const fromMs = validFrom === null ? -Infinity : day(validFrom).startOf('day').toMillis();
  const toMs = validTo === null ? Infinity : day(validTo).endOf('day').toMillis();
  if (fromMs > toMs) throw new ReferenceFault(`${what}: it would end before it begins`);
  return { fromMs, toMs };
}
