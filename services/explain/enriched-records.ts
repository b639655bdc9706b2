/** Enriched records, as the services wrote them: what live figures are counted from. */
import { avroType, Decoder } from '../shell/avro/codec';
import { schemaWithout, topicSchema } from '../shell/avro/schema-files';
import type { SchemaSource } from '../shell/ports';
import { monotonicMs } from '../shell/waiting';
import { countedTopic } from '../topology';
import { unreadByExplanations, type DecidedRecords, type ExplainedEvent, type LogPorts, type PlacedRecord } from './decided-records';
import { recordsAt, recordsHeld, recordsOf, type FoundRecord } from './found-records';
import { refusalsHeld, refusedVersions } from './refused-versions';

export const enrichedRecords = (log: LogPorts): DecidedRecords => ({
  at: async (places, onProgress) => decoded(await recordsAt(countedTopic, places, log.inspector, onProgress), log.schemas),
  size: async (partition) => (await recordsHeld(countedTopic, partition, log.inspector)) + (await refusalsHeld(log.inspector)),
  of: async (declarationId, partition, onProgress) => ({
    records: await decoded(await recordsOf(countedTopic, declarationId, partition, log.inspector, onProgress), log.schemas),
    refused: await refusedVersions(declarationId, log, () => true),
  }),
});

async function decoded(found: readonly FoundRecord[], schemas: SchemaSource): Promise<PlacedRecord[]> {
  const decoder = new Decoder<ExplainedEvent>(avroType(schemaWithout(topicSchema(countedTopic), unreadByExplanations)), schemas);
  await decoder.prepare(found.map(({ record }) => record.value), monotonicMs());
  return found.flatMap(({ partition, record }) => {
    const result = decoder.decode(record.value);
    return 'failure' in result ? [] : [{ partition, offset: record.offset, event: result.value }];
  });
}
