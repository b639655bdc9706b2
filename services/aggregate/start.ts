import { avroType, Decoder } from '../shell/avro/codec';
import { schemaWithout, topicSchema } from '../shell/avro/schema-files';
import { manifestOf, readCubes, readProfile } from '../shell/definition-files';
import { readAsIs, type EventReader } from '../shell/event-reader';
import type { StartService } from '../shell/service';
import { startCounting } from '../shell/start-counting';
import { countedTopic, rejectedTopic, type TopicName } from '../topology';
import type { AggregateEvent } from './piece';
import { aggregateStage, unreadFields, unreadRefusalFields } from './stage';

export const startAggregate: StartService = async (context) => {
  const { config, neighbours, traces } = context;
  const profile = readProfile(config.TIDEWAITER_PROFILE);
  const cubes = readCubes();
  const registry = neighbours.registry();
  const reader = (topic: TopicName, unread: readonly string[]): EventReader<AggregateEvent> => readAsIs(new Decoder(avroType(schemaWithout(topicSchema(topic), unread)), registry));
  return startCounting(aggregateStage(cubes, profile.timeZone, config.TIDEWAITER_LEDGER_HORIZON_DAYS), {
    store: neighbours.ledger(),
    manifest: manifestOf(config, profile, cubes),
    namespace: config.TIDEWAITER_NAMESPACE,
    readers: new Map([
      [countedTopic, reader(countedTopic, unreadFields)],
      [rejectedTopic, reader(rejectedTopic, unreadRefusalFields)],
    ]),
    traces,
  }, context);
};
