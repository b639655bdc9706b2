/** The same questions to the broker in memory and to a real one: topics of its own, groups of its own, removed afterwards. */
import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { KafkaLog } from '../../services/shell/kafka/kafka-log';
import { createLogger } from '../../services/shell/log';
import { MemoryBroker } from '../../services/shell/memory/memory-broker';
import { MemoryLog } from '../../services/shell/memory/memory-log';
import type { Log, Source, TopicPartition } from '../../services/shell/ports';
import { consumerGroup, type StageName, type TopicName } from '../../services/topology';
import { leaveGroup } from './leave-group';
import { requireStack } from './test-stack';
import { until } from './until';

export const PARTITIONS = 4;

export interface LogWorld {
  /** Log-append time. */
  readonly stamped: TopicName;
  /** Create time. */
  readonly unstamped: TopicName;
  /** A process. */
  log(): Log;
  /** A group that nobody else uses. */
  freshStage(): StageName;
  /** Two offsets without a record. */
  hole(target: TopicPartition): Promise<void>;
  deleteBefore(target: TopicPartition & { readonly offset: number }): Promise<void>;
  /** Throws the group's only member out without telling it. */
  expel(stage: StageName, source: Source): Promise<void>;
  close(): Promise<void>;
}

export async function memoryWorld(): Promise<LogWorld> {
  const broker = new MemoryBroker({ partitions: PARTITIONS, recordsPerFetch: 100 });
  return {
    stamped: 'customs.declarations.raw.v1',
    unstamped: 'customs.declarations.accepted.v1',
    log: () => new MemoryLog(broker),
    freshStage: () => `contract-${randomUUID()}` as StageName,
    hole: async (target) => broker.appendMarker(target, 2),
    deleteBefore: async (target) => broker.deleteBefore(target),
    expel: async (_stage, source) => (source as ReturnType<MemoryLog['source']>).expel(),
    close: async () => undefined,
  };
}

export async function kafkaWorld(): Promise<LogWorld> {
  const { brokers } = requireStack();
  const kafka = new Kafka({ clientId: 'contract', brokers: [...brokers], logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const run = randomUUID();
  const stamped = `contract.${run}.stamped` as TopicName;
  const unstamped = `contract.${run}.unstamped` as TopicName;
  const topic = (name: string, type: string) => ({ topic: name, numPartitions: PARTITIONS, replicationFactor: 1, configEntries: [{ name: 'message.timestamp.type', value: type }] });
  await admin.createTopics({ waitForLeaders: true, topics: [topic(stamped, 'LogAppendTime'), topic(unstamped, 'CreateTime')] });
  const stages: StageName[] = [];
  return {
    stamped,
    unstamped,
    log: () => new KafkaLog({ brokers, clientId: 'contract' }, createLogger('contract', 'silent')),
    freshStage: () => {
      const stage = `contract-${randomUUID()}` as StageName;
      stages.push(stage);
      return stage;
    },
    hole: async (target) => {
      /** A topic that was just made may have no leader yet. */
      const end = async (): Promise<number> => Number((await admin.fetchTopicOffsets(target.topic).catch(() => [])).find(({ partition }) => partition === target.partition)?.high);
      let before = NaN;
      await until('a leader', async () => !Number.isNaN(before = await end()));
      const producer = kafka.producer({ transactionalId: `contract-${randomUUID()}`, idempotent: true, maxInFlightRequests: 1 });
      await producer.connect();
      const transaction = await producer.transaction();
      await transaction.send({ topic: target.topic, messages: [{ partition: target.partition, key: 'aborted', value: 'aborted' }] });
      await transaction.abort();
      await producer.disconnect();
      /** The broker acknowledges an abort before its marker is in the log: what is sent at once may come to lie in front of it. */
      await until('the marker', async () => await end() === before + 2);
    },
    deleteBefore: async ({ topic: name, partition, offset }) => {
      /** The client knows leaders only of topics that it has been asked about. */
      await admin.fetchTopicOffsets(name);
      await admin.deleteTopicRecords({ topic: name, partitions: [{ partition, offset: String(offset) }] });
    },
    expel: async (stage) => {
      const { groups } = await admin.describeGroups([consumerGroup(stage)]);
      for (const { memberId } of groups[0]?.members ?? []) await leaveGroup(brokers[0] as string, consumerGroup(stage), memberId);
    },
    close: async () => {
      for (const stage of stages) await admin.deleteGroups([consumerGroup(stage)]).catch(() => undefined);
      await admin.deleteTopics({ topics: [stamped, unstamped] });
      const left = new Set(await admin.listTopics());
      await until('the topics are gone', async () => !left.has(stamped) || !(await admin.listTopics()).includes(stamped));
      await admin.disconnect();
    },
  };
}
