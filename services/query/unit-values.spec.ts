/** Worked out by hand: class c holds unit values from e^(c/10) on. */
import { UnitValues } from './unit-values';

const cells = (values: Record<string, number>): Map<string, string> => new Map(Object.entries(values).map(([field, count]) => [field, String(count)]));
const judged = (period: Record<string, number>, baseline: readonly Record<string, number>[] = [period]) => Object.fromEntries(new UnitValues(baseline.map(cells)).judged(cells(period)));

/** Classes 10 to 14 once, twice, thrice, twice, once, … median 12, deviations 0×8, 1×8, 2×4: their median is 1; |z| > 3.5 from 5.19 classes on. */
const usual = { 'IMPORT|870323:unitValue.KGM.10': 2, 'IMPORT|870323:unitValue.KGM.11': 4, 'IMPORT|870323:unitValue.KGM.12': 8, 'IMPORT|870323:unitValue.KGM.13': 4, 'IMPORT|870323:unitValue.KGM.14': 2 };

test('values far from the median stand out, on both sides', () => {
  expect(judged({ ...usual, 'IMPORT|870323:unitValue.KGM.17': 1, 'IMPORT|870323:unitValue.KGM.18': 1, 'IMPORT|870323:unitValue.KGM.6': 3 })).toEqual({ 'IMPORT|870323:compared': '25', 'IMPORT|870323:outliers': '4' });
  expect(judged(usual)).toEqual({ 'IMPORT|870323:compared': '20' });
});

test('the other flow and other units are other distributions; of fewer than twenty the heading is asked, then nobody', () => {
  const few = { 'EXPORT|870323:unitValue.KGM.90': 1, 'IMPORT|870323:unitValue.C62.90': 1, 'IMPORT|870324:unitValue.KGM.90': 1, 'IMPORT|870324:unitValue.KGM.12': 1, 'IMPORT|870410:unitValue.KGM.90': 1 };
  expect(judged(few, [usual, few])).toEqual({ 'IMPORT|870324:compared': '2', 'IMPORT|870324:outliers': '1' });
});

test('equal values deviate by nothing: one class is the least, so that a unit value has to be about half as much again to stand out', () => {
  expect(judged({ 'IMPORT|100630:unitValue.KGM.5': 30, 'IMPORT|100630:unitValue.KGM.10': 1, 'IMPORT|100630:unitValue.KGM.11': 1 })).toEqual({ 'IMPORT|100630:compared': '32', 'IMPORT|100630:outliers': '1' });
});

test('twenty values that were taken back again are no values', () => {
  expect(judged({ ...usual, 'IMPORT|870323:unitValue.KGM.10': 1 })).toEqual({});
  expect(judged({ 'IMPORT|1:unitValue.KGM.5': 0 })).toEqual({});
});
