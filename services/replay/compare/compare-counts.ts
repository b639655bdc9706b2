/** How many records ended in each book, and how often each result code was given: what differs between two namespaces, as far as each has been counted. */
import { limits } from '../../limits';
import { BOOKS_HASH, CODES_HASH, type FigureReader } from '../../shell/figure-store';

/** `name`: a book as the store names it (leftOut:X-COV-TRANSIT), or a result code. */
export interface CountDifference { readonly of: typeof BOOKS_HASH | typeof CODES_HASH; readonly name: string; readonly live: number; readonly replayed: number }

export async function compareCounts(live: FigureReader, replayed: FigureReader): Promise<CountDifference[]> {
  const [here, there] = [await countsOf(live), await countsOf(replayed)];
  return ([BOOKS_HASH, CODES_HASH] as const).flatMap((of) => {
    const countIn = (counts: typeof here, name: string): number => Number(counts.get(of)?.get(name) ?? 0);
    const names = [...new Set([...(here.get(of)?.keys() ?? []), ...(there.get(of)?.keys() ?? [])])].sort();
    return names.map((name) => ({ of, name, live: countIn(here, name), replayed: countIn(there, name) })).filter((count) => count.live !== count.replayed);
  });
}

async function countsOf(reader: FigureReader): Promise<ReadonlyMap<string, ReadonlyMap<string, string>>> {
  const answer = await reader.readFigures([BOOKS_HASH, CODES_HASH], limits.queryFields);
  if ('tooManyFields' in answer) throw new Error(`books and codes have ${answer.tooManyFields} fields, more than ${limits.queryFields}`);
  return new Map(answer.hashes.map(({ hash, fields }) => [hash, fields]));
}
