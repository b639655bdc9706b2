import { matchesFilter } from './tail-filter';

const row = { declarationId: 'CD-1', version: 1, status: 'ACCEPTED', office: 'KIN01', flow: 'IMPORT', procedure: '4000', partner: 'JP', at: '', items: 1, hs6: ['870323'], invoice: { amount: '1.00', currency: 'USD' }, assessed: '0.00' };

it('finds declarations by words that all have to be there', () => {
  expect(matchesFilter(row, '')).toBe(true);
  expect(matchesFilter(row, ' kin01  8703 ')).toBe(true);
  expect(matchesFilter(row, 'kin01 export')).toBe(false);
  expect(matchesFilter({ ...row, invoice: null }, 'usd')).toBe(false);
});
