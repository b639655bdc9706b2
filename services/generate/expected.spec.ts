import { decideAggregate, type EnrichedEvent } from '../aggregate/decide';
import { contribution } from '../domain/contribution';
import type { CountedFacts } from '../domain/facts';
import { Calendar } from '../domain/period';
import { decideEnrich } from '../enrich/decide';
import { readNdjsonLine } from '../feed/ndjson';
import type { RawDeclaration } from '../domain/declaration';
import { decideIngest } from '../ingest/decide';
import { readProfile, readReferenceSet } from '../shell/definition-files';
import { decideStandardize } from '../standardize/decide';
import { ExpectedFigures, type ExpectedInput } from './expected';
import { emptyTally, generate, type MadeEvent } from './generate';
import { Random, shuffled } from './random';

const congo = readProfile('CD');

interface Row { view: string; grain: string; period: string; dims: Record<string, string>; measures: Record<string, string | number> }
const rowsOf = (declarations: readonly (readonly ExpectedInput[])[]): Row[] => {
  const figures = new ExpectedFigures(congo);
  for (const inputs of declarations) figures.add(inputs);
  return [...figures.rows()].map((row) => JSON.parse(row) as Row);
};
const days = (declarations: readonly (readonly ExpectedInput[])[], view: string): [string, string, Row['measures']][] =>
  rowsOf(declarations).filter((row) => row.view === view && row.grain === 'day').map(({ period, dims, measures }) => [period, Object.values(dims).join(' '), measures]);

const tax = (type: string, base: string, ratePercent: string, assessed: string): object => ({ type, base, ratePercent, assessed, relief: '0' });
const money = (amount: string): object => ({ amount, currency: 'CDF' });
/** Rice: 1,000.005 + 100 + 10 CDF of value. Car: 3,000 CDF. */
const rice = {
  itemNumber: 1, commodityCode: '10063010', description: 'rice', casNumber: null, concentrationPercent: null, originCountry: 'IN', preference: null, netMassKg: '12.0005', supplementaryQuantity: { unit: 'TNE', value: '0.0120005' },
  invoiceAmount: money('1000.005'), freightAmount: money('100'), insuranceAmount: money('10'), documents: [], taxes: [tax('CUD', '1110.005', '10', '111'), tax('VAT', '1221.005', '16', '195.36')],
};
const car = { ...rice, itemNumber: 2, commodityCode: '870323', originCountry: 'JP', netMassKg: '1500', supplementaryQuantity: null, invoiceAmount: money('3000'), freightAmount: money('0'), insuranceAmount: money('0'), taxes: [tax('CUD', '3000', '20', '600')] };
const accepted = {
  eventId: 'D/1', declarationId: 'D', version: 1, status: 'ACCEPTED', occurredAt: '2026-02-28T23:30:00.000Z', acceptedAt: '2026-02-28T23:30:00.000Z', office: 'MATAD', flow: 'IMPORT', procedure: '4000',
  natureOfTransaction: '11', incoterm: 'FOB', transportMode: '1', partnerCountry: 'AE', declarantId: 'a', traderId: 't', counterpartyId: null, items: [rice, car], payments: [] as object[],
};
const input = (event: object, fault?: ExpectedInput['fault']): ExpectedInput => ({ line: JSON.stringify(event), fault });

