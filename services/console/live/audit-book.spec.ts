import type { AuditEntry } from '../acts';
import { AuditBook } from './audit-book';

const entry = (auditId: string, at: number, over: Partial<AuditEntry> = {}): AuditEntry => ({ auditId, at, actor: 'N. Mbala', roles: ['operator'], action: 'redrive', subject: 'E-HS-UNKNOWN', outcome: 'done', detail: '', ...over });
const bookOf = (...entries: readonly AuditEntry[]): AuditBook => {
  const book = new AuditBook(3);
  for (const one of entries) book.add(one);
  return book;
};
const idsOf = (page: ReturnType<AuditBook['page']>): string[] | undefined => page?.audit.map(({ auditId }) => auditId);

test('newest first, a repeat once, so many are kept', () => {
  const book = bookOf(entry('a', 1), entry('b', 3), entry('c', 2), entry('c', 2));
  expect(idsOf(book.page({}, 10, undefined))).toEqual(['b', 'c', 'a']);
  book.add(entry('d', 4));
  expect(idsOf(book.page({}, 10, undefined))).toEqual(['d', 'b', 'c']);
});

test('by act, and by a part of a name; all acts stay to be chosen', () => {
  const book = bookOf(entry('a', 1, { action: 'sign-in', actor: 'A. Mbuyi' }), entry('b', 2), entry('c', 3, { action: 'sign-in' }));
  expect(idsOf(book.page({ action: 'sign-in' }, 10, undefined))).toEqual(['c', 'a']);
  expect(idsOf(book.page({ action: 'sign-in', by: 'mbu' }, 10, undefined))).toEqual(['a']);
  expect(book.page({ action: 'sign-in' }, 10, undefined)?.actions).toEqual(['redrive', 'sign-in']);
});

test('goes on behind its cursor; one that is in no such list is no place', () => {
  const book = bookOf(entry('a', 1), entry('b', 1), entry('c', 2));
  expect(book.page({}, 2, undefined)).toMatchObject({ audit: [{ auditId: 'c' }, { auditId: 'a' }], next: 'a' });
  expect(book.page({}, 2, 'a')).toMatchObject({ audit: [{ auditId: 'b' }], next: null });
  expect(book.page({}, 2, 'z')).toBeUndefined();
});
