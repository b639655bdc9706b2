import type { PrecursorAlert } from '../domain/declaration';
import { alertList } from './alert-list';

const alert = (alertId: string, version: number, level: number, at = version, over: Partial<PrecursorAlert> = {}): PrecursorAlert => ({
  alertId, version, level, occurredAt: at, declarationId: 'D', itemNumber: 1, listId: 'L', rowId: 'R', office: 'O', flow: 'IMPORT', partner: 'CN', traderToken: 't', listVersion: '1', substance: 'acetone', evidence: ['cas'], explanation: 'why', referenceSet: '', lookBack: false, origin: { partition: 0, offset: 0, timestamp: 0 }, ...over,
});
const ids = (records: readonly PrecursorAlert[], since?: number, limit?: number): string[] => alertList(records, since, limit).map(({ alertId }) => alertId);

test('each id once', () => {
  expect(ids([alert('a', 1, 3), alert('a', 1, 3)])).toEqual(['a']);
});

test('a later version alerts again only at a higher level, whatever the order of arrival', () => {
  const records = [alert('v1', 1, 3), alert('v2', 2, 3), alert('v3', 3, 4), alert('v4', 4, 3), alert('v5', 5, 4)];
  expect(ids(records)).toEqual(['v1', 'v3']);
  expect(ids([...records].reverse())).toEqual(['v1', 'v3']);
});

test('another row, item or list is news', () => {
  expect(ids([alert('a', 1, 3), alert('b', 2, 3, 2, { rowId: 'S' }), alert('c', 3, 3, 3, { itemNumber: 2 }), alert('d', 4, 3, 4, { listId: 'M' })])).toEqual(['a', 'b', 'c', 'd']);
});

test('newest last; since and limit cut after the collapse', () => {
  const records = [alert('late', 1, 3, 30, { declarationId: 'X' }), alert('early', 1, 3, 10, { declarationId: 'Y' }), alert('repeat', 2, 3, 40, { declarationId: 'X' })];
  expect(ids(records)).toEqual(['early', 'late']);
  expect(ids(records, 35)).toEqual([]);
  expect(ids(records, undefined, 1)).toEqual(['late']);
});

test('shows the fields of the contract, and no token', () => {
  expect(JSON.stringify(alertList([alert('a', 1, 3, Date.UTC(2026, 2, 15))])[0])).toBe('{"alertId":"a","declarationId":"D","version":1,"itemNumber":1,"at":"2026-03-15T00:00:00.000Z","office":"O","flow":"IMPORT","partner":"CN","level":3,"listId":"L","listVersion":"1","rowId":"R","substance":"acetone","evidence":["cas"],"explanation":"why","lookBack":false}');
});
