import { definitionsByMonth, DEFINITIONS_HASH } from '../domain/definitions-applied';
import { limits } from '../limits';
import type { FigureReader } from './figure-store';

/** By month that has events, in order: the packs that decided them. */
export async function readDefinitionsByMonth(reader: FigureReader): Promise<Map<string, string>> {
  const answer = await reader.readFigures([DEFINITIONS_HASH], limits.queryFields);
  return definitionsByMonth('hashes' in answer ? answer.hashes.flatMap(({ fields }) => [...fields.keys()]) : []);
}
