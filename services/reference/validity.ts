import { DateTime } from 'luxon';
import type { Validity } from './types';

/** Both ends included, ms. */
export interface Interval { readonly fromMs: number; readonly toMs: number }

/** A day's validity in the profile's time zone; null is open. Throws when a date is none or they are in the wrong order. */
export function intervalOf({ validFrom, validTo }: Validity, timeZone: string, what: string): Interval {
  const day = (text: string): DateTime => {
    const date = DateTime.fromISO(text, { zone: timeZone });
    if (!date.isValid) throw new Error(`${what}: ${text} is no date of the form 2026-03-15`);
    return date;
  };
  const fromMs = validFrom === null ? -Infinity : day(validFrom).startOf('day').toMillis();
  const toMs = validTo === null ? Infinity : day(validTo).endOf('day').toMillis();
  if (fromMs > toMs) throw new Error(`${what}: it would end before it begins`);
  return { fromMs, toMs };
}
