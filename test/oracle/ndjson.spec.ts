/** The oracle itself, on events whose figures are worked out by hand. CDF has two decimals; Kinshasa is one hour ahead of UTC. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IndependentRow } from '../support/redis-cells';
import { ndjsonOracle } from './ndjson';

const item = (itemNumber: number, commodityCode: string, amount: string, assessed: string, more: object = {}): object => ({
  itemNumber, commodityCode, description: null, casNumber: null, concentrationPercent: null, originCountry: 'JP', preference: null, netMassKg: '10', supplementaryQuantity: null,
  invoiceAmount: { amount, currency: 'CDF' }, freightAmount: null, insuranceAmount: null, documents: [], taxes: [{ type: 'CUD', base: amount, ratePercent: null, assessed, relief: '0' }], ...more,
});
const event = (version: number, occurredAt: string, more: object = {}): object => ({
  eventId: `D1/${version}`, declarationId: 'D1', version, status: 'ACCEPTED', occurredAt, acceptedAt: occurredAt, office: 'KIN', flow: 'IMPORT', procedure: '4000', natureOfTransaction: null,
  incoterm: null, transportMode: '1', partnerCountry: 'JP', declarantId: 'd', traderId: 't', counterpartyId: null, payments: [], items: [item(1, '870323', '100', '10')], ...more,
});
async function rowsOf(events: readonly object[], refused: readonly object[] = []): Promise<readonly IndependentRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'oracle-'));
  const [file, refusedFile] = [join(folder, 'events.ndjson'), join(folder, 'refused.ndjson')];
  writeFileSync(file, [...events, ...refused].map((one) => `${JSON.stringify(one)}\n`).join(''));
  writeFileSync(refusedFile, refused.map((one) => `${JSON.stringify(one)}\n`).join(''));
  return ndjsonOracle(file, refusedFile, { id: 'CD', minorUnits: 2, utcOffsetHours: 1 });
}

async function figuresOf(events: readonly object[], refused: readonly object[] = []): Promise<Map<string, bigint>> {
  const figures = new Map<string, bigint>();
  for (const { view, grain, period, dimensions, measures } of await rowsOf(events, refused)) {
    if (grain !== 'month' || view === 'quality') continue;
    for (const [measure, amount] of Object.entries(measures)) {
      const key = `${view} ${period} ${dimensions['chapter']} ${measure}`;
      figures.set(key, (figures.get(key) ?? 0n) + amount);
    }
  }
  return figures;
}

test('the highest version stands, in the period of the lowest: 23:30 UTC on 31 May is June in Kinshasa', async () => {
  const figures = await figuresOf([event(2, '2026-07-02T08:00:00.000Z', { items: [item(1, '870323', '250', '25.005')] }), event(1, '2026-05-31T23:30:00.000Z')]);
  expect(figures.get('statistics 2026-06 87 value')).toBe(25_000n);
  expect(figures.get('revenue 2026-06 87 assessed')).toBe(2_501n);
  expect([...figures.keys()].some((key) => key.includes('2026-07'))).toBe(false);
});

test('a payment of 100.00 over duties of 10, 10 and 10: 33.33 each, the cent to the first of the largest', async () => {
  const items = [item(1, '870323', '100', '10'), item(2, '840734', '100', '10'), item(3, '220300', '100', '10')];
  const payments = [{ taxType: 'CUD', kind: 'PAYMENT', amount: '100', paidAt: '2026-06-10T00:00:00.000Z' }];
  const figures = await figuresOf([event(1, '2026-05-10T00:00:00.000Z', { items, payments })]);
  expect(['87', '84', '22'].map((chapter) => figures.get(`revenue 2026-06 ${chapter} collected`))).toEqual([3_334n, 3_333n, 3_333n]);
});

test('a cancellation takes everything back but the payment; a deposit tax type is a deposit', async () => {
  const payments = [{ taxType: 'CUD', kind: 'PAYMENT', amount: '7.5', paidAt: '2026-06-10T00:00:00.000Z' }, { taxType: 'MCD', kind: 'PAYMENT', amount: '3', paidAt: '2026-06-10T00:00:00.000Z' }];
  const figures = await figuresOf([event(1, '2026-05-10T00:00:00.000Z', { payments }), event(2, '2026-06-11T00:00:00.000Z', { status: 'CANCELLED', payments })]);
  expect([...figures].filter(([, amount]) => amount !== 0n).sort()).toEqual([['revenue 2026-06 87 collected', 750n], ['revenue 2026-06 87 deposits', 300n]]);
});

test('FOB imports are raised to CIF: 100 + 12.345 + 0.5 = 112.845, so 112.85; 2.5 tonnes are 2,500 kg; a refused event is not there', async () => {
  const goods = item(1, '870323', '100', '0', { freightAmount: { amount: '12.345', currency: 'CDF' }, insuranceAmount: { amount: '0.5', currency: 'CDF' }, supplementaryQuantity: { unit: 'TNE', value: '2.5' } });
  const figures = await figuresOf([event(1, '2026-05-10T00:00:00.000Z', { incoterm: 'FOB', items: [goods] })], [event(2, '2026-05-11T00:00:00.000Z', { procedure: '9999' })]);
  expect([figures.get('statistics 2026-05 87 value'), figures.get('statistics 2026-05 87 quantity.KGM'), figures.get('statistics 2026-05 87 items')]).toEqual([11_285n, 2_500_000n, 1n]);
});

/** 100.00 for 10 kg: ln(10,000 / 10,000) = 0; 250.00 for two pieces: ln(25,000 / 2,000) = 2.53. No description (2), no nature (4): 6 of 191, or of 255 with a quantity. */
test('quality: repeats with the version that stands, sets of fields, unit values by quantity or mass', async () => {
  const first = event(1, '2026-05-10T00:00:00.000Z');
  const second = event(2, '2026-05-11T00:00:00.000Z', { acceptedAt: '2026-05-10T00:00:00.000Z', office: 'MAT', items: [item(1, '870323', '100', '0'), item(2, '870323', '250', '0', { originCountry: 'ZZ', supplementaryQuantity: { unit: 'C62', value: '2' } })] });
  const again = { ...event(1, '2026-05-10T00:00:00.000Z'), eventId: 'D1/1-again' };
  const rows = (await rowsOf([first, second, first, again])).filter(({ view, grain }) => view === 'quality' && grain === 'day');
  const shown = rows.flatMap(({ period, dimensions, measures }) => Object.entries(measures).map(([measure, amount]) => `${period} ${Object.values(dimensions).join(' ')} ${measure} ${amount}`));
  expect(shown.sort()).toEqual([
    '2026-05-10 IMPORT 870323 unitValue.C62.25 1', '2026-05-10 IMPORT 870323 unitValue.KGM.0 1', '2026-05-10 KIN events 3',
    '2026-05-10 MAT IMPORT 87 fields.191.6 1', '2026-05-10 MAT IMPORT 87 fields.255.22 1', '2026-05-10 MAT IMPORT 87 residualValue 25000', '2026-05-10 MAT IMPORT 87 value 35000',
    '2026-05-11 MAT events 1', '2026-05-11 MAT repeated 2',
  ]);
});
