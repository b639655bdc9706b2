import { percent, qualityIndicators } from './quality-indicators';

const of = (family: string, sums: Record<string, bigint>, minorUnits = 2) => qualityIndicators[family]?.(new Map(Object.entries(sums)), minorUnits);

test.each([[1n, 3n, '33.33'], [2n, 3n, '66.67'], [1n, 8n, '12.50'], [1n, 20_000n, '0.01'], [1n, 20_001n, '0.00'], [0n, 7n, '0.00'], [7n, 7n, '100.00'], [0n, 0n, null]])('%s of %s are %s %%', (part, whole, expected) => { expect(percent(part, whole)).toBe(expected); });

test('arrivals: 3 of 8 refused; of 5 taken in, half within 4 s, 95 % within 64 s', () => {
  expect(of('arrival', { events: 5n, refused: 3n, repeated: 1n, 'delay.0': 1n, 'delay.2': 2n, 'delay.6': 2n }))
    .toEqual({ events: 5, refused: 3, validityPercent: '62.50', repeated: 1, duplicatePercent: '20.00', delayP50Seconds: 4, delayP95Seconds: 64 });
  expect(of('arrival', { refused: 3n })).toEqual({ events: 0, refused: 3, validityPercent: '0.00', repeated: 0, duplicatePercent: null, delayP50Seconds: null, delayP95Seconds: null });
});

test('content: a field counts where it is expected; shares of value', () => {
  expect(of('content', { 'fields.3.0': 6n, 'fields.3.2': 1n, 'fields.66.64': 1n, value: 20_000n, flagged: 2n, residualValue: 5_000n, imputedValue: 10n }))
    .toEqual({ items: 8, value: '200.00', completenessPercent: { commodityCode: '100.00', description: '87.50', supplementaryQuantity: '0.00' }, flaggedPercent: '25.00', imputationPercent: '0.05', residualPercent: '25.00' });
});
