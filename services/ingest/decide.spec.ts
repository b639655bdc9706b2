import { createHmac } from 'node:crypto';
import type { RawDeclaration } from '../domain/declaration';
import { resultCodes } from '../domain/result-codes';
import { limits } from '../limits';
import { pseudonymiser } from '../shell/pseudonym';
import { accepted, amount, codesOf, ingested, item, origin, payment, raw, tax, time } from '../../test/support/declarations';

const arrived = time('2026-12-01T00:00:00Z');
const refusals: readonly (readonly [string, string, RawDeclaration])[] = [
  ['E-ID-MISSING', 'declarationId', raw({ declarationId: '' })], ['E-ID-MISSING', 'version', raw({ version: 0 })], ['E-ID-LENGTH', 'office', raw({ office: 'x'.repeat(36) })],
  ['E-ID-LENGTH', 'payments[0].taxType', raw({ payments: [payment({ taxType: 'x'.repeat(36) })] })], ['E-DECODE-CONTENT', 'items[0].taxes[0].type', raw({ items: [item({ taxes: [tax({ type: 'C\0D' })] })] })],
  ['E-DECODE-CONTENT', 'eventId', raw({ eventId: 'a\0b' })], ['E-ITEM-MISSING', 'items', raw({ items: [] })], ['E-ITEM-NUMBER', 'items', raw({ items: [item(), item()] })], ['E-ITEM-NUMBER', 'items[0].itemNumber', raw({ items: [item({ itemNumber: 0 })] })],
  ['E-LIMIT-COUNT', 'items[0].taxes', raw({ items: [item({ taxes: Array.from({ length: 100 }, () => tax()) })] })],
  ['E-LIMIT-AMOUNT', 'items[0].invoiceAmount', raw({ items: [item({ invoiceAmount: { amount: 10n ** 17n + 1n, currency: 'CDF' } })] })], ['E-LIMIT-AMOUNT', 'payments[0].amount', raw({ payments: [payment({ amount: 10n ** 18n })] })],
  ['E-LIMIT-AMOUNT', 'items[0].taxes[0].relief', raw({ items: [item({ taxes: [tax({ relief: -(10n ** 18n) })] })] })],
  ['E-LIMIT-QUANTITY', 'items[0].netMassKg', raw({ items: [item({ netMassKg: 10n ** 18n + 1n })] })],
  ['E-TIME-FUTURE', 'occurredAt', raw({ occurredAt: arrived + 86_400_001 })], ['E-TIME-FUTURE', 'payments[0].paidAt', raw({ payments: [payment({ paidAt: time('2099-01-01T00:00:00Z') })] })],
  ['E-TIME-PAST', 'acceptedAt', raw({ acceptedAt: time('1987-12-31T23:59:59Z') })], ['E-TIME-ACCEPTANCE-MISSING', 'acceptedAt', raw({ acceptedAt: null })],
];

test.each(refusals)('%s on %s', (code, field, declaration) => {
  const outcome = ingested(declaration);
  if (outcome.kind !== 'reject') throw new Error('accepted');
  expect(outcome.refusals.find((refusal) => refusal.code === code)?.field).toBe(field);
  expect(JSON.stringify(outcome.refusals)).not.toContain('TRADER-SECRET');
});

test('every code of this stage has a case', () => {
  const covered = new Set(refusals.map(([code]) => code));
  expect(Object.entries(resultCodes).filter(([code, { stage }]) => stage === 'ingest' && !covered.has(code)).map(([code]) => code)).toEqual([]);
});

test('limits are inclusive: what is just within is accepted', () => {
  const largest = limits.amountMinorUnits * 100n;
  expect(codesOf(ingested(raw({ items: [item({ invoiceAmount: { amount: largest, currency: 'CDF' } })] })))).toEqual([]);
  expect(codesOf(ingested(raw({ occurredAt: arrived + 86_400_000, acceptedAt: arrived })))).toEqual([]);
  expect(codesOf(ingested(raw({ acceptedAt: time('1988-01-01T00:00:00Z') })))).toEqual([]);
});

/** Sharing 1,000 payments over 1,000 items cost aggregate 256 MB and a script of 356,000 increments: a few such records killed it, at each start. */
test('items times payments is limited, as is the number of tax lines: a declaration changes in one script', () => {
  const items = (count: number, taxes: number) => Array.from({ length: count }, (_, index) => item({ itemNumber: index + 1, taxes: Array.from({ length: taxes }, () => tax()) }));
  const payments = (count: number) => Array.from({ length: count }, () => payment());
  const most = limits.revenueRowsPerDeclaration;
  expect(codesOf(ingested(raw({ items: items(500, 5), payments: payments((most - 2_500) / 500) })))).toEqual([]);
  expect(ingested(raw({ items: items(500, 5), payments: payments((most - 2_500) / 500 + 1) }))).toMatchObject({ kind: 'reject', refusals: [{ code: 'E-LIMIT-COUNT', field: 'items', message: expect.stringContaining(`at most ${most} (revenueRowsPerDeclaration)`) as string }] });
  expect(codesOf(ingested(raw({ items: items(1_000, 99) })))).toEqual(['E-LIMIT-COUNT']);
  expect(codesOf(ingested(raw({ status: 'CANCELLED', items: items(1_000, 0), payments: payments(1_000) })))).toEqual(['E-LIMIT-COUNT']);
  const ofTypes = (count: number) => raw({ payments: Array.from({ length: count }, (_, index) => payment({ taxType: `T${index}` })) });
  expect([codesOf(ingested(ofTypes(98))), codesOf(ingested(ofTypes(99)))]).toEqual([[], ['E-LIMIT-COUNT']]);
});

test('future is judged by the broker’s clock at arrival: the same record is judged the same a year later', () => {
  const declaration = raw({ occurredAt: time('2026-03-18T00:00:00Z') });
  expect(codesOf(ingested(declaration, origin({ timestamp: time('2026-03-16T00:00:00Z') })))).toEqual(['E-TIME-FUTURE']);
  expect(codesOf(ingested(declaration, origin({ timestamp: time('2026-03-18T00:00:00Z') })))).toEqual([]);
});

test('a cancellation is checked for identity only, a lodged one may lack its acceptance', () => {
  expect(codesOf(ingested(raw({ status: 'CANCELLED', items: [] })))).toEqual([]);
  expect(codesOf(ingested(raw({ status: 'LODGED', acceptedAt: null })))).toEqual([]);
});

test('party ids leave as tokens: HMAC-SHA-256 with the purpose in it, other keys give others, no purpose joins another', () => {
  const { traderToken, declarantToken, counterpartyToken } = accepted(raw({ counterpartyId: 'TRADER-SECRET' }));
  const expected = createHmac('sha256', 'a test key').update('trader\0TRADER-SECRET').digest().subarray(0, 16).toString('base64url');
  expect(traderToken.split(':')[1]).toBe(expected);
  expect(new Set([traderToken, declarantToken, counterpartyToken]).size).toBe(3);
  expect(pseudonymiser('another key')('trader', 'TRADER-SECRET')).not.toBe(traderToken);
  expect(JSON.stringify(accepted(raw()), (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).not.toMatch(/TRADER-SECRET|AGENT-7/);
  expect(amount('1')).toBe(10_000n);
});
