/**
 * One declaration, from the raw topic to the fields of Redis: the same way that services/ARCHITECTURE.md
 * describes, with the decisions alone and every amount worked out by hand.
 */
import { Piece } from '../../services/aggregate/piece';
import type { CountedFacts } from '../../services/domain/facts';
import { Calendar } from '../../services/domain/period';
import { initialPosition, parsePosition, formatPosition } from '../../services/domain/position';
import { readCubes } from '../../services/shell/definition-files';
import { Keys } from '../../services/shell/redis/keys';
import { accepted, amount, congo, enriched, item, measure, origin, payment, raw, screened, standard, tax, time } from '../support/declarations';
import { fieldsOf } from '../support/increments';
import { ledgerEntries, nothingKept } from '../support/kept-facts';

const cubes = readCubes();
const calendar = new Calendar(congo.timeZone);
const keys = new Keys('live', 1);

/** A car from Japan, FOB 12,500.00 CDF, freight 1,000.00, insurance 125.00; duty 10 % of CIF, VAT 16 % of CIF and duty. */
const car = raw({
  declarationId: 'CD-2026-1', eventId: 'CD-2026-1/1', incoterm: 'FOB',
  items: [item({
    invoiceAmount: { amount: amount('12500'), currency: 'CDF' }, freightAmount: { amount: amount('1000'), currency: 'CDF' }, insuranceAmount: { amount: amount('125'), currency: 'CDF' },
    supplementaryQuantity: { unit: 'C62', value: measure('1') },
    taxes: [tax({ base: amount('13625'), assessed: amount('1362.5') }), tax({ type: 'VAT', base: amount('14987.5'), ratePercent: amount('16'), assessed: amount('2398') })],
  })],
});

/** Fields of Redis hashes after these events, and the ledger entry they leave. */
function counted(...events: ReturnType<typeof raw>[]): { redis: Map<string, bigint>; entry: CountedFacts | undefined; changed: string } {
  const redis = new Map<string, bigint>();
  let entry: Buffer | undefined;
  let changed = '';
  let position = initialPosition(0, 0);
  events.forEach((event, offset) => {
    const piece = new Piece(cubes, calendar, () => 0, position, ledgerEntries.keptBy(() => entry));
    piece.add(enriched(event, origin({ offset })), offset);
    for (const [name, by] of fieldsOf(piece.increments)) {
      const key = `${keys.cells(0)}${name}`;
      redis.set(key, (redis.get(key) ?? 0n) + BigInt(by));
    }
    entry = piece.entries.get(event.declarationId) ?? entry;
    changed = piece.changedText();
    position = piece.positionAfter(offset + 1);
  });
  return { redis: new Map([...redis].filter(([, value]) => value !== 0n)), entry: entry && ledgerEntries.decode(entry), changed };
}
const field = (redis: ReadonlyMap<string, bigint>, hash: string, name: string): bigint | undefined => redis.get(`{tw:live:0}:cell/${hash} ${name}`);

test('1 ingest: the declaration is usable; who traded becomes a token', () => {
  const declaration = accepted(car);
  expect(declaration.traderToken).toMatch(/^[0-9a-f]{4}:[\w-]{22}$/);
  expect(declaration.origin).toEqual({ partition: 0, offset: 0, timestamp: time('2026-12-01T00:00:00Z') });
});

test('2 standardize: CIF = 12,500.00 + 1,000.00 + 125.00 = 13,625.00; mass 1,200.5 kg; one piece', () => {
  const { items, currency, exponent, definitions } = standard(car);
  expect([currency, exponent, definitions]).toEqual(['CDF', 2, 'imts2010@1.0.0']);
  expect(items).toEqual([{
    itemNumber: 1, hs6: '870323', origin: 'JP', partner: 'JP', value: 1_362_500, netMassGrams: 1_200_500, quantity: { unit: 'C62', thousandths: 1_000 }, codes: ['D-VAL-INCOTERM'],
    taxes: [{ type: 'CUD', assessed: 136_250, relief: 0, code: null }, { type: 'VAT', assessed: 239_800, relief: 0, code: null }],
    expected: 255, missing: 2, imputed: false,
  }]);
});

test('3 enrich: a car is on no list', () => expect(screened(car).addition.hits).toEqual([]));

