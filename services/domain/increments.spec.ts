import { array, assert, constantFrom, integer, property, record } from 'fast-check';
import type { Cubes } from './cubes';
import { Increments } from './increments';
import { Calendar } from './period';
import type { ContributionRow } from './contribution';

const none = { combinations: [] };
const cubes: Cubes = {
  revenue: { view: 'revenue', combinations: [
    { id: 'office', dimensions: ['office'], grains: ['day', 'month'], publish: { grains: ['month'], tickMs: 200 } },
    { id: 'taxType', dimensions: ['taxType'], grains: ['month'] },
  ] },
  statistics: { view: 'statistics', ...none }, precursors: { view: 'precursors', ...none }, operations: { view: 'operations', ...none }, quality: { view: 'quality', ...none },
};
const calendar = new Calendar('UTC');
const rowOf = (office: string, day: number, assessed: number): ContributionRow => ({ view: 'revenue', at: Date.UTC(2026, 0, day), dimensions: { office, taxType: 'VAT' }, measures: { assessed, lines: 1 } });
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** The same sums by the plainest means. */
function expected(rows: readonly (readonly [ContributionRow, 1 | -1])[]): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const [{ at, dimensions, measures }, sign] of rows) {
    for (const cell of [`revenue/office/day/${dayOf(at)} ${dimensions['office']}`, `revenue/office/month/${dayOf(at).slice(0, 7)} ${dimensions['office']}`, `revenue/taxType/month/${dayOf(at).slice(0, 7)} VAT`]) {
      for (const [measure, amount] of Object.entries(measures)) sums.set(`${cell} ${measure}`, (sums.get(`${cell} ${measure}`) ?? 0n) + BigInt(sign * amount));
    }
  }
  return new Map([...sums].filter(([, sum]) => sum !== 0n));
}

function counted(rows: readonly (readonly [ContributionRow, 1 | -1])[]): { sums: Map<string, bigint>; changed: string[] } {
  const increments = new Increments(cubes, calendar);
  for (const [row, sign] of rows) increments.addRows([row], sign);
  const sums = new Map<string, bigint>();
  increments.each((hash, cell, measure, amount) => {
    const name = `${hash} ${cell} ${measure}`;
    if (sums.has(name)) throw new Error(`${name} comes twice`);
    sums.set(name, BigInt(amount));
  });
  return { sums, changed: increments.changedText().split('\n').filter((line) => line !== '').sort() };
}

test('each cell once, exact beyond the safe integers, and what cancels out not at all', () => {
  const row = record({ office: constantFrom('A', 'B', 'C'), day: integer({ min: 1, max: 40 }), assessed: integer({ min: -1_000, max: 1_000 }).map((amount) => amount * 9_000_000_000_000), sign: constantFrom<1 | -1>(1, -1) });
  assert(property(array(row, { maxLength: 60 }), (list) => {
    const rows = list.map(({ office, day, assessed, sign }): [ContributionRow, 1 | -1] => [rowOf(office, day, assessed), sign]);
    const { sums, changed } = counted(rows);
    expect(sums).toEqual(expected(rows));
    expect(changed).toEqual([...new Set([...sums.keys()].filter((name) => name.startsWith('revenue/office/month')).map((name) => name.split(' ').slice(0, 2).join('|')))].sort());
  }), { numRuns: 300 });
});

test('more cell names than 16 bits could number are not mixed up', () => {
  const rows = Array.from({ length: 70_000 }, (_, index): [ContributionRow, 1] => [rowOf(`O${index}`, 1 + (index % 2), index + 1), 1]);
  expect(counted(rows).sums).toEqual(expected(rows));
});

test('what counts before a moment is left out of minutes and hours, whether it is added or taken back, and of nothing else', () => {
  const fine: Cubes = { ...cubes, revenue: { view: 'revenue', combinations: [{ id: 'office', dimensions: ['office'], grains: ['minute', 'hour', 'day', 'month'] }] } };
  const hashesOf = (day: number): string[] => {
    const increments = new Increments(fine, calendar, undefined, Date.UTC(2026, 0, 15));
    increments.addRows([rowOf('A', day, 5)], -1);
    const hashes = new Set<string>();
    increments.each((hash) => hashes.add(hash.split('/')[2] as string));
    return [...hashes].sort();
  };
  expect(hashesOf(14)).toEqual(['day', 'month']);
  expect(hashesOf(15)).toEqual(['day', 'hour', 'minute', 'month']);
});
