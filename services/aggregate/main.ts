import { avroType, Decoder } from '../shell/avro/codec';
import { ledgerSchema, schemaWithout, topicSchema } from '../shell/avro/schema-files';
import { connectLedger, connectLog, connectRegistry } from '../shell/connect';
import { manifestOf, readCubes, readProfile } from '../shell/definition-files';
import { CountingRunner } from '../shell/run-counting';
import { runService } from '../shell/service';
import { rejectedTopic, type TopicName } from '../topology';
import type { AggregateEvent } from './piece';
import { aggregateStage, unreadFields, unreadRefusalFields } from './stage';

void runService('aggregate', async ({ config, logger, state, untilReady }) => {
  const profile = readProfile(config.TIDEWAITER_PROFILE);
  const cubes = readCubes();
  const registry = connectRegistry(config);
  const decoder = (topic: TopicName, unread: readonly string[]): Decoder<AggregateEvent> => new Decoder(avroType(schemaWithout(topicSchema(topic), unread)), registry);
  const runner = new CountingRunner(aggregateStage(cubes, profile.timeZone), {
    log: connectLog(config, 'aggregate', logger, state.onTrouble),
    store: connectLedger(config, logger, state.onTrouble),
    manifest: manifestOf(config, profile, cubes),
    logger, state,
    decoders: new Map([
      ['customs.declarations.enriched.v1', decoder('customs.declarations.enriched.v1', unreadFields)],
      [rejectedTopic, decoder(rejectedTopic, unreadRefusalFields)],
    ]),
    facts: avroType(ledgerSchema()),
  });
  await untilReady('kafka', () => runner.start());
  return runner;
});
