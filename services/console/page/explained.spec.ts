import { cellRows, revisedAmount, shortened, sumOfCells } from './explained';

it('adds up exactly, whatever kind of measure it is', () => {
  expect(sumOfCells(['0.10', '0.20', '-90071992547409.93'])).toBe('-90071992547409.63');
  expect(sumOfCells([3, 4])).toBe(7);
  expect(sumOfCells([{ KGM: '1.500', LTR: '2.000' }, { KGM: '0.500' }, undefined])).toEqual({ KGM: '2.000', LTR: '2.000' });
  expect(sumOfCells([])).toBe(0);
});

it('leaves out zeros that nobody reads, and no others', () => {
  expect([shortened('1250.5000', 2), shortened('1250.0000', 2), shortened('0.1234', 2), shortened('100', 2), shortened('100.0000', 0)]).toEqual(['1250.50', '1250.00', '0.1234', '100', '100']);
});

it('reads measures of a revision', () => {
  const amounts = { value: '12.5000', items: 3, 'quantity.KGM': '1.000', 'quantity.LTR': '2.000' };
  expect([revisedAmount(amounts, 'value', 2), revisedAmount(amounts, 'items', 2), revisedAmount(amounts, 'quantity', 2), revisedAmount(amounts, 'netMassKg', 2)]).toEqual(['12.50', 3, { KGM: '1.000', LTR: '2.000' }, null]);
});

it('puts the measures of one cell beside each other', () => {
  const cell = { view: 'revenue', grain: 'month', period: '2026-03', where: { office: 'KIN01' } };
  const rows = cellRows([{ ...cell, measure: 'assessed', amount: '1.00' }, { ...cell, measure: 'lines', amount: 1 }, { ...cell, where: { office: 'MAT01' }, measure: 'lines', amount: 2 }]);
  expect(rows.map(({ where, measures }) => [where['office'], measures.map(({ measure, amount }) => `${measure} ${amount}`)])).toEqual([['KIN01', ['assessed 1.00', 'lines 1']], ['MAT01', ['lines 2']]]);
});
