import { Calendar } from '../domain/period';
import { parsePeriodRequest, resolvePeriod } from './period-request';

const seoul = new Calendar('Asia/Seoul'); // UTC+9 all year
const kinshasa = new Calendar('Africa/Kinshasa'); // UTC+1 all year

const resolved = (text: string, calendar: Calendar, at = '2026-01-01T00:00:00Z') => {
  const request = parsePeriodRequest(text);
  const period = request && resolvePeriod(request, calendar, Date.parse(at));
  return period && [period.kind, new Date(period.fromMs).toISOString(), new Date(period.toMs).toISOString()];
};

test.each([
  ['month:2026-02', seoul, 'month', '2026-01-31T15:00:00.000Z', '2026-02-28T15:00:00.000Z'],
  ['month:2024-02', seoul, 'month', '2024-01-31T15:00:00.000Z', '2024-02-29T15:00:00.000Z'],
  ['month:2025-12', kinshasa, 'month', '2025-11-30T23:00:00.000Z', '2025-12-31T23:00:00.000Z'],
  ['day:2026-03-31', kinshasa, 'day', '2026-03-30T23:00:00.000Z', '2026-03-31T23:00:00.000Z'],
  ['hour:2026-03-01T00', seoul, 'hour', '2026-02-28T15:00:00.000Z', '2026-02-28T16:00:00.000Z'],
  ['minute:2026-03-15T10:05', kinshasa, 'minute', '2026-03-15T09:05:00.000Z', '2026-03-15T09:06:00.000Z'],
  ['quarter:2026-Q1', kinshasa, 'quarter', '2025-12-31T23:00:00.000Z', '2026-03-31T23:00:00.000Z'],
  ['quarter:2026-Q4', seoul, 'quarter', '2026-09-30T15:00:00.000Z', '2026-12-31T15:00:00.000Z'],
  ['year:2020', seoul, 'year', '2019-12-31T15:00:00.000Z', '2020-12-31T15:00:00.000Z'],
] as const)('%s is cut in the zone', (text, calendar, kind, from, to) => {
  expect(resolved(text, calendar)).toEqual([kind, from, to]);
});

test('a rolling window ends at T cut down to the minute, and holds that minute', () => {
  const period = resolvePeriod({ kind: 'rolling', value: '1h' }, seoul, Date.parse('2026-03-15T10:05:59.999Z'));
  expect(period).toEqual({
    kind: 'rolling', length: '1h',
    fromMs: Date.parse('2026-03-15T09:05:00Z'), toMs: Date.parse('2026-03-15T10:05:00Z'),
    window: { fromMs: Date.parse('2026-03-15T09:06:00Z'), toMs: Date.parse('2026-03-15T10:06:00Z') },
  });
});

test.each(['month:2026-3', 'month:2026', 'day:2026-03', 'week:2026-10', 'rolling:2h', 'quarter:2026-Q5', 'quarter:2026-1', 'month', '', 'month:2026-03 ', 'toString:1'])('"%s" has no form', (text) => {
  expect(parsePeriodRequest(text)).toBeUndefined();
});

test.each(['month:2026-13', 'day:2026-02-30', 'hour:2026-01-01T24'])('%s does not exist', (text) => {
  expect(resolved(text, kinshasa)).toBeUndefined();
});
