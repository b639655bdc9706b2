/**
 * After a take-over or a rebuild: the topics' copy against the store, over the union of their cells.
 * What differs is published anew; what the store no longer has is withdrawn.
 */
import { splitField } from '../domain/cubes';
import { limits } from '../limits';
import { publishedTopics, type View } from '../topology';
import type { FigureReader } from '../shell/figure-store';
import { cellDigest, measuresOf, parseRecordKey, unitsOf, type RecordContext } from './cells';
import type { TopicCopy } from './topic-copy';

export async function reconcile(
  reader: FigureReader,
  context: RecordContext,
  copy: TopicCopy,
  publish: (key: string, units: readonly string[]) => void,
  withdraw: (key: string) => Promise<void>,
): Promise<void> {
  const present = new Set<string>();
  for (const view of Object.keys(publishedTopics) as View[]) {
    for (const { id, publish: published } of context.cubes[view].combinations) {
      for (const grain of published?.grains ?? []) {
        for await (const hash of reader.hashNames(`${view}/${id}/${grain}/`)) await compareHash(reader, hash, copy, present, publish);
      }
    }
  }
  for (const key of [...copy.cells.keys()]) if (!present.has(key)) await withdraw(key);
}

async function compareHash(reader: FigureReader, hash: string, copy: TopicCopy, present: Set<string>, publish: (key: string, units: readonly string[]) => void): Promise<void> {
  const answer = await reader.readFigures([hash], limits.queryFields);
  if (!('hashes' in answer)) throw new Error(`${hash} holds ${answer.tooManyFields} fields, more than one reading may take`);
  const cells = new Map<string, Map<string, bigint>>();
  for (const [field, value] of answer.hashes[0]?.fields ?? []) {
    const { name, measure } = splitField(field);
    let measures = cells.get(name);
    if (!measures) cells.set(name, (measures = new Map<string, bigint>()));
    measures.set(measure, BigInt(value));
  }
  for (const [name, values] of cells) {
    const key = `${hash}|${name}`;
    const address = parseRecordKey(key);
    if (!address) continue;
    const units = unitsOf(values.keys());
    const measures = measuresOf(address.view, units);
    present.add(key);
    const known = copy.cell(key);
    const status = known?.final ? 'FINAL' : 'PROVISIONAL';
    if (known?.digest !== cellDigest({ address, measures, values: measures.map((measure) => values.get(measure) ?? 0n), status })) publish(key, units);
  }
}
