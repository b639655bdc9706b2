/** Raw = counted + left out + refused + ignored, once nothing is on the way (exactness §7). */
import { limits } from '../limits';
import { rawTopic } from '../topology';
import { BOOKS_HASH, type FigureReader } from './figure-store';
import { readCommitNote } from './policy/commit-note';
import type { CommittedPosition, LogInspector } from './ports';
import type { LogRange } from './stop-reasons';

/** Offsets of the raw topic that hold a record: ingest leaves the number of those that do not beside its position. */
export function rawRecords(ranges: readonly (LogRange & { readonly partition: number })[], committed: readonly CommittedPosition[]): number {
  return ranges.reduce((sum, { partition, start, end }) => {
    const position = committed.find((candidate) => candidate.partition === partition);
    return sum + end - (position ? readCommitNote(position.metadata).holes ?? start : start);
  }, 0);
}

const books = ['counted', 'leftOut', 'refused', 'ignored'] as const;

/** How the books differ, in words; undefined: they balance. Means something only where nothing is on the way, before and after. */
export async function imbalance(inspector: LogInspector, reader: FigureReader): Promise<string | undefined> {
  const raw = rawRecords(await inspector.offsets(rawTopic), await inspector.committed('ingest', rawTopic));
  const answer = await reader.readFigures([BOOKS_HASH], limits.queryFields);
  const fields = 'hashes' in answer ? answer.hashes[0]?.fields : undefined;
  const written = books.map((name) => Number(fields?.get(name) ?? 0));
  if (raw === written.reduce((sum, count) => sum + count, 0)) return undefined;
  return `the books do not balance: ${raw} records were received, and ${books.map((name, index) => `${written[index]} ${name}`).join(', ')}; see infra/runbooks/books-do-not-balance.md`;
}
