/** The record that a stage refused, as people may see it: decoded, without party ids. */
import type { RejectedDeclaration } from '../domain/declaration';
import { AMOUNT_SCALE, formatDecimal, MEASURE_SCALE } from '../domain/decimal';
import { avroType, Decoder, FRAME_BYTES } from '../shell/avro/codec';
import { topicSchema } from '../shell/avro/schema-files';
import type { SchemaSource } from '../shell/ports';
import { monotonicMs } from '../shell/waiting';
import { topics, type TopicName } from '../topology';
import { withoutParties } from './reject-list';

/** Bytes that cannot be decoded may hold ids of persons: no more is told than their number, and the frame where there is one. */
export interface Undecodable { readonly undecodable: true; readonly bytes: number; readonly beginsWith?: string }

/** Null: the record had no value. Rejects while the registry is away. */
export async function refusedContent({ recordTopic, recordValue }: Pick<RejectedDeclaration, 'recordTopic' | 'recordValue'>, schemas: SchemaSource): Promise<object | Undecodable | null> {
  if (recordValue === null) return null;
  const topic = topics.find(({ name }) => name === recordTopic)?.name;
  const decoded = topic === undefined ? undefined : await decodeRecord(schemas, topic, recordValue);
  if (decoded !== undefined) return withoutParties(decoded, scaleOf, formatDecimal) as object;
  return { undecodable: true, bytes: recordValue.length, ...(recordValue[0] === 0 ? { beginsWith: recordValue.subarray(0, FRAME_BYTES).toString('hex') } : {}) };
}

async function decodeRecord(schemas: SchemaSource, topic: TopicName, value: Buffer): Promise<unknown> {
  const decoder = new Decoder<unknown>(avroType(topicSchema(topic)), schemas);
  await decoder.prepare([value], monotonicMs());
  const result = decoder.decode(value);
  return 'failure' in result ? undefined : result.value;
}

/** Scales of the decimals of a declaration, by field name (schemas/customs.declarations.raw.v1.avsc): rates and amounts share one. */
const measures: ReadonlySet<string> = new Set(['netMassKg', 'value']);
const scaleOf = (field: string): number => (measures.has(field) ? MEASURE_SCALE : AMOUNT_SCALE);
