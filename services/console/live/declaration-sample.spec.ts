import { rateOf } from './now';
import { DeclarationSample } from './declaration-sample';

test('so many of each second; the next that is shown says how many were not', () => {
  const sample = new DeclarationSample(2);
  expect([1_000, 1_100, 1_200, 1_999, 2_000, 2_001].map((atMs) => sample.take(atMs))).toEqual([0, 0, undefined, undefined, 2, 0]);
});

test('the rate is that of the five whole minutes before the one that is not over', () => {
  expect(rateOf([9, 1, 2, 3, 4, 6, 100].map((declarations) => ({ declarations })))).toBe(3.2);
  expect(rateOf([])).toBe(0);
});
