import type { Admin, Kafka } from 'kafkajs';
import { consumerGroup, type StageName, type TopicName } from '../../topology';
import type { CommittedPosition, LogInspector, SourceRecord, TopicPartition } from '../ports';
import { followTopics } from './kafka-tail';
import { NO_COMMIT, sourceRecord } from './kafka-record';
import { randomUUID } from 'node:crypto';

const TOPIC_RESOURCE = 2;

/** Looks at topics and groups without belonging to any of the lasting ones. */
export class KafkaInspector implements LogInspector {
  private renewing: Promise<void> | undefined;

  private constructor(private readonly kafka: Kafka, private admin: Admin) {}

  static async connect(kafka: Kafka): Promise<KafkaInspector> {
    const admin = kafka.admin();
    await admin.connect();
    return new KafkaInspector(kafka, admin);
  }

  async offsets(topic: TopicName): Promise<{ partition: number; start: number; end: number }[]> {
    const offsets = await this.offsetsFromLeaders(topic);
    return offsets.map(({ partition, low, high }) => ({ partition, start: Number(low), end: Number(high) })).sort((a, b) => a.partition - b.partition);
  }

  async stampedByBroker(topic: TopicName): Promise<boolean> {
    const { resources } = await this.admin.describeConfigs({ includeSynonyms: false, resources: [{ type: TOPIC_RESOURCE, name: topic, configNames: ['message.timestamp.type'] }] });
    return resources[0]?.configEntries[0]?.configValue === 'LogAppendTime';
  }

  /** The client goes on asking who led five minutes ago, and gives up on the answer: a new connection learns who leads now. */
  private async offsetsFromLeaders(topic: TopicName): ReturnType<Admin['fetchTopicOffsets']> {
    try {
      return await this.admin.fetchTopicOffsets(topic);
    } catch (error) {
      if ((error as { type?: string }).type !== 'NOT_LEADER_FOR_PARTITION') throw error;
      await (this.renewing ??= this.renew().finally(() => { this.renewing = undefined; }));
      return this.admin.fetchTopicOffsets(topic);
    }
  }

  private async renew(): Promise<void> {
    const [before, admin] = [this.admin, this.kafka.admin()];
    await admin.connect();
    this.admin = admin;
    await before.disconnect().catch(() => undefined);
  }

  async committed(stage: StageName, topic: TopicName): Promise<CommittedPosition[]> {
    const [fetched] = await this.admin.fetchOffsets({ groupId: consumerGroup(stage), topics: [topic] });
    return (fetched?.partitions ?? [])
      .filter(({ offset }) => Number(offset) !== NO_COMMIT)
      .map(({ partition, offset, metadata }) => ({ topic, partition, offset: Number(offset), metadata: metadata ?? '' }));
  }

  async members(stage: StageName): Promise<number> {
    const { groups } = await this.admin.describeGroups([consumerGroup(stage)]);
    return groups[0]?.members.length ?? 0;
  }

  async read({ topic, partition, offset }: TopicPartition & { readonly offset: number }, limit: number): Promise<SourceRecord[]> {
    const groupId = `tidewaiter.reader.${randomUUID()}`;
    const consumer = this.kafka.consumer({ groupId, maxWaitTimeInMs: 50, allowAutoTopicCreation: false });
    const records: SourceRecord[] = [];
    const end = (await this.offsets(topic)).find((range) => range.partition === partition)?.end ?? 0;
    if (offset >= end) return [];
    await consumer.connect();
    try {
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      await new Promise<void>((resolve, reject) => {
        consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
          const assigned = (payload.memberAssignment as Record<string, number[]>)[topic] ?? [];
          const others = assigned.filter((id) => id !== partition);
          if (others.length > 0) consumer.pause([{ topic, partitions: others }]);
          consumer.seek({ topic, partition, offset: String(offset) });
        });
        consumer.on(consumer.events.CRASH, ({ payload }) => reject(payload.error));
        consumer.run({
          autoCommit: false,
          eachBatch: async ({ batch }) => {
            if (batch.partition !== partition || Number((batch as unknown as { fetchedOffset: string }).fetchedOffset) < offset) return;
            for (const message of batch.messages) if (records.length < limit) records.push(sourceRecord(message));
            if (records.length >= limit || Number(batch.lastOffset()) + 1 >= end) resolve();
          },
        }).catch(reject);
      });
    } finally {
      await consumer.disconnect();
      await this.admin.deleteGroups([groupId]).catch(() => undefined);
    }
    return records;
  }

  async readAll(topic: TopicName, each: (partition: number, record: SourceRecord) => void): Promise<void> {
    const reader = await followTopics(this.kafka, [topic], (_topic, partition, record) => each(partition, record));
    await reader.stop();
  }

  async close(): Promise<void> { await this.admin.disconnect(); }
}
