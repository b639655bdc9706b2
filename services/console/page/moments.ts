/** Moments and ages as people read them, always in the authority's time zone. */
export interface Clock { readonly locale: string; readonly timeZone: string }

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter is dear, and the tail makes thousands of texts. */
function formatter(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  let known = formatters.get(key);
  if (!known) formatters.set(key, (known = new Intl.DateTimeFormat(locale, options)));
  return known;
}

const parsed = (iso: string): Date | undefined => {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? undefined : date;
};

export function formatMoment(iso: string, { locale, timeZone }: Clock): string {
  const date = parsed(iso);
  return date ? formatter(locale, { timeZone, year: 'numeric', month: 'short', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(date) : iso;
}

export function formatClock(iso: string, { locale, timeZone }: Clock): string {
  const date = parsed(iso);
  return date ? formatter(locale, { timeZone, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(date) : iso;
}

/** The time of today; of another day with its date: a time alone would be taken for today's. */
export function formatRecent(iso: string, nowMs: number, clock: Clock): string {
  const date = parsed(iso);
  return date && periodKeys(date.getTime(), clock.timeZone).day !== periodKeys(nowMs, clock.timeZone).day ? formatMoment(iso, clock) : formatClock(iso, clock);
}

export function formatDay(iso: string, { locale, timeZone }: Clock): string {
  const date = parsed(iso);
  return date ? formatter(locale, { timeZone, year: 'numeric', month: 'short', day: '2-digit' }).format(date) : iso;
}

/** `2026-03` as people say it. */
export function formatMonth(month: string, locale: string): string {
  const date = parsed(`${month}-01T00:00:00Z`);
  return date ? formatter(locale, { timeZone: 'UTC', year: 'numeric', month: 'long' }).format(date) : month;
}

/** Units are those that English and French share. */
export function formatAge(milliseconds: number, dayUnit: string): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${Math.floor(hours / 24)} ${dayUnit} ${hours % 24} h`;
}

/** A time that is an estimate: whole minutes, from an hour on tens of them. Not for less than a minute. */
export function formatAbout(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 60) return `${minutes} min`;
  const tens = Math.round(minutes / 10) * 10;
  return tens % 60 === 0 ? `${tens / 60} h` : `${Math.floor(tens / 60)} h ${tens % 60} min`;
}

export interface PeriodKeys { readonly day: string; readonly month: string; readonly quarter: string; readonly year: string; readonly hour: string }

/** The periods that hold an instant in a time zone. */
export function periodKeys(milliseconds: number, timeZone: string): PeriodKeys {
  const parts = formatter('en-GB', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', hourCycle: 'h23' }).formatToParts(milliseconds);
  const of = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  const [year, month, day] = [of('year'), of('month'), of('day')];
  return { year, month: `${year}-${month}`, day: `${year}-${month}-${day}`, hour: `${year}-${month}-${day}T${of('hour')}`, quarter: `${year}-Q${Math.ceil(Number(month) / 3)}` };
}
