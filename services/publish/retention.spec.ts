import type { Cubes } from '../domain/cubes';
import { Calendar } from '../domain/period';
import { LEDGER_HORIZON_NOTE } from '../shell/figure-store';
import { MemoryStore } from '../shell/memory/memory-store';
import { incrementsOf } from '../../test/support/increments';
import { horizonOf, letGo } from './retention';
import { countedTopic } from '../topology';

const kinshasa = new Calendar('Africa/Kinshasa');
const cube = { combinations: [{ id: 'office', dimensions: ['office'], grains: ['minute', 'hour', 'day'] as const }] };
const cubes = { revenue: { view: 'revenue', ...cube }, statistics: { view: 'statistics', combinations: [] }, precursors: { view: 'precursors', combinations: [] }, operations: { view: 'operations', combinations: [] }, quality: { view: 'quality', combinations: [] } } as Cubes;

const store = async (hashes: readonly string[], index: readonly string[] = []) => {
  const memory = new MemoryStore({ partitions: 1 });
  const ledger = memory.ledger();
  const target = { topic: countedTopic, partition: 0 } as const;
  await ledger.claim(target, 'token', 'manifest');
  await ledger.apply(target, 'token', '', 'next', { increments: incrementsOf(hashes.map((hash) => [hash, [['A:lines', 1]]])), entries: new Map(), index: new Map(index.map((day) => [day, ['D1']])), changed: '' });
  return memory.reader();
};
const namesOf = async (reader: Awaited<ReturnType<typeof store>>): Promise<string[]> => {
  const names: string[] = [];
  for await (const name of reader.hashNames('revenue/')) names.push(name);
  return names.sort();
};

test('the horizon is the beginning of a local day: 10 days before 15 March 12:00 in Kinshasa (UTC+1) is 4 March 23:00 UTC', () => {
  expect(horizonOf(10, Date.parse('2026-03-15T11:00:00Z'), kinshasa)).toBe(Date.parse('2026-03-04T23:00:00Z'));
  expect(horizonOf(0, Date.parse('2026-03-15T11:00:00Z'), kinshasa)).toBeUndefined();
});

test('minutes behind the horizon go and are noted; hours, days and the horizon day itself stay', async () => {
  const kept = ['revenue/office/day/2026-01-01', 'revenue/office/hour/2026-01-01T10', 'revenue/office/minute/2026-03-05T00:00'];
  const reader = await store([...kept, 'revenue/office/minute/2026-03-04T23:59', 'revenue/office/minute/2026-01-01T10:00']);
  expect(await letGo(reader, cubes, kinshasa, { minute: 10, hour: 0, ledger: 0 }, Date.parse('2026-03-15T11:00:00Z'))).toBe(2);
  expect(await namesOf(reader)).toEqual(kept);
  expect(await reader.note('horizon-minute')).toBe(String(Date.parse('2026-03-04T23:00:00Z')));
  expect(await reader.note('horizon-hour')).toBeUndefined();
});

test('a horizon never goes back: what was noted stays refused', async () => {
  const reader = await store([]);
  await letGo(reader, cubes, kinshasa, { minute: 10, hour: 10, ledger: 0 }, Date.parse('2026-03-15T11:00:00Z'));
  await letGo(reader, cubes, kinshasa, { minute: 20, hour: 10, ledger: 0 }, Date.parse('2026-03-15T11:00:00Z'));
  expect(await reader.note('horizon-minute')).toBe(String(Date.parse('2026-03-04T23:00:00Z')));
});

test('with the ledger its index goes by whole days; what is noted is the moment, and the day that it cuts through stays', async () => {
  const reader = await store([], ['2026-01-01', '2026-03-04', '2026-03-05', '2026-03-06']);
  const indexed = async (): Promise<string[]> => { const names: string[] = []; for await (const name of reader.indexNames()) names.push(name); return names.sort(); };
  expect(await letGo(reader, cubes, kinshasa, { minute: 0, hour: 0, ledger: 0 }, Date.parse('2026-03-15T11:00:00Z'))).toBe(0);
  expect(await letGo(reader, cubes, kinshasa, { minute: 0, hour: 0, ledger: 10 }, Date.parse('2026-03-15T11:00:00Z'))).toBe(2);
  expect(await indexed()).toEqual(['0/2026-03-05', '0/2026-03-06']);
  expect(await reader.note(LEDGER_HORIZON_NOTE)).toBe(String(Date.parse('2026-03-05T11:00:00Z')));
  await letGo(reader, cubes, kinshasa, { minute: 0, hour: 0, ledger: 20 }, Date.parse('2026-03-15T11:00:00Z'));
  expect(await reader.note(LEDGER_HORIZON_NOTE)).toBe(String(Date.parse('2026-03-05T11:00:00Z')));
});
