import * as fc from 'fast-check';
import { divideHalfUp, formatDecimal, parseDecimal, rescale } from './decimal';

test('half up, away from zero at the half', () => {
  expect([divideHalfUp(5n, 10n), divideHalfUp(4n, 10n), divideHalfUp(-5n, 10n), divideHalfUp(-4n, 10n)]).toEqual([1n, 0n, -1n, 0n]);
  expect([rescale(12_345n, 4, 2), rescale(12_350n, 4, 2), rescale(-12_350n, 4, 2), rescale(7n, 0, 3)]).toEqual([123n, 124n, -124n, 7_000n]);
});

test('what is written is what was read, at any scale', () => {
  fc.assert(fc.property(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), fc.integer({ min: 0, max: 8 }), (value, scale) => {
    expect(parseDecimal(formatDecimal(value, scale), scale)).toBe(value);
  }));
});

test('nothing is rounded on the way in: more decimals than the scale are no decimal, trailing zeros are', () => {
  expect([parseDecimal('1.00001', 4), parseDecimal('1.00000', 4), parseDecimal('1e5', 4), parseDecimal('', 4), parseDecimal('1.', 4), parseDecimal('+3', 0)]).toEqual([undefined, 10_000n, undefined, undefined, undefined, 3n]);
});
