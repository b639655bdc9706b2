import type { Cubes } from '../domain/cubes';
import { Calendar } from '../domain/period';
import { disagreements, sourcesOf } from './self-checks';

const calendar = new Calendar('Africa/Kinshasa');
const cubes = {
  statistics: {
    view: 'statistics',
    combinations: [
      { id: 'flow-hs6-office', dimensions: ['flow', 'hs6', 'office'], grains: ['day'] },
      { id: 'flow-chapter', dimensions: ['flow', 'chapter'], grains: ['month'] },
      { id: 'flow', dimensions: ['flow'], grains: ['minute', 'day'] },
    ],
  },
  quality: { view: 'quality', combinations: [{ id: 'office', dimensions: ['office'], grains: ['day'] }, { id: 'flow-chapter', dimensions: ['flow', 'chapter'], grains: ['month'] }] },
} as unknown as Cubes;

const hashes: Record<string, Record<string, string>> = {
  'statistics/flow-hs6-office/day/2026-02-01': { 'IMPORT|870323|A:value': '10', 'IMPORT|870323|A:quantity.C62': '3', 'IMPORT|290511|B:value': '7' },
  'statistics/flow-hs6-office/day/2026-02-28': { 'IMPORT|870324|A:value': '5', 'EXPORT|290511|A:value': '0' },
  'statistics/flow-chapter/month/2026-02': { 'IMPORT|87:value': '15', 'IMPORT|29:value': '7' },
  'statistics/flow/day/2026-02-01': { 'IMPORT:value': '17' },
  'statistics/flow/day/2026-02-28': { 'IMPORT:value': '5' },
  'statistics/flow/minute/2026-02-01T00:00': { 'IMPORT:value': '10' },
  'statistics/flow/minute/2026-02-01T23:59': { 'IMPORT:value': '7' },
};
const fieldsOf = (changes: typeof hashes = {}) => (hash: string): ReadonlyMap<string, string> => new Map(Object.entries({ ...hashes, ...changes }[hash] ?? {}));
const month = (changes?: typeof hashes) => disagreements('statistics', '2026-02', sourcesOf(cubes, calendar, 'statistics', 'month', '2026-02'), fieldsOf(changes));

test('offices = chapters = days, quantities only where both keep the code', () => expect(month()).toEqual([]));

test('names the cell that differs, in every pair that shows it', () => {
  const found = month({ 'statistics/flow-chapter/month/2026-02': { 'IMPORT|87:value': '16', 'IMPORT|29:value': '7' } });
  expect(found).toEqual([
    { view: 'statistics', period: '2026-02', cell: 'flow,chapter=IMPORT|87', measure: 'value', left: 'flow-hs6-office by day', leftSum: '15', right: 'flow-chapter by month', rightSum: '16' },
    { view: 'statistics', period: '2026-02', cell: 'flow=IMPORT', measure: 'value', left: 'flow-chapter by month', leftSum: '23', right: 'flow by day', rightSum: '22' },
  ]);
});

test('an amount that moved from one chapter to another is seen though the totals agree', () => {
  expect(month({ 'statistics/flow-chapter/month/2026-02': { 'IMPORT|87:value': '14', 'IMPORT|29:value': '8' } }).map(({ cell }) => cell)).toEqual(['flow,chapter=IMPORT|29', 'flow,chapter=IMPORT|87']);
});

test('a day is the sum of its minutes; minutes that were let go are not compared', () => {
  const day = (kept?: ['day']) => disagreements('statistics', '2026-02-01', sourcesOf(cubes, calendar, 'statistics', 'day', '2026-02-01', kept), fieldsOf({ 'statistics/flow/minute/2026-02-01T23:59': {} }));
  expect(day().map(({ leftSum, rightSum, right }) => [leftSum, rightSum, right])).toEqual([['17', '10', 'flow by minute'], ['17', '10', 'flow by minute']]);
  expect(day(['day'])).toEqual([]);
  expect(disagreements('statistics', '2026-02-01', sourcesOf(cubes, calendar, 'statistics', 'day', '2026-02-01'), fieldsOf())).toEqual([]);
});

test('of families that not every combination keeps, only what both keep is compared', () => {
  const quality: typeof hashes = { 'quality/office/day/2026-02-01': { 'A:events': '9', 'A:value': '4' }, 'quality/flow-chapter/month/2026-02': { 'IMPORT|87:value': '5' } };
  const found = disagreements('quality', '2026-02', sourcesOf(cubes, calendar, 'quality', 'month', '2026-02'), fieldsOf(quality));
  expect(found.map(({ cell, measure, leftSum, rightSum }) => [cell, measure, leftSum, rightSum])).toEqual([['', 'value', '4', '5']]);
});
