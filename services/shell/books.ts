/** Whether every raw record is in exactly one book: what the log holds against what the figures say. */
import { limits } from '../limits';
import { flow, rawTopic } from '../topology';
import { BOOKS_HASH, type FigureReader } from './figure-store';
import type { BookCounts } from './measurements';
import { readCommitNote } from './policy/commit-note';
import type { CommittedPosition, LogInspector } from './ports';

interface Range { readonly partition: number; readonly start: number; readonly end: number }

/** Offsets of the raw topic that hold a record: ingest leaves the number of those that do not beside its position. */
export function rawRecords(ranges: readonly Range[], committed: readonly CommittedPosition[]): number {
  return ranges.reduce((sum, { partition, start, end }) => {
    const position = committed.find((candidate) => candidate.partition === partition);
    return sum + end - (position ? readCommitNote(position.metadata).holes ?? start : start);
  }, 0);
}

/** Books before the log: what arrives between the two looks is on its way, and nothing can seem to be counted twice. Undefined while the store does not tell. */
export async function readBooks(inspector: LogInspector, reader: FigureReader): Promise<BookCounts | undefined> {
  const answer = await reader.readFigures([BOOKS_HASH], limits.queryFields);
  if (!('positions' in answer)) return undefined;
  const of = (name: string): number => Number(answer.hashes[0]?.fields.get(name) ?? 0);
  const committed = await inspector.committed(flow[0]?.name ?? 'ingest', rawTopic);
  const raw = rawRecords(await inspector.offsets(rawTopic), committed);
  return { raw, counted: of('counted'), leftOut: of('leftOut'), refused: of('refused'), ignored: of('ignored') };
}

/** How the books differ, in words; undefined: they balance. Means something only where nothing is on the way, before and after. */
export async function imbalance(inspector: LogInspector, reader: FigureReader): Promise<string | undefined> {
  const books = await readBooks(inspector, reader);
  if (!books) return undefined;
  const { raw, counted, leftOut, refused, ignored } = books;
  if (raw === counted + leftOut + refused + ignored) return undefined;
  return `the books do not balance: ${raw} records were received, and ${counted} counted, ${leftOut} left out, ${refused} refused, ${ignored} ignored; see infra/runbooks/books-do-not-balance.md`;
}
