import { delayClass, delayClassSeconds, unitValueClass } from './quality';

test.each([[-5_000, 1], [0, 1], [1_000, 1], [1_001, 2], [2_000, 2], [2_001, 4], [4_000, 4], [4_001, 8], [86_400_000, 131_072], [2 ** 31 * 1_000 - 1_000, 2 ** 31]])('%i ms after the event: within %i s', (delayMs, seconds) => {
  expect(delayClassSeconds(delayClass(delayMs))).toBe(seconds);
});

/** e^0.1 = 1.1052, e^-0.1 = 0.9048, e^2.3 = 9.974, e^2.4 = 11.023 */
test.each([[1, 1, 0], [11_051, 10_000, 0], [11_052, 10_000, 1], [9_049, 10_000, -1], [9_048, 10_000, -2], [10, 1, 23], [0, 5, undefined], [5, 0, undefined], [-5, 5, undefined]])('%i for %i is of class %s', (value, thousandths, expected) => {
  expect(unitValueClass(value, thousandths)).toBe(expected);
});
