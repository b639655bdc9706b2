/** What the topics hold against the store, and against themselves: for the simulation and for real parts. */
import { avroType, FRAME_BYTES } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import { readCubes } from '../../services/shell/definition-files';
import type { SourceRecord } from '../../services/shell/ports';
import { flow, publishedTopics, type TopicName, type View } from '../../services/topology';
import { differencesOf, type Cells } from './redis-cells';

/** Everything that a topic holds, partition by partition in order. */
export type RecordsOf = (topic: TopicName) => readonly SourceRecord[];

/** A subscriber that reads from the start ends with the cells of the store; a revision is never repeated or lower than one before it in its partition. */
export function published(recordsOf: RecordsOf, cells: Cells): string[] {
  const found: string[] = [];
  const cubes = readCubes();
  for (const [view, topic] of Object.entries(publishedTopics) as [View, TopicName][]) {
    const type = avroType(topicSchema(topic));
    const last = new Map<string, Record<string, unknown>>();
    for (const { key, value } of recordsOf(topic)) {
      const name = key?.toString() ?? '';
      if (name.startsWith('@')) continue;
      if (value === null) { last.delete(name); continue; }
      const record = type.fromBuffer(value.subarray(FRAME_BYTES)) as Record<string, unknown>;
      if (Number(record['revision']) > Number(last.get(name)?.['revision'] ?? -1)) last.set(name, record);
    }
    const wanted = new Map<string, bigint>();
    for (const [key, amount] of cells) {
      const [hash = '', field = ''] = splitAt(key, ' ');
      const [of, id, grain] = hash.split('/');
      const published = of === view && cubes[view].combinations.find((combination) => combination.id === id)?.publish?.grains.includes(grain as 'day');
      if (published) wanted.set(`${hash}|${field}`, amount);
    }
    const told = new Map<string, bigint>();
    for (const [name, record] of last) for (const [measure, amount] of measuresOf(record)) if (amount !== 0n) told.set(`${name}:${measure}`, amount);
    found.push(...differencesOf(wanted, told).map((difference) => `${topic} ${difference}`));
  }
  return found;
}

interface Origin { readonly partition: number; readonly offset: number }
/** A record of the flow has its origin itself, or as first field the record that it was made from. */
const originOf = (record: object): Origin => ('origin' in record ? (record.origin as Origin) : originOf(Object.values(record)[0] as object));

/** What a crash repeats is, byte for byte, what was there before (exactness 13). */
export function unlikeRepeats(recordsOf: RecordsOf): string[] {
  const found: string[] = [];
  for (const { output: topic } of flow) {
    const type = avroType(topicSchema(topic));
    const first = new Map<string, Buffer>();
    for (const { value: framed } of recordsOf(topic)) {
      if (framed === null) continue;
      const value = framed.subarray(FRAME_BYTES);
      const { partition, offset } = originOf(type.fromBuffer(value) as object);
      const before = first.get(`${partition}/${offset}`);
      if (!before) first.set(`${partition}/${offset}`, value);
      else if (!before.equals(value)) found.push(`${topic}: raw record ${partition}/${offset} was decided in two ways`);
    }
  }
  return found.slice(0, 20);
}

const splitAt = (text: string, mark: string): [string, string] => { const index = text.indexOf(mark); return [text.slice(0, index), text.slice(index + 1)]; };
const money = new Set(['assessed', 'relief', 'collected', 'refunded', 'deposits', 'value']);
const others = new Set(['lines', 'items', 'netMassKg']);

/** In units of the store: CDF has two decimals, the topics four. */
function measuresOf(record: Record<string, unknown>): [string, bigint][] {
  const all: [string, bigint][] = [];
  for (const [name, amount] of Object.entries(record)) {
    if (money.has(name)) all.push([name, BigInt(amount as bigint) / 100n]);
    else if (others.has(name)) all.push([name, BigInt(amount as bigint | number)]);
  }
  return all;
}

