import { Readable } from 'node:stream';
import { Calendar } from '../domain/period';
import type { FeedLine } from './feed-line';
import { FeedFileError, readKcsCsv } from './kcs-csv';

const header = 'Declaration ID,Date,Office ID,Process Type,Import Type,Import Use,Payment Type,Mode of Transport,Declarant ID,Importer ID,Seller ID,Courier ID,HS6 Code,Country of Departure,Country of Origin,Tax Rate,Tax Type,Country of Origin Indicator,Net Mass,Item Price,Fraud,Critical Fraud';

async function read(rows: readonly string[], zone = 'Asia/Seoul', head = header): Promise<FeedLine[]> {
  const lines: FeedLine[] = [];
  for await (const line of readKcsCsv(Readable.from([[head, ...rows, ''].join('\n')]), new Calendar(zone))) lines.push(line);
  return lines;
}

/** Rows of the data set; expected values calculated by hand from design §3. */
const first = '97061800,2020-01-01,30,B,11,21,11,10,ZZR1LT6,QLRUBN9,0VKY2BR,,440890,BE,BE,0.0,FEU1,G,108.0,372254.4,0,0';
const second = '56839011,2021-01-01,40,B,11,11,11,40,76NV527,SHHZGSL,249LO7A,,760711,CN,CN,7.2,FCN1,E,901.2,415092.72,0,0';
const third = '28079013,2020-01-01,40,B,11,21,11,50,AAAAAAA,BBBBBBB,,,293299,HK,CN,6.5,A,G,1.2E2,241.58000000000004,0,0';

test('the first row, whole', async () => {
  expect(await read([first])).toEqual([{
    line: 2, faults: [], unknownFields: [],
    declaration: {
      eventId: 'KCS-97061800/1', declarationId: 'KCS-97061800', version: 1, status: 'ACCEPTED',
      occurredAt: 1577804400000, acceptedAt: 1577804400000, // 2020-01-01 00:00 in Seoul = 2019-12-31T15:00Z
      office: '30', flow: 'IMPORT', procedure: '4000', natureOfTransaction: null, incoterm: 'CIF', transportMode: '1', partnerCountry: 'BE',
      declarantId: 'ZZR1LT6', traderId: 'QLRUBN9', counterpartyId: '0VKY2BR',
      items: [{
        itemNumber: 1, commodityCode: '440890', description: null, casNumber: null, concentrationPercent: null, originCountry: 'BE', preference: 'FEU1', netMassKg: 108000000n, supplementaryQuantity: null,
        invoiceAmount: { amount: 3722544000n, currency: 'KRW' }, freightAmount: null, insuranceAmount: null, documents: [],
        taxes: [{ type: 'CUD', base: 3722544000n, ratePercent: 0n, assessed: 0n, relief: 0n }],
      }],
      payments: [],
    },
  }]);
});

test('duty is rounded half up to whole won: 415,092.72 × 7.2 % = 29,886.67584 → 29,887', async () => {
  const [line] = await read([second]);
  expect(line?.declaration?.items[0]?.taxes).toEqual([{ type: 'CUD', base: 4150927200n, ratePercent: 72000n, assessed: 298870000n, relief: 0n }]);
  expect(line?.declaration?.transportMode).toBe('4');
});

test('a price with noise is rounded to four decimals, a mass with an exponent is exact: 241.58 × 6.5 % = 15.7027 → 16', async () => {
  const [line] = await read([third]);
  const item = line?.declaration?.items[0];
  expect([item?.invoiceAmount.amount, item?.netMassKg, item?.taxes[0]?.assessed, line?.declaration?.counterpartyId]).toEqual([2415800n, 120000000n, 160000n, null]);
});

test('exactly half a won goes up: 50 × 13 % = 6.5 → 7', async () => {
  const [line] = await read([third.replace('6.5,A', '13.0,A').replace('241.58000000000004', '50.0')]);
  expect(line?.declaration?.items[0]?.taxes[0]?.assessed).toBe(70000n);
});

test('days begin in the profile’s zone', async () => {
  expect((await read([first], 'Africa/Kinshasa'))[0]?.declaration?.acceptedAt).toBe(Date.parse('2019-12-31T23:00:00Z'));
});

test('faults name line and column', async () => {
  const lines = await read([first, first.replace('372254.4', 'x').replace('2020-01-01', '2020-02-30').replace('440890', '')]);
  expect(lines[1]).toEqual({ line: 3, unknownFields: [], faults: [
    { field: 'Date', problem: 'must be a date such as 2020-01-31' },
    { field: 'Item Price', problem: 'must be a number such as 372254.4 or 1.2E7' },
    { field: 'HS6 Code', problem: 'is empty' },
  ] });
});

test('another file is recognised by its missing columns', async () => {
  await expect(read(['1,2'], 'Asia/Seoul', 'a,b')).rejects.toThrow('the file has no column "Declaration ID", "Date"');
});

test.each([['a quote within a value', '{"a":1}'], ['a quote that is never closed', '"a'], ['words behind a quote', '"a"b,c']])('a text that is no CSV is a fault of the file: %s', async (_what, text) => {
  await expect(read([text])).rejects.toThrow(FeedFileError);
});
