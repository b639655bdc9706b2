/** Enriched records as explanations need them: what decided a version, and why. Party tokens are not even decoded. */
import type { EnrichedEvent } from '../aggregate/decide';
import { avroType, Decoder } from '../shell/avro/codec';
import { schemaWithout, topicSchema } from '../shell/avro/schema-files';
import type { LogInspector, LogStretch, SchemaSource, SourceRecord } from '../shell/ports';
import { monotonicMs } from '../shell/waiting';
import { limits } from '../limits';
import { countedTopic } from '../topology';

/** An event as `aggregate` decides on it, without the trader. */
export type ExplainedEvent = EnrichedEvent & { readonly standardized: { readonly referenceSet: string } };

const unread: readonly string[] = [
  'standardized.currency', 'standardized.exponent', 'standardized.accepted.items', 'standardized.accepted.payments', 'standardized.accepted.declarantToken', 'standardized.accepted.counterpartyToken',
  'standardized.accepted.traderToken', 'standardized.accepted.natureOfTransaction', 'standardized.accepted.incoterm', 'standardized.accepted.partnerCountry',
];

export interface LogPorts { readonly inspector: Pick<LogInspector, 'offsets' | 'readStretches' | 'readAll'>; readonly schemas: SchemaSource }
export interface PlacedRecord { readonly partition: number; readonly offset: number; readonly event: ExplainedEvent }

/** The records at some offsets; what the log lacks, or nobody can decode, is not there. */
export async function recordsAt(places: readonly { readonly partition: number; readonly offset: number }[], { inspector, schemas }: LogPorts, onProgress: (read: number) => void = () => undefined): Promise<PlacedRecord[]> {
  const wanted = new Set(places.map(({ partition, offset }) => `${partition}/${offset}`));
  const found: { partition: number; record: SourceRecord }[] = [];
  await inspector.readStretches(countedTopic, stretchesOf(places), (partition, record) => {
    if (!wanted.has(`${partition}/${record.offset}`)) return;
    found.push({ partition, record });
    onProgress(found.length);
  });
  return decoded(found, schemas);
}

/** Every record of one declaration in its partition, in order. */
export async function recordsOf(declarationId: string, partition: number, { inspector, schemas }: LogPorts, onProgress: (read: number, total: number) => void = () => undefined): Promise<PlacedRecord[]> {
  const range = (await inspector.offsets(countedTopic)).find((each) => each.partition === partition);
  if (!range) return [];
  const key = Buffer.from(declarationId);
  const found: { partition: number; record: SourceRecord }[] = [];
  await inspector.readStretches(countedTopic, [{ partition, from: range.start, to: range.end }], (_, record) => {
    if (record.key?.equals(key)) found.push({ partition, record });
    onProgress(record.offset - range.start, range.end - range.start);
  });
  return decoded(found, schemas);
}

/** Records that lie near each other are read in one go. */
export function stretchesOf(places: readonly { readonly partition: number; readonly offset: number }[]): LogStretch[] {
  const stretches: { partition: number; from: number; to: number }[] = [];
  for (const { partition, offset } of [...places].sort((a, b) => a.partition - b.partition || a.offset - b.offset)) {
    const last = stretches.at(-1);
    if (last && last.partition === partition && offset < last.to + limits.recordsReadOver) last.to = Math.max(last.to, offset + 1);
    else stretches.push({ partition, from: offset, to: offset + 1 });
  }
  return stretches;
}

async function decoded(found: readonly { readonly partition: number; readonly record: SourceRecord }[], schemas: SchemaSource): Promise<PlacedRecord[]> {
  const decoder = new Decoder<ExplainedEvent>(avroType(schemaWithout(topicSchema(countedTopic), unread)), schemas);
  await decoder.prepare(found.map(({ record }) => record.value), monotonicMs());
  return found.flatMap(({ partition, record }) => {
    const result = decoder.decode(record.value);
    return 'failure' in result ? [] : [{ partition, offset: record.offset, event: result.value }];
  });
}
