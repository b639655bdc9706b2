import { Readable } from 'node:stream';
import { readNdjson, readNdjsonLine } from './ndjson';
import type { FeedLine } from './feed-line';

const item = {
  itemNumber: 1, commodityCode: '870323', originCountry: 'JP', netMassKg: '1500.5', invoiceAmount: { amount: '12500.25', currency: 'USD' },
  freightAmount: { amount: '300', currency: 'USD' }, supplementaryQuantity: { unit: 'NMB', value: '1' }, concentrationPercent: '12.3456',
  documents: [{ type: '911', id: 'L-1' }], taxes: [{ type: 'CUD', base: '12800.25', ratePercent: '20', assessed: '2560.05', relief: '0' }],
};
const event = {
  eventId: 'e-1', declarationId: 'D-1', version: 1, status: 'ACCEPTED', occurredAt: '2026-03-15T10:05:00.000Z', acceptedAt: '2026-03-15T10:05:00Z',
  office: 'KIN01', flow: 'IMPORT', procedure: '4000', incoterm: 'FOB', transportMode: '1', partnerCountry: 'JP', declarantId: 'd', traderId: 't', items: [item],
  payments: [{ taxType: 'CUD', kind: 'PAYMENT', amount: '2560.05', paidAt: '2026-03-16T00:00:00Z' }],
};
const read = (value: unknown): FeedLine | undefined => readNdjsonLine(JSON.stringify(value), 3);

test('an event becomes a declaration with scaled integers', () => {
  expect(read(event)).toEqual({
    line: 3, faults: [], unknownFields: [],
    declaration: {
      eventId: 'e-1', declarationId: 'D-1', version: 1, status: 'ACCEPTED', occurredAt: 1773569100000, acceptedAt: 1773569100000,
      office: 'KIN01', flow: 'IMPORT', procedure: '4000', natureOfTransaction: null, incoterm: 'FOB', transportMode: '1', partnerCountry: 'JP', declarantId: 'd', traderId: 't', counterpartyId: null,
      items: [{
        itemNumber: 1, commodityCode: '870323', description: null, casNumber: null, concentrationPercent: 123456n, originCountry: 'JP', preference: null, netMassKg: 1500500000n,
        supplementaryQuantity: { unit: 'NMB', value: 1000000n }, invoiceAmount: { amount: 125002500n, currency: 'USD' }, freightAmount: { amount: 3000000n, currency: 'USD' }, insuranceAmount: null,
        documents: [{ type: '911', id: 'L-1' }], taxes: [{ type: 'CUD', base: 128002500n, ratePercent: 200000n, assessed: 25600500n, relief: 0n }],
      }],
      payments: [{ taxType: 'CUD', kind: 'PAYMENT', amount: 25600500n, paidAt: 1773619200000 }],
    },
  });
});

test('what the schema can hold is left to the stages: odd codes, no items, negative amounts', () => {
  const odd = { ...event, office: '', procedure: 'x', items: [], version: -1 };
  expect(read(odd)?.faults).toEqual([]);
});

test('every fault is named by its path, and values are not repeated', () => {
  const line = read({ ...event, version: 1.5, status: 'DONE', occurredAt: '2026-03-15', traderId: 7, flow: undefined, items: [{ ...item, netMassKg: 1500.5, invoiceAmount: { amount: '1.23456', currency: null }, taxes: {} }, 3] });
  expect(line?.declaration).toBeUndefined();
  expect(line?.faults).toEqual([
    { field: 'version', problem: 'must be a whole number below 2147483648' },
    { field: 'status', problem: 'must be one of LODGED, ACCEPTED, RELEASED, CANCELLED' },
    { field: 'occurredAt', problem: 'must be a moment such as "2026-03-15T10:05:00.000Z"' },
    { field: 'flow', problem: 'is missing' },
    { field: 'traderId', problem: 'must be a string, not a number' },
    { field: 'items[0].netMassKg', problem: 'must be a decimal in a string such as "12.5", not a number: a JSON number is not exact' },
    { field: 'items[0].invoiceAmount.amount', problem: 'must be a decimal with at most 4 digits behind the point, such as "12.5"' },
    { field: 'items[0].invoiceAmount.currency', problem: 'is missing' },
    { field: 'items[0].taxes', problem: 'must be a JSON array' },
    { field: 'items[1]', problem: 'must be a JSON object' },
  ]);
});

test('a number beyond the schema’s precision is a fault', () => {
  expect(read({ ...event, items: [{ ...item, netMassKg: '1000000000000' }] })?.faults).toEqual([{ field: 'items[0].netMassKg', problem: 'has more than 12 digits before the point' }]);
  expect(read({ ...event, items: [{ ...item, netMassKg: '999999999999.999999' }] })?.faults).toEqual([]);
});

test('unknown fields are left out and counted', () => {
  expect(read({ ...event, colour: 'red', items: [{ ...item, weight: 1 }] })?.unknownFields).toEqual(['colour', 'items[0].weight']);
});

test('lines are numbered as in the file; empty ones, a byte order mark and line ends of Windows do not disturb', async () => {
  const lines: FeedLine[] = [];
  for await (const line of readNdjson(Readable.from([`\uFEFF${JSON.stringify(event)}\r\n\r\n{broken\r\n[]\r\n`]))) lines.push(line);
  expect(lines.map(({ line, declaration, faults }) => [line, declaration?.declarationId, faults[0]?.problem])).toEqual([[1, 'D-1', undefined], [3, undefined, 'is not JSON'], [4, undefined, 'must be a JSON object']]);
});