describe('by hand', () => {
  test('half past eleven at night UTC is March in Kinshasa; value 1,000.005 + 100 + 10 = 1,110.005 → 1,110.01; mass 12.0005 → 12.001; 0.0120005 t = 12.0005 kg → 12.001', () => {
    expect(days([[input(accepted)]], 'statistics')).toEqual([
      ['2026-03-01', 'IMPORT 100630 10 IN MATAD 1', { value: '1110.01', netMassKg: '12.001', items: 1, 'quantity.KGM': '12.001' }],
      ['2026-03-01', 'IMPORT 870323 87 JP MATAD 1', { value: '3000.00', netMassKg: '1500.000', items: 1 }],
    ]);
    expect(days([[input(accepted)]], 'operations')).toEqual([['2026-03-01', 'MATAD aggregate', { declarations: 1, accepted: 1 }]]);
  });

  /** 100.00 over 111.00 and 600.00: 10,000 × 11,100 / 71,100 = 1,561.18… → 15.61; 8,438.8… → 84.38 and the cent that is left: 84.39. */
  const paid = { ...accepted, eventId: 'D/2', version: 2, status: 'RELEASED', occurredAt: '2026-03-02T12:00:00.000Z', payments: [
    { taxType: 'CUD', kind: 'PAYMENT', amount: '100', paidAt: '2026-03-02T11:00:00.000Z' },
    { taxType: 'EXC', kind: 'REFUND', amount: '5.005', paidAt: '2026-03-03T11:00:00.000Z' },
    { taxType: 'VAT', kind: 'DEPOSIT', amount: '7', paidAt: '2026-03-02T11:00:00.000Z' },
  ] };
  const revenue = [
    ['2026-03-01', 'MATAD CUD 10 IN 4000', { assessed: '111.00', lines: 1 }],
    ['2026-03-01', 'MATAD CUD 87 JP 4000', { assessed: '600.00', lines: 1 }],
    ['2026-03-01', 'MATAD VAT 10 IN 4000', { assessed: '195.36', lines: 1 }],
  ];
  const payments = [
    ['2026-03-02', 'MATAD CUD 10 IN 4000', { collected: '15.61' }],
    ['2026-03-02', 'MATAD CUD 87 JP 4000', { collected: '84.39' }],
    ['2026-03-02', 'MATAD VAT 10 IN 4000', { deposits: '7.00' }],
    ['2026-03-03', 'MATAD EXC 10 IN 4000', { refunded: '5.01' }],
  ];
  test('a payment is shared by what is assessed, the cent that is left goes to the larger; what nothing is assessed for goes to the first item; order and repeats do not matter', () => {
    expect(days([[input(paid), input(accepted), input(paid)]], 'revenue')).toEqual([...revenue, ...payments]);
  });

  test('a cancellation takes everything back but what was paid', () => {
    const cancelled = { ...paid, eventId: 'D/3', version: 3, status: 'CANCELLED', occurredAt: '2026-04-05T00:00:00.000Z' };
    const declarations = [[input(cancelled), input(accepted)]];
    expect(days(declarations, 'revenue')).toEqual(payments);
    expect(days(declarations, 'statistics')).toEqual([]);
    expect(days(declarations, 'operations')).toEqual([['2026-04-05', 'MATAD aggregate', { declarations: 1, accepted: 1, amended: 1, cancelled: 1 }]]);
  });

  test('acceptance stays that of the lowest version that has one; the later event of a version stands; what is refused is not there', () => {
    const lodged = { ...accepted, eventId: 'E/1', declarationId: 'E', status: 'LODGED', acceptedAt: null, items: [car] };
    const first = { ...lodged, eventId: 'E/2', version: 2, status: 'ACCEPTED', acceptedAt: '2026-03-05T10:00:00.000Z' };
    const moved = { ...first, eventId: 'E/3', version: 3, acceptedAt: '2026-03-09T10:00:00.000Z', items: [{ ...car, netMassKg: '1' }] };
    const again = { ...moved, eventId: 'E/3b', items: [{ ...car, netMassKg: '2' }] };
    const refused = input({ ...first, eventId: 'E/4', version: 4, items: [] }, { stage: 'ingest', code: 'E-ITEM-MISSING' });
    expect(days([[input(lodged)]], 'statistics')).toEqual([]);
    expect(days([[input(again), input(moved), refused, input(first), input(lodged)]], 'statistics')).toEqual([['2026-03-05', 'IMPORT 870323 87 JP MATAD 1', { value: '3000.00', netMassKg: '2.000', items: 1 }]]);
    expect(rowsOf([[refused, refused]]).at(-1)).toEqual({ books: { raw: 2, refused: 2, refusedByCode: { 'E-ITEM-MISSING': 2 } } });
  });

  test('transit is no trade, an export is FOB: 3,000 − 200 − 50 = 2,750', () => {
    const leaving = { ...accepted, flow: 'EXPORT', procedure: '1000', incoterm: 'CIF', items: [{ ...car, freightAmount: money('200'), insuranceAmount: money('50'), taxes: [] }] };
    expect(days([[input(leaving)]], 'statistics')).toEqual([['2026-03-01', 'EXPORT 870323 87 AE MATAD 1', { value: '2750.00', netMassKg: '1500.000', items: 1 }]]);
    expect(days([[input({ ...leaving, procedure: '8000' })]], 'statistics')).toEqual([]);
  });

  test('screening: acetone by CAS number is on three lists, alerts are counted when the version came into being', () => {
    const solvent = { ...accepted, items: [{ ...car, commodityCode: '291411', description: 'solvent', casNumber: '67-64-1', netMassKg: '10', taxes: [] }] };
    const measures = { value: '3000.00', netMassKg: '10.000', items: 1 };
    expect(days([[input(solvent)]], 'precursors')).toEqual(['EU2', 'PGS', 'UN2'].map((list) => ['2026-03-01', `${list} acetone IMPORT JP 4`, measures]));
    expect(days([[input(solvent)]], 'operations')).toContainEqual(['2026-03-01', 'MATAD enrich', { alerts: 3 }]);
  });
});

