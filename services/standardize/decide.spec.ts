import type { RawDeclaration } from '../domain/declaration';
import { isResultCode, resultCodes } from '../domain/result-codes';
import { amount, codesOf, congo, item, korea, measure, payment, raw, standard, standardized, tax, time } from '../../test/support/declarations';

const untaxed = (changes: Parameters<typeof item>[0] = {}, head: Partial<RawDeclaration> = {}): RawDeclaration => raw({ items: [item({ taxes: [], ...changes })], ...head });
const money = (text: string, currency = 'CDF') => ({ amount: amount(text), currency });
const values = (declaration: RawDeclaration, profile = congo): number[] => standard(declaration, profile).items.map(({ value }) => value);

describe('statistical value', () => {
  /** domain §1: imports are raised to CIF, exports lowered to FOB; freight 200, insurance 50 on an invoice of 1,000. */
  test.each([
    ['EXW', 'IMPORT', 1_250], ['FCA', 'IMPORT', 1_250], ['FOB', 'IMPORT', 1_250], ['CFR', 'IMPORT', 1_050], ['CPT', 'IMPORT', 1_050], ['CIF', 'IMPORT', 1_000], ['CIP', 'IMPORT', 1_000],
    ['FOB', 'EXPORT', 1_000], ['CFR', 'EXPORT', 800], ['CIF', 'EXPORT', 750],
  ] as const)('%s %s', (incoterm, flow, expected) => {
    const declaration = untaxed({ invoiceAmount: money('1000'), freightAmount: money('200'), insuranceAmount: money('50') }, { incoterm, flow, ...(flow === 'EXPORT' ? { procedure: '1000' } : {}) });
    expect(values(declaration)).toEqual([expected * 100]);
  });

  test('without terms the invoice is the value already', () => expect(values(untaxed({ invoiceAmount: money('1000') }, { incoterm: null }))).toEqual([100_000]));

  test('half up, once: 0.005 is 0.01, 0.0049 is 0.00 and still positive; won have no decimals', () => {
    expect(values(untaxed({ invoiceAmount: money('0.005') }))).toEqual([1]);
    expect(values(untaxed({ invoiceAmount: money('0.0049') }))).toEqual([0]);
    const won = (text: string) => untaxed({ invoiceAmount: money(text, 'KRW') }, { partnerCountry: 'JP' });
    expect([values(won('100.5'), korea), values(won('100.4999'), korea)]).toEqual([[101], [100]]);
  });
});

test('revenue: lines rounded once; deposits and totals are marked, payments are sorted into what they are', () => {
  const { items, payments } = standard(raw({
    items: [item({ taxes: [tax({ ratePercent: null, assessed: amount('12.345'), relief: amount('0.005') }), tax({ type: 'MCD', ratePercent: null, assessed: amount('5') }), tax({ type: 'AAP', ratePercent: null, assessed: amount('5') })] })],
    payments: [payment({ amount: amount('1.005') }), payment({ kind: 'REFUND' }), payment({ kind: 'DEPOSIT' }), payment({ taxType: 'MCD' })],
  }));
  expect(items[0]?.taxes).toEqual([{ type: 'CUD', assessed: 1_235, relief: 1, code: null }, { type: 'MCD', assessed: 500, relief: 0, code: 'X-REV-SECURITY' }, { type: 'AAP', assessed: 500, relief: 0, code: 'X-REV-NONTAX' }]);
  expect(payments.map(({ measure: kind, amount: paid }) => [kind, paid])).toEqual([['COLLECTED', 101], ['REFUNDED', 125_000], ['DEPOSITS', 125_000], ['DEPOSITS', 125_000]]);
});

test('partner: origin of imports, destination of exports', () => {
  expect(standard(untaxed({ originCountry: 'DE' }, { partnerCountry: 'FR' })).items[0]?.partner).toBe('DE');
  expect(standard(untaxed({ originCountry: 'CD' }, { flow: 'EXPORT', procedure: '1000', incoterm: null, partnerCountry: 'FR' })).items[0]?.partner).toBe('FR');
});

test('quantities in the canonical unit: 2.5 t are 2,500 kg, 1 lb is 0.454 kg', () => {
  const quantity = (unit: string, value: string) => standard(untaxed({ supplementaryQuantity: { unit, value: measure(value) } })).items[0]?.quantity;
  expect(quantity('TNE', '2.5')).toEqual({ unit: 'KGM', thousandths: 2_500_000 });
  expect(quantity('LBR', '1')).toEqual({ unit: 'KGM', thousandths: 454 });
});

test('a cancelled version is checked for identity only, and keeps its items to weigh payments, residual chapters as counted', () => {
  const { items } = standard(raw({ status: 'CANCELLED', procedure: '9999', items: [item({ commodityCode: '980100', netMassKg: -1n })] }));
  expect(items).toMatchObject([{ hs6: '999999', value: 0, netMassGrams: 0 }]);
});

test('chapters and headings of the edition in force: 8485 is new in 2022', () => {
  const at = (day: string) => untaxed({ commodityCode: '848510' }, { occurredAt: time(day), acceptedAt: time(day) });
  expect(codesOf(standardized(at('2021-12-31T12:00:00Z')))).toEqual(['E-HS-UNKNOWN']);
  expect(codesOf(standardized(at('2022-01-01T12:00:00Z')))).toEqual([]);
});

