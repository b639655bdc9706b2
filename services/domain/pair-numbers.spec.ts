import { array, assert, integer, property, tuple } from 'fast-check';
import { PairNumbers } from './pair-numbers';

test('equal pairs have one number, different ones different numbers, in the order of their first coming', () => {
  const side = integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
  const near = integer({ min: 0, max: 30 });
  assert(property(array(tuple(side, side), { maxLength: 400 }), array(tuple(near, near), { maxLength: 2_000 }), (wide, narrow) => {
    const numbers = new PairNumbers();
    const known = new Map<string, number>();
    for (const [left, right] of [...wide, ...narrow, ...wide]) {
      const key = `${left}/${right}`;
      if (!known.has(key)) known.set(key, known.size);
      if (numbers.numberOf(left, right) !== known.get(key)) throw new Error(`${key} has another number`);
    }
    expect(numbers.size).toBe(known.size);
  }), { numRuns: 100 });
});

test('a million of them, side by side', () => {
  const numbers = new PairNumbers();
  let wrong = 0;
  for (let left = 0; left < 1_000; left++) for (let right = 0; right < 1_000; right++) if (numbers.numberOf(left, right) !== left * 1_000 + right) wrong++;
  for (let left = 999; left >= 0; left -= 7) if (numbers.numberOf(left, 999 - left) !== left * 1_000 + 999 - left) wrong++;
  expect(wrong).toBe(0);
});
