import { createHash } from 'node:crypto';
import { digestOfCells, PeriodDigest } from './period-digest';

/** The text that `sort` and `sha256sum` would be given. */
const lines = 'period\t2026-03\noffset\ta/0\t7\noffset\ta/1\t9\nrevenue/x/day/2026-03-01\tA|B:assessed\t-5\nrevenue/x/day/2026-03-01\tÉ:lines\t1\nrevenue/x/month/2026-03\tA|B:assessed\t-5\n';
const expected = createHash('sha256').update(lines).digest('hex');
const cells = new Map([
  ['revenue/x/month/2026-03', new Map([['A|B:assessed', '-5'], ['Z:lines', '0']])],
  ['revenue/x/day/2026-03-01', new Map([['É:lines', '1'], ['A|B:assessed', '-5']])],
]);

test('is the SHA-256 of sorted lines, in whatever order cells are kept; zeros change nothing', () => {
  expect(digestOfCells('2026-03', { 'a/1': 9, 'a/0': 7 }, cells)).toBe(expected);
});

test.each([
  ['another value', '2026-03', { 'a/0': 7, 'a/1': 9 }, '-6'],
  ['another period', '2026-04', { 'a/0': 7, 'a/1': 9 }, '-5'],
  ['other source offsets', '2026-03', { 'a/0': 8, 'a/1': 9 }, '-5'],
])('%s gives another digest', (_name, period, offsets, value) => {
  const changed = new Map([...cells, ['revenue/x/month/2026-03', new Map([['A|B:assessed', value]])]]);
  expect(digestOfCells(period, offsets, changed)).not.toBe(expected);
});

test('hashes come in order: two ways of feeding could give two digests', () => {
  const digest = new PeriodDigest('2026-03', {});
  digest.add('b', new Map());
  expect(() => digest.add('a', new Map())).toThrow('in order');
});
