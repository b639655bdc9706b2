/**
 * The days on which rows of a declaration's contribution may fall: what the store's index of days is kept by. From the
 * dates of the facts alone, so that it costs little; a day too many does no harm, one too few would hide a declaration.
 */
import type { CountedFacts } from './facts';
import type { Calendar } from './period';

type DatedFacts = Pick<CountedFacts, 'occurredAt' | 'acceptedAt' | 'payments'>;

/** Each once, as the calendar's keys of days. */
export function contributionDays({ occurredAt, acceptedAt, payments }: DatedFacts, calendar: Calendar): string[] {
  const days = [calendar.keysOf(occurredAt).day];
  if (acceptedAt !== 0 && acceptedAt !== occurredAt) addDay(days, calendar.keysOf(acceptedAt).day);
  if (payments.length <= FEW_PAYMENTS) {
    for (const { paidAt } of payments) addDay(days, calendar.keysOf(paidAt).day);
    return days;
  }
  const all = new Set(days);
  for (const { paidAt } of payments) all.add(calendar.keysOf(paidAt).day);
  return [...all];
}

/** Nearly every declaration has two or three dates, and a list of them costs less than a set. */
const FEW_PAYMENTS = 8;
const addDay = (days: string[], day: string): void => { if (!days.includes(day)) days.push(day); };

/** Days of `after` that `before` had not; all of them where there was none. */
export function addedDays(after: DatedFacts, before: DatedFacts | undefined, calendar: Calendar): string[] {
  const days = contributionDays(after, calendar);
  if (!before) return days;
  const known = contributionDays(before, calendar);
  const among = known.length <= FEW_PAYMENTS ? known : new Set(known);
  return days.filter((day) => !(Array.isArray(among) ? among.includes(day) : among.has(day)));
}