/** One case for every code that a declaration can meet here; the test below says when one is missing. */
const refusals: readonly (readonly [string, RawDeclaration])[] = [
  ['E-VAL-CIF-MISSING', untaxed({}, { incoterm: 'FOB' })], ['E-VAL-FOB-MISSING', untaxed({}, { flow: 'EXPORT', procedure: '1000', incoterm: 'CIF', partnerCountry: 'FR' })],
  ['E-VAL-NONPOSITIVE', untaxed({ invoiceAmount: money('0') })], ['E-VAL-CURRENCY', untaxed({ invoiceAmount: money('1', 'QQQ') })], ['E-VAL-NO-RATE', untaxed({ invoiceAmount: money('1', 'USD') })],
  ['E-CPC-UNMAPPED', untaxed({}, { procedure: '9999' })], ['E-PTR-CODE', untaxed({ originCountry: 'XX' })], ['E-PTR-SELF', untaxed({}, { flow: 'EXPORT', procedure: '1000', incoterm: null, partnerCountry: 'CD' })],
  ['E-QTY-NONPOSITIVE', untaxed({ netMassKg: -1n })], ['E-UNIT-PACKAGING', untaxed({ supplementaryQuantity: { unit: 'BX', value: 1n } })], ['E-MOT-CODE', untaxed({}, { transportMode: 'X' })],
  ['E-HS-UNKNOWN', untaxed({ commodityCode: '009912' })], ['E-REV-ARITH', raw({ items: [item({ taxes: [tax({ assessed: amount('1250.02') })] })] })],
  ['E-REV-BASE', raw({ items: [item({ taxes: [tax({ base: amount('12500.02'), assessed: amount('1250') })] })] })], ['E-REV-TOTAL-CODE', raw({ items: [item({ taxes: [tax(), tax({ type: 'TOT', ratePercent: null })] })] })],
  ['E-LIMIT-QUANTITY', untaxed({ supplementaryQuantity: { unit: 'TNE', value: measure('9000000000') } })],
];
const flags: readonly (readonly [string, RawDeclaration])[] = [
  ['D-VAL-ESTIMATED', untaxed({ invoiceAmount: money('0') }, { natureOfTransaction: '3' })], ['D-VAL-INCOTERM', untaxed({ freightAmount: money('1'), insuranceAmount: money('1') }, { incoterm: 'FOB' })], ['W-VAL-SCALE', untaxed({ invoiceAmount: money('1.005') })],
  ['X-COV-TEMPORARY', untaxed({}, { procedure: '5300' })], ['X-COV-TRANSIT', untaxed({}, { procedure: '8000' })], ['X-COV-MONETARY-GOLD', untaxed({ commodityCode: '710820' })],
  ['X-SYS-ALREADY-RECORDED', untaxed({}, { procedure: '4071' })], ['W-PTR-UNSPECIFIED', untaxed({ originCountry: 'ZZ' })],
  ['W-PTR-ORIGIN-DOMESTIC', untaxed({ originCountry: 'CD' })], ['W-QTY-ZERO', untaxed({ netMassKg: 0n })], ['W-UNIT-UNKNOWN', untaxed({ supplementaryQuantity: { unit: 'QQ', value: 1n } })],
  ['D-UNIT-CONVERTED', untaxed({ supplementaryQuantity: { unit: 'TNE', value: 1n } })], ['W-MOT-UNSPECIFIC', untaxed({}, { transportMode: '0' })],
  ['W-HS-RESIDUAL', untaxed({ commodityCode: '990000' })], ['W-REV-ARITH', raw({ items: [item({ taxes: [tax({ assessed: amount('1250.01') })] })] })],
];

test.each(refusals)('%s refuses, and its message names the field and what to do', (code, declaration) => {
  const outcome = standardized(declaration);
  expect(codesOf(outcome)).toContain(code);
  if (outcome.kind === 'reject') for (const { field, message } of outcome.refusals) expect(`${field} ${message}`).toMatch(/^\S+ .{10,}/);
});

test.each(flags)('%s flags, and the item is kept', (code, declaration) => {
  const { codes, items } = standard(declaration);
  expect([...codes, ...items.flatMap((kept) => kept.codes)]).toContain(code);
});

test('every code of this stage has a case', () => {
  const covered = new Set([...refusals, ...flags].map(([code]) => code));
  const elsewhere = new Set(['X-REV-TOTAL', 'X-REV-SECURITY', 'X-REV-NONTAX', 'X-SYS-OUTSIDE', 'W-UNIT-DEPRECATED']);
  const own = Object.entries(resultCodes).filter(([, { stage }]) => stage === 'standardize').map(([code]) => code);
  expect(own.filter((code) => !covered.has(code) && !elsewhere.has(code))).toEqual([]);
  expect([...covered].filter((code) => !isResultCode(code))).toEqual([]);
});

test('refusals come in the order of items and rules, all of them', () => {
  const outcome = standardized(raw({ transportMode: 'X', items: [item({ taxes: [], netMassKg: -1n }), item({ itemNumber: 2, taxes: [], commodityCode: '12' })] }));
  expect(outcome.kind === 'reject' && outcome.refusals.map(({ code, field }) => `${code} ${field}`)).toEqual(['E-MOT-CODE transportMode', 'E-QTY-NONPOSITIVE items[0].netMassKg', 'E-HS-UNKNOWN items[1].commodityCode']);
});

test('nothing of a refusal says who the trader is', () => {
  for (const [, declaration] of refusals) expect(JSON.stringify(standardized(declaration), (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).not.toContain('TRADER-SECRET');
});
