import type { Combination } from '../domain/cubes';
import type { FigureQuery, PlannedHash } from './plan';
import { formatMeasures, formatRow, measureFilter, sumCells, totalsOf } from './rows';

const hash = (name: string, dimensions: string): PlannedHash => ({ hash: name, grain: 'month', combination: { id: dimensions, dimensions: dimensions.split(','), grains: ['month'] } satisfies Combination });
const summed = (query: FigureQuery, dimensions: string, ...cells: Record<string, string>[]) =>
  sumCells(query, [{ hashes: cells.map((_, index) => hash(String(index), dimensions)), fieldsOf: (name) => new Map(Object.entries(cells[Number(name)] ?? {})), takes: measureFilter(query) }]);

const byOffice: FigureQuery = { view: 'revenue', by: ['office'], where: {} };

test('sums leave the safe integers without losing a unit', () => {
  const rows = summed(byOffice, 'office,taxType', { '16|CUD:assessed': '9007199254740993' }, { '16|CUD:assessed': '9007199254740993', '16|VAT:assessed': '1', '16|VAT:lines': '3' });
  expect(rows.map((row) => formatRow(byOffice, row, 2))).toEqual([{ office: '16', assessed: '180143985094819.87', relief: '0.00', collected: '0.00', refunded: '0.00', deposits: '0.00', lines: 3 }]);
});

test('sums that go beyond what a double holds, and back, are those of integers', () => {
  const values = Array.from({ length: 20_000 }, (_, number) => ['999999999999999', '-999999999999998', '9223372036854775', '4503599627370497', '-1', '-99999999999999'][(number * 7 + (number >> 3)) % 6] as string);
  const fields = new Map(values.map((value, number) => [`O${number % 3}|${number}:assessed`, value]));
  const query: FigureQuery = { view: 'revenue', by: [], where: {} };
  const [row] = sumCells(query, [{ hashes: [hash('h', 'office,taxType')], fieldsOf: () => fields, takes: measureFilter(query) }]);
  expect(row?.sums.get('assessed')).toBe(values.reduce((sum, value) => sum + BigInt(value), 0n));
});

test('rows are sorted by their dimensions, and a row of zeros is absent', () => {
  const rows = summed(byOffice, 'office', { '9:lines': '1', '16:lines': '1', '100:lines': '1', '20:assessed': '5', '21:assessed': '0' }, { '20:assessed': '-5' });
  expect(rows.map(({ values }) => values[0])).toEqual(['100', '16', '9']);
});

test('amounts below one unit keep their sign and zeros', () => {
  const [row] = summed(byOffice, 'office', { '1:assessed': '-5' });
  expect(row && formatRow(byOffice, row, 2)['assessed']).toBe('-0.05');
  expect(row && formatRow(byOffice, row, 0)['assessed']).toBe('-5');
});

test('where filters by values, the chapter following from hs6', () => {
  const query: FigureQuery = { view: 'statistics', by: ['chapter'], where: { chapter: '87', flow: 'IMPORT' } };
  const rows = summed(query, 'flow,hs6', { 'IMPORT|870323:value': '100', 'IMPORT|870899:value': '23', 'IMPORT|010121:value': '7', 'EXPORT|870323:value': '50', 'IMPORT|870323:quantity.NMB': '5000' });
  expect(rows.map((row) => formatRow(query, row, 0))).toEqual([{ chapter: '87', value: '123', netMassKg: '0.000', items: 0 }]);
});

