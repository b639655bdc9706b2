/** A topic from its beginning to the end it has now, decoded. */
import { limits } from '../limits';
import { avroType, Decoder } from '../shell/avro/codec';
import { schemaWithout, topicSchema } from '../shell/avro/schema-files';
import type { SourceRecord } from '../shell/ports';
import type { TopicName } from '../topology';
import { monotonicMs } from '../shell/waiting';
import type { Neighbours } from './neighbours';
import { say } from './output';

/** Decodes values of a topic; what cannot be decoded is named once on standard error, never passed over silently. */
export async function decodeAll<Value>(neighbours: Neighbours, topic: TopicName, values: readonly (Buffer | null)[], unread: readonly string[] = []): Promise<Value[]> {
  const registry = await neighbours.registry();
  const decoder = new Decoder<Value>(avroType(schemaWithout(topicSchema(topic), unread)), registry);
  await neighbours.registryCall(decoder.prepare(values, monotonicMs()));
  const decoded: Value[] = [];
  let undecodable = 0;
  for (const value of values) {
    const result = decoder.decode(value);
    if ('failure' in result) undecodable++;
    else decoded.push(result.value);
  }
  if (undecodable > 0) say(`${undecodable} records of ${topic} could not be decoded and are not shown`);
  return decoded;
}

/** Values of a topic as they stand, those that `keep` lets through. */
export async function readValues(neighbours: Neighbours, topic: TopicName, keep: (record: SourceRecord) => boolean = () => true): Promise<(Buffer | null)[]> {
  const inspector = await neighbours.inspector();
  const ranges = await neighbours.kafkaCall(inspector.offsets(topic));
  if (ranges.every(({ start, end }) => start === end)) return [];
  const values: (Buffer | null)[] = [];
  await neighbours.kafkaCall(inspector.readAll(topic, (_partition, record) => { if (keep(record)) values.push(record.value); }), limits.topicReadMs);
  return values;
}