test('4 aggregate: the fields of Redis, in minor units, grams and thousandths, by local day and month', () => {
  const { redis } = counted(car);
  expect(field(redis, 'revenue/office-taxType-chapter/day/2026-03-15', 'KIN01|CUD|87:assessed')).toBe(136_250n);
  expect(field(redis, 'revenue/office-taxType-chapter/month/2026-03', 'KIN01|VAT|87:assessed')).toBe(239_800n);
  expect(field(redis, 'revenue/office-taxType/minute/2026-03-15T10:30', 'KIN01|CUD:lines')).toBe(1n);
  expect(field(redis, 'revenue/taxType-origin/month/2026-03', 'VAT|JP:assessed')).toBe(239_800n);
  expect(field(redis, 'statistics/flow-hs6-partner-office/day/2026-03-15', 'IMPORT|870323|JP|KIN01:value')).toBe(1_362_500n);
  expect(field(redis, 'statistics/flow-hs6-partner-office/day/2026-03-15', 'IMPORT|870323|JP|KIN01:quantity.C62')).toBe(1_000n);
  expect(field(redis, 'statistics/flow-transportMode/minute/2026-03-15T10:30', 'IMPORT|1:netMassKg')).toBe(1_200_500n);
  expect(field(redis, 'operations/office-stage/day/2026-03-15', 'KIN01|aggregate:declarations')).toBe(1n);
  expect(field(redis, 'books', 'counted')).toBe(1n);
});

test('5 an amendment in September lowers the value to 13,000.00: March is corrected, nothing is in September but the amendment itself', () => {
  const amended = { ...car, version: 2, eventId: 'CD-2026-1/2', occurredAt: time('2026-09-01T08:00:00Z'), incoterm: 'CIF', items: [{ ...(car.items[0] as ReturnType<typeof item>), invoiceAmount: { amount: amount('13000'), currency: 'CDF' }, taxes: [tax({ base: amount('13000'), assessed: amount('1300') })] }] };
  const { redis, entry } = counted(car, amended);
  expect(field(redis, 'statistics/flow-hs6-partner-office/day/2026-03-15', 'IMPORT|870323|JP|KIN01:value')).toBe(1_300_000n);
  expect(field(redis, 'revenue/office-taxType-chapter/month/2026-03', 'KIN01|CUD|87:assessed')).toBe(130_000n);
  expect(field(redis, 'revenue/office-taxType-chapter/month/2026-03', 'KIN01|VAT|87:assessed')).toBeUndefined();
  expect([...redis.keys()].filter((key) => key.includes('2026-09') && !/operations|quality\/office\/day/.test(key))).toEqual([]);
  expect([entry?.version, entry?.acceptedVersion, entry?.acceptedAt]).toEqual([2, 1, car.acceptedAt]);
});

test('6 a cancellation takes all back but the 1,362.50 that were paid, in the month of payment', () => {
  const paid = payment({ amount: amount('1362.5'), paidAt: time('2026-04-02T10:00:00Z') });
  const { redis } = counted(car, { ...car, version: 2, eventId: 'CD-2026-1/2', payments: [paid] }, { ...car, version: 3, eventId: 'CD-2026-1/3', status: 'CANCELLED', payments: [paid] });
  const money = [...redis].filter(([key]) => /cell\/(revenue|statistics)\/.*\/month\//.test(key));
  expect(Object.fromEntries(money)).toEqual({
    '{tw:live:0}:cell/revenue/office-taxType-chapter/month/2026-04 KIN01|CUD|87:collected': 136_250n,
    '{tw:live:0}:cell/revenue/taxType-origin/month/2026-04 CUD|JP:collected': 136_250n,
    '{tw:live:0}:cell/revenue/taxType-procedure/month/2026-04 CUD|4000:collected': 136_250n,
  });
});

test('7 the same record again, as a crash upstream repeats it, is recognised by its origin', () => {
  const before = { ...initialPosition(0, 0), marks: { 'declaration/0': 0 } };
  const piece = new Piece(cubes, calendar, () => 0, before, nothingKept);
  piece.add(enriched(car, origin({ offset: 0 })), 0);
  expect(fieldsOf(piece.increments).size).toBe(0);
  expect(parsePosition(formatPosition(piece.positionAfter(9)))).toMatchObject({ next: 9, marks: { 'declaration/0': 0 }, last: '0/0' });
});

test('8 publish hears of the cells that go to topics', () => {
  expect(counted(car).changed.split('\n').sort()).toEqual([
    'revenue/office-taxType-chapter/month/2026-03|KIN01|CUD|87', 'revenue/office-taxType-chapter/month/2026-03|KIN01|VAT|87', 'statistics/flow-chapter-partner/month/2026-03|IMPORT|87|JP',
  ]);
});
