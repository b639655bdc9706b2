/** What was told of a figure over time: the records of its cell on the aggregate topic, as far as the log has them. */
import { cellHash, cellName, viewShapes, type Combination, type Cubes } from '../domain/cubes';
import { AMOUNT_SCALE, COUNTED_MEASURE_SCALE, formatDecimal } from '../domain/decimal';
import { grains, type Grain } from '../domain/period';
import { limits } from '../limits';
import type { PeriodRequest } from '../query/period-request';
import { avroType, Decoder } from '../shell/avro/codec';
import { topicSchema } from '../shell/avro/schema-files';
import type { SourceRecord } from '../shell/ports';
import { monotonicMs } from '../shell/waiting';
import { publishedTopics, type TopicName, type View } from '../topology';
import type { LogPorts } from './decided-records';

export interface PublishedPlace { readonly topic: TopicName; readonly key: string }
export interface Revision {
  readonly revision: number;
  readonly generation: number;
  /** When the broker took it. */
  readonly at: string;
  readonly status: string;
  readonly amounts: Readonly<Record<string, string | number>>;
  /** Source positions that it reflects, by topic and partition. */
  readonly offsets: Readonly<Record<string, string>>;
}

/** Where a question's figure is published; undefined: it is not, or is more than one cell. */
export function publishedPlace(cubes: Cubes, view: View, { kind, value }: PeriodRequest, where: Readonly<Record<string, string>>): PublishedPlace | undefined {
  const topic = publishedTopics[view];
  const grain = grains.find((candidate) => candidate === kind);
  const asked = Object.keys(where);
  const combination = cubes[view].combinations.find((candidate) => grain !== undefined && isAsked(candidate, grain, asked));
  return topic === undefined || grain === undefined || !combination ? undefined : { topic, key: `${cellHash(view, combination.id, grain, value)}|${cellName(combination.dimensions, where)}` };
}

const isAsked = ({ dimensions, publish }: Combination, grain: Grain, asked: readonly string[]): boolean =>
  publish?.grains.includes(grain) === true && dimensions.length === asked.length && dimensions.every((dimension) => asked.includes(dimension));

type CellRecord = Record<string, unknown> & { readonly revision: number; readonly generation: number; readonly status: string; readonly sourceOffsets: Readonly<Record<string, number>>; readonly quantities?: readonly { readonly unit: string; readonly value: bigint }[] };

/** Oldest first; `partition`: of the key. Looks no further back than so many records of the partition. */
export async function revisionsOf({ topic, key }: PublishedPlace, view: View, partition: number, { inspector, schemas }: LogPorts, lookedThrough: number = limits.revisionsLookedThrough): Promise<Revision[]> {
  const range = (await inspector.offsets(topic)).find((each) => each.partition === partition);
  if (!range) return [];
  const wanted = Buffer.from(key);
  const found: SourceRecord[] = [];
  await inspector.readStretches(topic, [{ partition, from: Math.max(range.start, range.end - lookedThrough), to: range.end }], (_, record) => {
    if (record.value !== null && record.key?.equals(wanted)) found.push(record);
  });
  const decoder = new Decoder<CellRecord>(avroType(topicSchema(topic)), schemas);
  await decoder.prepare(found.map(({ value }) => value), monotonicMs());
  return found.flatMap(({ value, timestamp }) => {
    const result = decoder.decode(value);
    return 'failure' in result ? [] : [revisionOf(result.value, view, timestamp)];
  });
}

function revisionOf(record: CellRecord, view: View, timestampMs: number): Revision {
  const amounts: Record<string, string | number> = {};
  for (const [measure, kind] of Object.entries(viewShapes[view].measures)) {
    const amount = record[measure] as bigint | number | undefined;
    if (kind === 'quantity') for (const { unit, value } of record.quantities ?? []) amounts[`${measure}.${unit}`] = formatDecimal(value, COUNTED_MEASURE_SCALE);
    else if (amount !== undefined && amount !== null) amounts[measure] = kind === 'count' ? Number(amount) : formatDecimal(BigInt(amount), kind === 'money' ? AMOUNT_SCALE : COUNTED_MEASURE_SCALE);
  }
  return {
    revision: record.revision, generation: record.generation, at: new Date(timestampMs).toISOString(), status: record.status.toLowerCase(), amounts,
    offsets: Object.fromEntries(Object.entries(record.sourceOffsets).map(([place, next]) => [place, String(next)])),
  };
}
