/** `--period` as people write it, and the instants that it means in the profile's time zone. */
import type { Calendar, Grain, Range } from '../domain/period';

export type PeriodKind = Grain | 'quarter' | 'year' | 'rolling';
export interface PeriodRequest { readonly kind: PeriodKind; readonly value: string }

export interface ResolvedPeriod {
  readonly kind: PeriodKind;
  /** Rolling only: 1h, 24h, 7d or 30d. */
  readonly length?: string;
  /** As shown: [from, to), for rolling windows (from, to] in whole minutes. */
  readonly fromMs: number;
  readonly toMs: number;
  /** The cells that are summed begin in [fromMs, toMs). */
  readonly window: Range;
}

export const PERIOD_FORMS = 'minute:2026-03-15T10:05, hour:2026-03-15T10, day:2026-03-15, month:2026-03, quarter:2026-Q1, year:2026, rolling:1h, 24h, 7d or 30d';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const rollingLengths: Readonly<Record<string, number>> = { '1h': HOUR_MS, '24h': 24 * HOUR_MS, '7d': 7 * 24 * HOUR_MS, '30d': 30 * 24 * HOUR_MS };

const forms: Readonly<Record<PeriodKind, RegExp>> = {
  minute: /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):\d\d$/, hour: /^\d{4}-\d\d-\d\dT([01]\d|2[0-3])$/, day: /^\d{4}-\d\d-\d\d$/, month: /^\d{4}-\d\d$/,
  quarter: /^\d{4}-Q[1-4]$/, year: /^\d{4}$/, rolling: /^(1h|24h|7d|30d)$/,
};

/** Undefined when the text has none of the forms. */
export function parsePeriodRequest(text: string): PeriodRequest | undefined {
  const colon = text.indexOf(':');
  const kind = text.slice(0, Math.max(0, colon));
  const value = text.slice(colon + 1);
  if (!Object.hasOwn(forms, kind) || !forms[kind as PeriodKind].test(value)) return undefined;
  return { kind: kind as PeriodKind, value };
}

/**
 * The instants of a period. `endMs` ends a rolling window and is cut down to the minute: the window is
 * (T − length, T] in whole minutes, so the minute T is inside and the minute T − length is not.
 * Undefined when there is no such date.
 */
export function resolvePeriod({ kind, value }: PeriodRequest, calendar: Calendar, endMs: number): ResolvedPeriod | undefined {
  if (kind === 'rolling') return rollingWindow(value, endMs);
  const range = calendarRange(kind, value, calendar);
  return range && { kind, ...range, window: range };
}

function rollingWindow(length: string, endMs: number): ResolvedPeriod | undefined {
  const lengthMs = rollingLengths[length];
  if (lengthMs === undefined) return undefined;
  const toMs = Math.floor(endMs / MINUTE_MS) * MINUTE_MS;
  const fromMs = toMs - lengthMs;
  return { kind: 'rolling', length, fromMs, toMs, window: { fromMs: fromMs + MINUTE_MS, toMs: toMs + MINUTE_MS } };
}

function calendarRange(kind: Exclude<PeriodKind, 'rolling'>, value: string, calendar: Calendar): Range | undefined {
  if (kind === 'year') return months(calendar, `${value}-01`, `${value}-12`);
  if (kind === 'quarter') {
    const year = value.slice(0, 4);
    const last = Number(value.slice(6)) * 3;
    return months(calendar, `${year}-${twoDigits(last - 2)}`, `${year}-${twoDigits(last)}`);
  }
  return calendar.rangeOf(kind, value);
}

const twoDigits = (month: number): string => String(month).padStart(2, '0');

function months(calendar: Calendar, first: string, last: string): Range | undefined {
  const from = calendar.rangeOf('month', first);
  const to = calendar.rangeOf('month', last);
  return from && to && { fromMs: from.fromMs, toMs: to.toMs };
}
