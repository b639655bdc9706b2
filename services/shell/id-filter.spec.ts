import { IdFilter } from './id-filter';

const ids = (from: number, count: number): string[] => Array.from({ length: count }, (_, index) => `CD-${String((from + index) * 7_919).padStart(9, '0')}`);

test('knows every id that was added, and takes few others for one', () => {
  const filter = new IdFilter(128 * 1024);
  const [added, others] = [ids(0, 20_000), ids(20_000, 20_000)];
  expect([...added, ...others].some((id) => filter.mayHave(id))).toBe(false);
  for (const id of added) filter.add(id);
  expect(added.every((id) => filter.mayHave(id))).toBe(true);
  /** (1 − e^(−3 × 20,000 / 1,048,576))³ of 20,000 others are 3.4; with one bit for each id they would be 378. */
  expect(others.filter((id) => filter.mayHave(id)).length).toBeLessThan(20);
});

test('a full one takes every id for one that was added', () => {
  const filter = new IdFilter(8);
  for (const id of ids(0, 10_000)) filter.add(id);
  expect(ids(10_000, 1_000).every((id) => filter.mayHave(id))).toBe(true);
});
