import type { RejectHead } from './reject-list';
import { RefusalBook } from './refusal-book';

const head = (offset: number, over: Partial<RejectHead> = {}): RejectHead => ({ rejectId: `ingest-0-${offset}`, origin: { partition: 0, offset, timestamp: offset }, stage: 'ingest', code: 'E-A', codes: ['E-A'], message: '', declarationId: null, ...over });

test('newest first, each once, with what is counted of every stage and code', () => {
  const book = new RefusalBook(9);
  book.add(head(1), { partition: 0, offset: 10 });
  book.add(head(2, { code: 'E-B', codes: ['E-B', 'E-A'] }), { partition: 0, offset: 11 });
  book.add(head(1), { partition: 0, offset: 12 });
  const page = book.page({ code: 'E-A' }, 1, undefined);
  expect([page?.rejects.map(({ offset }) => offset), page?.next]).toEqual([[2], 'ingest-0-2']);
  expect(book.page({ code: 'E-A' }, 1, 'ingest-0-2')).toMatchObject({ rejects: [{ offset: 1 }], next: null });
  expect(page?.counts).toEqual([{ stage: 'ingest', code: 'E-A', count: 1 }, { stage: 'ingest', code: 'E-B', count: 1 }]);
  expect(book.one('ingest-0-1')?.place).toEqual({ partition: 0, offset: 12 });
  expect(book.page({}, 1, 'ingest-0-9')).toBeUndefined();
});

test('the oldest go first', () => {
  const book = new RefusalBook(1);
  book.add(head(1), { partition: 0, offset: 1 });
  book.add(head(2), { partition: 0, offset: 2 });
  expect(book.all().map(({ rejectId }) => rejectId)).toEqual(['ingest-0-2']);
});
