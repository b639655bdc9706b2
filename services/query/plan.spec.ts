import type { Combination, Cubes } from '../domain/cubes';
import { Calendar, type Horizons } from '../domain/period';
import { resolvePeriod } from './period-request';
import { dimensionFault, planQuery, smallestCombination, type FigureQuery } from './plan';

const combination = (dimensions: string, grains: string): Combination => ({ id: dimensions.replaceAll(',', '-'), dimensions: dimensions.split(','), grains: grains.split(',') as Combination['grains'] });
const cubes = {
  revenue: { view: 'revenue', combinations: [combination('office,taxType,chapter', 'day,month'), combination('office,taxType', 'minute,hour'), combination('taxType,origin', 'month')] },
  statistics: { view: 'statistics', combinations: [combination('flow,hs6,partner,office', 'day'), combination('flow,hs6,partner', 'month'), combination('flow,chapter,partner', 'month'), combination('flow,transportMode', 'minute,hour,day,month')] },
  precursors: { view: 'precursors', combinations: [] },
  operations: { view: 'operations', combinations: [combination('office,stage', 'hour')] },
} as unknown as Cubes;
const seoul = new Calendar('Asia/Seoul');
const kinshasa = new Calendar('Africa/Kinshasa');

const planned = (view: FigureQuery['view'], by: string, period: string, calendar: Calendar, at = '2026-01-01T00:00Z', horizons: Horizons = {}) => {
  const [kind, ...value] = period.split(':');
  const window = resolvePeriod({ kind: kind as 'month', value: value.join(':') }, calendar, Date.parse(at))?.window ?? { fromMs: 0, toMs: 0 };
  return planQuery(cubes[view].combinations, calendar, { view, by: by === '' ? [] : by.split(','), where: {} }, window, horizons);
};
const hashesOf = (plan: ReturnType<typeof planned>): string[] => ('hashes' in plan ? plan.hashes.map(({ hash }) => hash) : [plan.refused]);
const counts = (hashes: readonly string[]): Record<string, number> => {
  const byGrain: Record<string, number> = {};
  for (const hash of hashes) { const grain = hash.split('/')[2] ?? ''; byGrain[grain] = (byGrain[grain] ?? 0) + 1; }
  return byGrain;
};

test('a quarter is three months of the smallest combination', () => {
  expect(hashesOf(planned('revenue', 'taxType', 'quarter:2026-Q1', kinshasa))).toEqual(['revenue/taxType-origin/month/2026-01', 'revenue/taxType-origin/month/2026-02', 'revenue/taxType-origin/month/2026-03']);
});

test('a month that is kept by day only is the sum of its days', () => {
  const hashes = hashesOf(planned('statistics', 'hs6,office', 'month:2024-02', seoul));
  expect(hashes).toHaveLength(29);
  expect([hashes[0], hashes[28]]).toEqual(['statistics/flow-hs6-partner-office/day/2024-02-01', 'statistics/flow-hs6-partner-office/day/2024-02-29']);
});

test('a day that is kept by hour only is the sum of its hours', () => {
  expect(hashesOf(planned('operations', '', 'day:2026-03-01', seoul))).toHaveLength(24);
});

test('of equal size, the combination that keeps the chapter itself is preferred to one that derives it', () => {
  expect(smallestCombination(cubes.statistics.combinations, ['chapter', 'partner'], 'month')?.id).toBe('flow-chapter-partner');
  expect(smallestCombination(cubes.statistics.combinations, ['chapter', 'office'], 'day')?.id).toBe('flow-hs6-partner-office');
});

test('30 days up to 00:30 on 1 April in Seoul: 29 + 31 minutes, 23 hours, 29 days', () => {
  const hashes = hashesOf(planned('statistics', 'transportMode', 'rolling:30d', seoul, '2026-03-31T15:30:20Z'));
  expect(counts(hashes)).toEqual({ minute: 60, hour: 23, day: 29 });
  expect(hashes[0]).toBe('statistics/flow-transportMode/minute/2026-03-02T00:31');
  expect(hashes.at(-1)).toBe('statistics/flow-transportMode/minute/2026-04-01T00:30');
});

test('30 days around February in Kinshasa use the month: 59 + 1 minutes, 11 + 12 hours, 1 day, 1 month', () => {
  const hashes = hashesOf(planned('statistics', 'transportMode', 'rolling:30d', kinshasa, '2026-03-02T11:00:00Z'));
  expect(counts(hashes)).toEqual({ minute: 60, hour: 23, month: 1, day: 1 });
  expect(hashes).toContain('statistics/flow-transportMode/month/2026-02');
});

test('each grain of a window is answered by its own smallest combination', () => {
  const hashes = hashesOf(planned('revenue', 'office', 'rolling:7d', kinshasa, '2026-03-10T12:00:00Z'));
  expect(new Set(hashes.map((hash) => hash.split('/').slice(1, 3).join(' ')))).toEqual(new Set(['office-taxType minute', 'office-taxType hour', 'office-taxType-chapter day']));
});

test('what is not kept is refused with what is', () => {
  expect(planned('revenue', 'chapter,origin', 'month:2026-03', seoul)).toEqual({ refused: 'revenue by chapter, origin is not kept. Kept are:\n  office, taxType, chapter  (by day, month)\n  office, taxType  (by minute, hour)\n  taxType, origin  (by month)' });
});

test('a period finer than the grains kept is refused with what is kept finer', () => {
  expect(planned('revenue', 'chapter', 'hour:2026-03-01T10', seoul)).toEqual({ refused: 'revenue by chapter is kept by month, day only, and the period cuts through a day. At a finer grain are kept:\n  office, taxType  (by minute, hour)' });
});

test('cells that were let go are refused, never left out; coarser ones still answer', () => {
  const horizons: Horizons = { minute: Date.parse('2026-03-10T00:00:00Z') };
  expect(planned('statistics', 'flow', 'rolling:7d', kinshasa, '2026-03-12T12:00:00Z', horizons)).toEqual({ refused: 'statistics by flow: the minute cells that this period needs are not there; they are kept from 2026-03-10T00:00:00.000Z on' });
  expect(hashesOf(planned('statistics', 'flow', 'day:2026-03-01', kinshasa, undefined, horizons))).toEqual(['statistics/flow-transportMode/day/2026-03-01']);
  expect(hashesOf(planned('statistics', 'flow', 'month:2026-02', kinshasa, undefined, { month: Date.parse('2026-02-15T00:00:00Z') }))).toHaveLength(28);
});

test('an hour that clocks repeat is used once, and only as a whole', () => {
  const berlin = new Calendar('Europe/Berlin'); // 2026-10-25: 03:00 summer time becomes 02:00
  expect(hashesOf(planned('operations', '', 'day:2026-10-25', berlin))).toHaveLength(24);
  const cut = planned('statistics', 'flow', 'rolling:1h', berlin, '2026-10-25T00:30:00Z');
  expect(hashesOf(cut)[0]).toMatch(/two passes/);
});

test('faults of dimensions are named', () => {
  expect(dimensionFault({ view: 'revenue', by: ['colour'], where: {} })).toBe('revenue has no dimension "colour"; it has office, taxType, chapter, origin, procedure, taxGroup');
  expect(dimensionFault({ view: 'revenue', by: ['office', 'office'], where: {} })).toBe('the dimension "office" is named twice');
  expect(dimensionFault({ view: 'revenue', by: ['office'], where: { chapter: '87' } })).toBeUndefined();
});
