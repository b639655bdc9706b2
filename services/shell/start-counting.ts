/** Starts a stage that counts: its ledger and refusals, once the neighbours answer. */
import { rejectedTopic } from '../topology';
import { avroType, Encoder } from './avro/codec';
import { ledgerSchema, topicSchema } from './avro/schema-files';
import type { CountingStage } from './counting-stage';
import { LedgerEntries } from './ledger-entries';
import { silentMeasurements } from './measurements';
import { CountingRunner, type CountingRuntime } from './run-counting';
import type { RunningService, ServiceContext } from './service';
import { ownSchemaId } from './stage-codec';

/** Into which figures, made of what, and how the records of its topics are read. */
export type Counting<Event> = Pick<CountingRuntime<Event>, 'store' | 'manifest' | 'namespace' | 'beginAt' | 'readers' | 'traces' | 'backlog'>;

export async function startCounting<Event>(stage: CountingStage<Event>, counting: Counting<Event>, { logger, state, neighbours, untilReady, measurements = silentMeasurements }: ServiceContext): Promise<RunningService> {
  const runner = new CountingRunner(stage, {
    ...counting,
    log: neighbours.log(),
    logger, state, measurements,
    ledger: new LedgerEntries(avroType(ledgerSchema())),
    rejected: new Encoder(await untilReady('schema registry', () => ownSchemaId(neighbours.registry(), rejectedTopic)), avroType(topicSchema(rejectedTopic))),
  });
  await untilReady('kafka', () => runner.start());
  return runner;
}
