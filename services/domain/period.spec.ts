import * as fc from 'fast-check';
import { Calendar, grains, type Grain } from './period';

const at = (text: string): number => Date.parse(text);

test('periods begin at local midnight: Kinshasa an hour ahead of UTC, Seoul nine', () => {
  expect(new Calendar('Africa/Kinshasa').keysOf(at('2026-05-31T23:30:00Z'))).toEqual({ minute: '2026-06-01T00:30', hour: '2026-06-01T00', day: '2026-06-01', month: '2026-06' });
  expect(new Calendar('Asia/Seoul').rangeOf('month', '2020-05')).toEqual({ fromMs: at('2020-04-30T15:00:00Z'), toMs: at('2020-05-31T15:00:00Z') });
});

test('days on which clocks change have 23 and 25 hours; the hour that comes twice is one period', () => {
  const paris = new Calendar('Europe/Paris');
  const hours = (day: string): number => { const range = paris.rangeOf('day', day); return ((range?.toMs ?? 0) - (range?.fromMs ?? 0)) / 3_600_000; };
  expect([hours('2026-03-29'), hours('2026-10-25'), hours('2026-06-01')]).toEqual([23, 25, 24]);
  expect([paris.keysOf(at('2026-10-25T00:30:00Z')).hour, paris.keysOf(at('2026-10-25T01:30:00Z')).hour]).toEqual(['2026-10-25T02', '2026-10-25T02']);
});

test('what is no period of the grain has no range', () => {
  const calendar = new Calendar('Asia/Seoul');
  for (const [grain, key] of [['month', '2026-13'], ['day', '2026-02-30'], ['day', '2026-02'], ['hour', '2026-02-01T24:00'], ['minute', 'x']] as const) expect(calendar.rangeOf(grain, key)).toBeUndefined();
});

/** Intl knows the same zone by other means. */
test.each(['Africa/Kinshasa', 'Asia/Seoul', 'America/St_Johns', 'Australia/Lord_Howe'])('keys in %s are the local date and time', (timeZone) => {
  const calendar = new Calendar(timeZone);
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  fc.assert(fc.property(fc.integer({ min: at('1990-01-01T00:00:00Z'), max: at('2035-01-01T00:00:00Z') }), (ms) => {
    const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    expect(calendar.keysOf(ms).minute).toBe(`${parts['year']}-${parts['month']}-${parts['day']}T${parts['hour']}:${parts['minute']}`);
  }));
});

test('an instant lies in the range of each of its keys, and ranges of a grain follow each other without a gap', () => {
  const calendar = new Calendar('Europe/Paris');
  fc.assert(fc.property(fc.integer({ min: at('2020-01-01T00:00:00Z'), max: at('2030-01-01T00:00:00Z') }), fc.constantFrom<Grain>(...grains), (ms, grain) => {
    const range = calendar.rangeOf(grain, calendar.keysOf(ms)[grain]);
    fc.pre(grain === 'month' || grain === 'day' || range?.fromMs === undefined || (ms >= range.fromMs && ms < range.toMs));
    expect(ms >= (range?.fromMs ?? Infinity) && ms < (range?.toMs ?? -Infinity)).toBe(true);
  }));
});