test('taxes on international trade, VAT, excise and securities apart, following from the tax type', () => {
  const query: FigureQuery = { view: 'revenue', by: ['taxGroup'], where: {} };
  const rows = summed(query, 'office,taxType', { '1|CUD:assessed': '100', '2|ADD:assessed': '5', '1|VAT:assessed': '16', '1|EXC:assessed': '8', '1|MCD:deposits': '3', '1|XYZ:assessed': '1' });
  expect(rows.map(({ values, sums }) => [values[0], Number(sums.get('assessed') ?? 0)])).toEqual([['excise', 8], ['international-trade', 105], ['other', 1], ['security', 0], ['vat', 16]]);
  const trade: FigureQuery = { ...query, where: { taxGroup: 'international-trade' } };
  expect(summed(trade, 'office,taxType', { '1|CUD:assessed': '100', '1|VAT:assessed': '16' }).map(({ values }) => values)).toEqual([['international-trade']]);
});

test('quantity is an object by unit where hs6 is asked for', () => {
  const query: FigureQuery = { view: 'statistics', by: [], where: { hs6: '220421' } };
  const rows = summed(query, 'flow,hs6', { 'IMPORT|220421:quantity.LTR': '12000', 'EXPORT|220421:quantity.LTR': '500', 'IMPORT|220421:quantity.KGM': '0', 'IMPORT|220421:quantity.DZN': '1', 'IMPORT|220421:netMassKg': '11500' });
  expect(rows.map((row) => formatRow(query, row, 2))).toEqual([{ value: '0.00', netMassKg: '11.500', quantity: { DZN: '0.001', LTR: '12.500' }, items: 0 }]);
});

test('values that hold a bar stand as they were declared', () => {
  expect(summed(byOffice, 'office,taxType', { 'A%7CB|CUD:lines': '1' })[0]?.values).toEqual(['A|B']);
});

test('totals add all rows; an empty period has zeros', () => {
  const rows = summed(byOffice, 'office', { '1:assessed': '150', '1:lines': '1', '2:assessed': '250', '2:lines': '2' });
  expect(formatMeasures(byOffice, totalsOf(rows), 2)).toEqual({ assessed: '4.00', relief: '0.00', collected: '0.00', refunded: '0.00', deposits: '0.00', lines: 3 });
  expect(formatMeasures(byOffice, totalsOf([]), 0)).toEqual({ assessed: '0', relief: '0', collected: '0', refunded: '0', deposits: '0', lines: 0 });
});

test('what was summed of the same fields is kept by query, and of other fields nothing is', () => {
  const [first, second] = [new Map([['16|CUD:assessed', '5'], ['16|VAT:assessed', '7'], ['20|VAT:assessed', '1']]), new Map([['16|CUD:assessed', '9007199254740993']])];
  let read = 0;
  const counting = (fields: ReadonlyMap<string, string>): ReadonlyMap<string, string> => new Proxy(fields, { get: (target, name) => { if (name === Symbol.iterator) read++; const own = Reflect.get(target, name) as unknown; return typeof own === 'function' ? own.bind(target) as unknown : own; } });
  const cells = [counting(first), counting(second)];
  const ask = (query: FigureQuery): unknown => sumCells(query, [{ hashes: [hash('0', 'office,taxType'), hash('1', 'office,taxType')], fieldsOf: (name) => cells[Number(name)] as ReadonlyMap<string, string>, takes: measureFilter(query), taken: 'revenue' }]).map(({ values, sums }) => [...values, sums.get('assessed')]);
  const byOfficeSums = [['16', 9_007_199_254_741_005n], ['20', 1n]];
  expect([ask(byOffice), ask(byOffice)]).toEqual([byOfficeSums, byOfficeSums]);
  expect(read).toBe(2);
  expect(ask({ ...byOffice, where: { taxType: 'VAT' } })).toEqual([['16', 7n], ['20', 1n]]);
  expect(ask({ ...byOffice, by: ['taxType'] })).toEqual([['CUD', 9_007_199_254_740_998n], ['VAT', 8n]]);
  expect(read).toBe(6);
  cells[1] = counting(new Map([['16|CUD:assessed', '1']]));
  expect(ask(byOffice)).toEqual([['16', 13n], ['20', 1n]]);
  expect(ask(byOffice)).toEqual([['16', 13n], ['20', 1n]]);
  expect(read).toBe(7);
});
