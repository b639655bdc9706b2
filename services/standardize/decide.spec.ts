import type { RawDeclaration } from '../domain/declaration';
import { amount, codesOf, congo, item, korea, measure, payment, percent, raw, referenceWith, standard, standardized, tax, time } from '../../test/support/declarations';

const untaxed = (changes: Parameters<typeof item>[0] = {}, head: Partial<RawDeclaration> = {}): RawDeclaration => raw({ items: [item({ taxes: [], ...changes })], ...head });
const money = (text: string, currency = 'CDF') => ({ amount: amount(text), currency });
const values = (declaration: RawDeclaration, profile = congo): number[] => standard(declaration, profile).items.map(({ value }) => value);

const head = { version: '1', validFrom: null, validTo: null, source: 'a test' };
const loaded = referenceWith([
  { kind: 'rates', id: 'official-rates', ...head, rows: [{ currency: 'USD', validFrom: '2026-03-15', validTo: '2026-03-15', homePerUnit: '2793.55' }, { currency: 'JPY', validFrom: '2026-01-01', validTo: '2026-12-31', homePerUnit: '18.3333333333' }] },
  { kind: 'conversion', id: 'hs2017-to-hs2022', ...head, from: '2017', to: '2022', rows: [{ from: '854370', to: '854370', relationship: '1:1' }, { from: '007711', to: '854370', relationship: '1:n' }, { from: '007711', to: '870323', relationship: '1:n' }] },
]);

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

describe('other currencies, by the official rate of the acceptance date', () => {
  const dollars = (changes: Parameters<typeof item>[0] = {}, head: Partial<RawDeclaration> = {}) => untaxed({ invoiceAmount: money('1234.56', 'USD'), ...changes }, head);
  const valueOf = (declaration: RawDeclaration) => standard(declaration, congo, loaded).items[0]?.value;
  /** 1,234.56 × 2,793.55 = 3,448,805.088; with 1,000 yen of freight at 18.3333333333: 3,467,138.4213 (worked out by hand). */
  test('rounded once, after everything is added', () => {
    expect(valueOf(dollars())).toBe(344_880_509);
    expect(valueOf(dollars({ freightAmount: money('1000', 'JPY'), insuranceAmount: money('0.0001', 'CDF') }, { incoterm: 'FOB' }))).toBe(346_713_842);
  });
  test('on another day there is no rate', () => {
    expect(codesOf(standardized(dollars({}, { acceptedAt: time('2026-03-14T22:59:59Z') }), congo, loaded))).toEqual(['E-VAL-NO-RATE']);
    expect(valueOf(dollars({}, { acceptedAt: time('2026-03-14T23:00:00Z') }))).toBe(344_880_509);
  });
  test('the tax base is compared with the exact value, within one minor unit', () => {
    const based = (base: string) => codesOf(standardized(dollars({ taxes: [tax({ base: amount(base), ratePercent: percent('0'), assessed: 0n })] }), congo, loaded));
    expect([based('3448805.09'), based('3448805.0781'), based('3448805.098'), based('3448805.0982'), based('3448805.077')]).toEqual([[], [], [], ['E-REV-BASE'], ['E-REV-BASE']]);
  });
});

test('a code of another edition is counted as declared', () => {
  const { items } = standard(untaxed({ commodityCode: '0077110000' }), congo, loaded);
  expect(items).toMatchObject([{ hs6: '007711', codes: expect.arrayContaining(['D-HS-CONVERTED', 'W-HS-AMBIGUOUS']) as string[] }]);
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

test('refusals come in the order of items and rules, all of them', () => {
  const outcome = standardized(raw({ transportMode: 'X', items: [item({ taxes: [], netMassKg: -1n }), item({ itemNumber: 2, taxes: [], commodityCode: '12' })] }));
  expect(outcome.kind === 'reject' && outcome.refusals.map(({ code, field }) => `${code} ${field}`)).toEqual(['E-MOT-CODE transportMode', 'E-QTY-NONPOSITIVE items[0].netMassKg', 'E-HS-UNKNOWN items[1].commodityCode']);
});