/** The services' own figures of the same events in another order: full dimensions, by day and month. */
function servicesFigures(events: readonly MadeEvent[], id: string, nowMs: number): Map<string, bigint> {
  const profile = readProfile(id);
  const reference = readReferenceSet(profile);
  const calendar = new Calendar(profile.timeZone);
  const ledger = new Map<string, CountedFacts>();
  const sums = new Map<string, bigint>();
  for (const { line } of events) {
    const raw = readNdjsonLine(line, 1)?.declaration as RawDeclaration;
    const ingested = decideIngest(raw, { partition: 0, offset: 0, timestamp: nowMs }, (_, token) => token);
    if (ingested.kind === 'reject') continue;
    const standardized = decideStandardize(ingested.addition, reference, profile);
    if (standardized.kind === 'reject') continue;
    const screened = decideEnrich({ accepted: ingested.addition, items: standardized.addition.items }, reference, (text) => text);
    if (screened.kind === 'reject') continue;
    const event: EnrichedEvent = { standardized: { accepted: ingested.addition, ...standardized.addition }, hits: screened.addition.hits };
    const { entry } = decideAggregate(event, 0, ledger.get(raw.declarationId));
    if (entry) ledger.set(raw.declarationId, entry);
    const keys = calendar.keysOf(ingested.addition.occurredAt);
    for (const grain of ['day', 'month'] as const) add(sums, 'quality', grain, keys[grain], { office: ingested.addition.office }, 'events', 1n);
  }
  for (const facts of ledger.values()) {
    for (const { view, at, dimensions, measures } of contribution(facts)) {
      const keys = calendar.keysOf(at);
      for (const grain of ['day', 'month'] as const) {
        for (const [measure, amount] of Object.entries(measures)) if (measure !== 'flagged') add(sums, view, grain, keys[grain], dimensions, measure, BigInt(amount));
      }
    }
  }
  return sums;
}
function add(sums: Map<string, bigint>, view: string, grain: string, period: string, dims: Readonly<Record<string, string>>, measure: string, amount: bigint): void {
  const key = [view, grain, period, ...Object.entries(dims).sort().map(([name, value]) => `${name}=${value}`), measure].join(' ');
  sums.set(key, (sums.get(key) ?? 0n) + amount);
}

test.each(['CD', 'KR'])('%s: the services come to the same figures, in any order', (id) => {
  const profile = readProfile(id);
  const untilMs = Date.parse('2026-03-31T22:00:00.000Z');
  const events: MadeEvent[] = [];
  const figures = new ExpectedFigures(profile);
  for (const line of generate({ profile, seed: 'compare', count: 8_000, days: 20, untilMs, withFaults: true }, emptyTally(), (made) => { figures.add(made); events.push(...made); })) void line;
  const expected = new Map<string, bigint>();
  for (const text of figures.rows()) {
    const { view, grain, period, dims, measures } = JSON.parse(text) as Row;
    for (const [measure, amount] of Object.entries(measures ?? {})) if (measure !== 'refused') add(expected, view, grain, period, dims, measure, BigInt(String(amount).replace('.', '')));
  }
  const found = servicesFigures(shuffled(events, new Random('order')), id, untilMs + 60_000);
  const differences = [...new Set([...expected.keys(), ...found.keys()])].filter((key) => (expected.get(key) ?? 0n) !== (found.get(key) ?? 0n));
  expect(differences.map((key) => `${key}: expected ${expected.get(key) ?? 0n}, found ${found.get(key) ?? 0n}`)).toEqual([]);
  expect(expected.size).toBeGreaterThan(5_000);
});
