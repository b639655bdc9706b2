import { limits } from '../limits';
import type { FigureReader } from './figure-store';

/** All fields of one hash of cells; none where there is no such hash. @throws when it holds more than one reading may take. */
export async function readHash(reader: FigureReader, hash: string): Promise<ReadonlyMap<string, string>> {
  const answer = await reader.readFigures([hash], limits.queryFields);
  if (!('hashes' in answer)) throw new Error(`${hash} holds ${answer.tooManyFields} fields, more than one reading may take`);
  return answer.hashes[0]?.fields ?? new Map<string, string>();
}
