import { avroType, Decoder, Encoder } from '../shell/avro/codec';
import { ledgerSchema, schemaWithout, topicSchema } from '../shell/avro/schema-files';
import { manifestOf, readCubes, readProfile } from '../shell/definition-files';
import { LedgerEntries } from '../shell/ledger-entries';
import { silentMeasurements } from '../shell/measurements';
import { CountingRunner } from '../shell/run-counting';
import type { StartService } from '../shell/service';
import { ownSchemaId } from '../shell/stage-codec';
import { countedTopic, rejectedTopic, type TopicName } from '../topology';
import type { AggregateEvent } from './piece';
import { aggregateStage, unreadFields, unreadRefusalFields } from './stage';

export const startAggregate: StartService = async ({ config, logger, state, neighbours, untilReady, measurements = silentMeasurements, traces }) => {
  const profile = readProfile(config.TIDEWAITER_PROFILE);
  const cubes = readCubes();
  const registry = neighbours.registry();
  const decoder = (topic: TopicName, unread: readonly string[]): Decoder<AggregateEvent> => new Decoder(avroType(schemaWithout(topicSchema(topic), unread)), registry);
  const runner = new CountingRunner(aggregateStage(cubes, profile.timeZone, config.TIDEWAITER_LEDGER_HORIZON_DAYS), {
    log: neighbours.log(),
    store: neighbours.ledger(),
    manifest: manifestOf(config, profile, cubes),
    namespace: config.TIDEWAITER_NAMESPACE,
    logger, state, measurements, traces,
    decoders: new Map([
      [countedTopic, decoder(countedTopic, unreadFields)],
      [rejectedTopic, decoder(rejectedTopic, unreadRefusalFields)],
    ]),
    ledger: new LedgerEntries(avroType(ledgerSchema())),
    rejected: new Encoder(await untilReady('schema registry', () => ownSchemaId(registry, rejectedTopic)), avroType(topicSchema(rejectedTopic))),
  });
  await untilReady('kafka', () => runner.start());
  return runner;
};
