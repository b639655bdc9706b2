/** The oracle itself, on rows whose figures are worked out by hand. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kcsOracle } from './kcs';

const head = 'Declaration ID,Date,Office ID,Process Type,Import Type,Import Use,Payment Type,Mode of Transport,Declarant ID,Importer ID,Seller ID,Courier ID,HS6 Code,Country of Departure,Country of Origin,Tax Rate,Tax Type,Country of Origin Indicator,Net Mass,Item Price,Fraud,Critical Fraud';
const row = (id: string, price: string, rate: string, mass: string): string => `${id},2020-05-31,16,B,11,21,11,10,D,I,S,,870323,JP,JP,${rate},A,G,${mass},${price},0,0`;
const oracleOf = (...rows: string[]) => {
  const file = join(mkdtempSync(join(tmpdir(), 'oracle-')), 'kcs.csv');
  writeFileSync(file, `\uFEFF${head}\n${rows.join('\n')}\n`);
  return kcsOracle(file);
};
const tariff = (...codes: string[]): string => { const file = join(mkdtempSync(join(tmpdir(), 'oracle-')), 'tariff.csv'); writeFileSync(file, `hs6\n${codes.join('\n')}\n`); return file; };

test('halves go up, once: 100.5 won are 101; 8 % of 100.5 are 8.04, so 8; 12.5 % of 100 are 12.5, so 13', async () => {
  const { rows, counted, refused } = await oracleOf(row('1', '100.5', '8.0', '1.2'), row('2', '100', '12.5', '0.0005'));
  expect([counted, refused]).toEqual([2, { 'E-VAL-NONPOSITIVE': [], 'E-HS-UNKNOWN': [] }]);
  const statistics = rows.find(({ view, grain }) => view === 'statistics' && grain === 'day');
  expect(statistics).toEqual({ view: 'statistics', grain: 'day', period: '2020-05-31', dimensions: { flow: 'IMPORT', hs6: '870323', chapter: '87', partner: 'JP', office: '16', transportMode: '1' }, measures: { value: 201n, netMassKg: 1_201n, items: 2n } });
  expect(rows.find(({ view, grain }) => view === 'revenue' && grain === 'month')?.measures).toEqual({ assessed: 21n, relief: 0n, lines: 2n });
});

test('the price is rounded to four decimals before the duty: 0.00005 won at 1,000,000 % are 0.0001 × 10,000 = 1', async () => {
  const { rows } = await oracleOf(row('1', '0.00005', '1000000', '1'));
  expect(rows.find(({ view }) => view === 'revenue')?.measures['assessed']).toBe(1n);
});

test('a value of zero is refused, one that only rounds to zero is not', async () => {
  const { counted, refused } = await oracleOf(row('1', '0', '8', '1'), row('2', '0.4', '8', '1'));
  expect([counted, refused]).toEqual([1, { 'E-VAL-NONPOSITIVE': ['KCS-1'], 'E-HS-UNKNOWN': [] }]);
});

test('with a table of codes, those that it lacks are refused; national chapters are not looked up', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'oracle-')), 'kcs.csv');
  writeFileSync(file, `\uFEFF${head}\n${[row('1', '1', '8', '1'), row('2', '1', '8', '1').replace('870323', '870399'), row('3', '1', '8', '1').replace('870323', '980100')].join('\n')}\n`);
  const { counted, refused } = await kcsOracle(file, tariff('870323', '010121'));
  expect([counted, refused['E-HS-UNKNOWN']]).toEqual([2, ['KCS-2']]);
});
