import { formatDecimal } from '../domain/decimal';
import { rejectList, withoutParties, type RejectHead } from './reject-list';

const reject = (offset: number, timestamp: number, declarationId: string | null = 'D'): RejectHead =>
  ({ rejectId: `ingest-0-${offset}`, origin: { partition: 0, offset, timestamp }, stage: 'ingest', code: 'E-ID-MISSING', codes: ['E-ID-MISSING', 'E-ID-LENGTH'], message: 'office: is empty', declarationId });

test('each id once, by arrival; since and limit', () => {
  const records = [reject(5, 50), reject(3, 30), reject(5, 50), reject(4, 40)];
  expect(rejectList(records).map(({ offset }) => offset)).toEqual([3, 4, 5]);
  expect(rejectList(records, 40).map(({ offset }) => offset)).toEqual([4, 5]);
  expect(rejectList(records, undefined, 1).map(({ offset }) => offset)).toEqual([5]);
});

test('shows the fields of the contract, the declaration only if it was readable', () => {
  expect(JSON.stringify(rejectList([reject(5, 0, null)])[0])).toBe('{"rejectId":"ingest-0-5","stage":"ingest","code":"E-ID-MISSING","message":"office: is empty","topic":"customs.declarations.raw.v1","partition":0,"offset":5,"at":"1970-01-01T00:00:00.000Z","codes":["E-ID-MISSING","E-ID-LENGTH"]}');
  expect(rejectList([reject(5, 0)])[0]?.declarationId).toBe('D');
});

test('party ids are removed at any depth, tokens stay, decimals and moments are text', () => {
  const record = { declarantId: 'secret', counterpartyId: null, traderToken: 'ab:token', occurredAt: 0, items: [{ netMassKg: 1500000n, amount: -5n, traderId: 'secret' }] };
  const shown = withoutParties(record, (field) => (field === 'netMassKg' ? 6 : 4), formatDecimal);
  expect(shown).toEqual({ declarantId: '[removed]', counterpartyId: null, traderToken: 'ab:token', occurredAt: '1970-01-01T00:00:00.000Z', items: [{ netMassKg: '1.500000', amount: '-0.0005', traderId: '[removed]' }] });
  expect(JSON.stringify(shown)).not.toContain('secret');
});
