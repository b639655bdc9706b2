import type { PrecursorAlert } from '../domain/declaration';
import { AlertBook } from './alert-book';
import type { AlertDecision } from './decision';

const alert = (alertId: string, over: Partial<PrecursorAlert> = {}): PrecursorAlert => ({ alertId, declarationId: alertId, version: 1, itemNumber: 1, occurredAt: Number(alertId.slice(1)), office: 'KIN01', flow: 'IMPORT', partner: 'DE', level: 4, listId: 'EU2', listVersion: '1', rowId: 'r', substance: 'acetone', evidence: [], explanation: '', lookBack: false, ...over } as PrecursorAlert);
const decision = (alertId: string, state: AlertDecision['state'], decidedAt: number): AlertDecision => ({ decisionId: `${alertId} ${decidedAt}`, alertId, state, reason: 'because', decidedBy: 'somebody', decidedAt });
const bookOf = (most: number, ...alerts: PrecursorAlert[]): AlertBook => { const book = new AlertBook(most, most); for (const one of alerts) book.add(one); return book; };
const idsOf = (page: ReturnType<AlertBook['page']>): string[] | undefined => page?.alerts.map(({ alertId }) => alertId);

test('newest first; filters narrow list and counts, the state only the list', () => {
  const book = bookOf(9, alert('a1'), alert('a2', { office: 'MAT02' }), alert('a3'));
  book.decide(decision('a3', 'CLEARED', 5));
  expect(idsOf(book.page({}, 9, undefined))).toEqual(['a3', 'a2', 'a1']);
  const page = book.page({ office: 'KIN01', state: 'open' }, 9, undefined);
  expect([idsOf(page), page?.counts]).toEqual([['a1'], { open: 1, cleared: 1, held: 0 }]);
});

test('the newest decision is the state, whatever the order of arrival; a repeat is none', () => {
  const book = bookOf(9, alert('a1'));
  book.decide(decision('a1', 'HELD', 7));
  book.decide(decision('a1', 'CLEARED', 3));
  book.decide(decision('a1', 'HELD', 7));
  expect(book.decisionsOn('a1').map(({ state }) => state)).toEqual(['cleared', 'held']);
  expect(book.one('a1')?.decision?.state).toBe('held');
});

test('a cursor whose state has changed meanwhile still has its place', () => {
  const book = bookOf(9, alert('a1'), alert('a2'), alert('a3'));
  const first = book.page({ state: 'open' }, 2, undefined);
  book.decide(decision('a2', 'HELD', 1));
  expect(idsOf(book.page({ state: 'open' }, 2, first?.next ?? undefined))).toEqual(['a1']);
  expect(book.page({}, 2, 'a9')).toBeUndefined();
});

test('a repeat is no news, and the oldest go first', () => {
  const book = bookOf(2, alert('a1'), alert('a2'));
  expect(book.add(alert('a2'))).toBe(false);
  expect(book.add(alert('a3'))).toBe(true);
  expect(idsOf(book.page({}, 9, undefined))).toEqual(['a3', 'a2']);
});
