import { usualTrade } from './usual-trade';

const month = (name: string, items: number, netMassKg: string, value = '0.00') => ({ month: name, items, netMassKg, value });
const facts = (declaredKg: string | null, ...byMonth: ReturnType<typeof month>[]) => ({ byMonth, currency: 'CDF', minorUnits: 2, declaredKg });

test('sums, means and the multiple, worked out by hand', () => {
  const usual = usualTrade(facts('1200.500', month('2026-01', 4, '400.000', '10.50'), month('2026-02', 0, '0.000'), month('2026-03', 2, '100.001', '0.25'), month('2026-04', 1, '999.000')));
  expect(usual).toMatchObject({ months: 4, items: 7, netMassKg: '1499.001', value: '10.75', currency: 'CDF' });
  expect(usual.byMonth.map(({ meanKg }) => meanKg)).toEqual(['100.000', null, '50.001', '999.000']);
  expect([usual.meanKg, usual.medianOfMonthsKg, usual.highestMonth]).toEqual(['214.143', '100.000', { month: '2026-04', meanKg: '999.000' }]);
  expect(usual.timesMean).toBe('5.6');
});

test('of an even number of months the median lies between the two in the middle', () => {
  expect(usualTrade(facts(null, month('2026-01', 1, '10.000'), month('2026-02', 1, '20.001'))).medianOfMonthsKg).toBe('15.001');
});

test('what is not known is not made up: no mass, no trade', () => {
  expect(usualTrade(facts(null, month('2026-01', 1, '10.000'))).timesMean).toBeNull();
  expect(usualTrade(facts('5.000', month('2026-01', 0, '0.000')))).toMatchObject({ meanKg: null, medianOfMonthsKg: null, highestMonth: null, timesMean: null });
  expect(usualTrade(facts('5.000', month('2026-01', 3, '0.000')))).toMatchObject({ meanKg: '0.000', timesMean: null });
});

test('masses beyond what a double holds stay exact', () => {
  expect(usualTrade(facts('9007199254740993.001', month('2026-01', 1, '9007199254740993.001'))).byMonth[0]?.meanKg).toBe('9007199254740993.001');
});
