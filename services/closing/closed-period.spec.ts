import { Calendar } from '../domain/period';
import { readCubes } from '../shell/definition-files';
import { adjustmentsOf, closingMonthOf, hashesOfMonth } from './closed-period';

test('a month is closed with its months and days, not with what watches the flow', () => {
  const hashes = hashesOfMonth(readCubes(), new Calendar('Africa/Kinshasa'), '2026-02');
  expect(hashes).toContain('revenue/office-taxType-chapter/month/2026-02');
  expect(hashes).toContain('statistics/flow-hs6-partner-office/day/2026-02-28');
  expect(hashes.filter((hash) => hash.startsWith('revenue/office-taxType-chapter/day/'))).toHaveLength(28);
  expect(hashes.filter((hash) => /2026-03|2026-01|\/(minute|hour)\//.test(hash))).toEqual([]);
  expect([...hashes].sort()).toEqual(hashes);
});

test.each(['Europe/Paris', 'America/Sao_Paulo', 'Asia/Tehran'])('every day of a month has its hash where clocks are set: %s', (zone) => {
  const days = hashesOfMonth(readCubes(), new Calendar(zone), '2026-03').filter((hash) => hash.startsWith('operations/office-stage/day/'));
  expect(days).toHaveLength(31);
});

test('grains of minutes and hours are never frozen', () => {
  expect(closingMonthOf('revenue/office-taxType/minute/2026-02-03T10:05')).toBeUndefined();
  expect(closingMonthOf('revenue/office-taxType-chapter/day/2026-02-03')).toBe('2026-02');
  expect(closingMonthOf('books')).toBeUndefined();
});

test('adjustments are over the fields of both', () => {
  const adjustments = adjustmentsOf(new Map([['a', '5'], ['b', '9007199254740993'], ['c', '1']]), new Map([['a', '5'], ['b', '1'], ['d', '4'], ['e', '0']]));
  expect(Object.fromEntries(adjustments)).toEqual({ b: '9007199254740992', c: '1', d: '-4' });
});
