import { randomUUID } from 'node:crypto';
import type { Admin, Kafka } from 'kafkajs';
import { consumerGroup, READER_GROUPS, type StageName, type TopicName } from '../../topology';
import type { CommittedPosition, FetchedBatch, LogInspector, LogStretch, OffsetRange, Source, SourceRecord, TopicPartition, TroubleListener } from '../ports';
import { readRanges } from '../range-reader';
import { readStretches } from './kafka-stretches';
import { followTopics } from './kafka-tail';
import { NO_COMMIT, sourceRecord } from './kafka-record';
import { explained, type KafkaUser } from './refused';

const TOPIC_RESOURCE = 2;

/** A member of a group, as readers of ranges are one for a while. */
export type SourceMaker = (groupId: string, topics: readonly TopicName[], onTrouble: TroubleListener) => Source;

/** Looks at topics and groups without belonging to any of the lasting ones. */
export class KafkaInspector implements LogInspector {
  private renewing: Promise<void> | undefined;

  private constructor(private readonly kafka: Kafka, private admin: Admin, private readonly sourceOf: SourceMaker, private readonly user: KafkaUser) {}

  static async connect(kafka: Kafka, sourceOf: SourceMaker, user?: KafkaUser): Promise<KafkaInspector> {
    const admin = kafka.admin();
    await explained(admin.connect(), user, 'to sign in');
    return new KafkaInspector(kafka, admin, sourceOf, user);
  }

  async offsets(topic: TopicName): Promise<{ partition: number; start: number; end: number }[]> {
    const offsets = await explained(this.offsetsFromLeaders(topic), this.user, `DESCRIBE on topic ${topic}`);
    return offsets.map(({ partition, low, high }) => ({ partition, start: Number(low), end: Number(high) })).sort((a, b) => a.partition - b.partition);
  }

  async offsetsAt(topic: TopicName, timestampMs: number): Promise<{ partition: number; offset: number }[]> {
    const offsets = await explained(this.admin.fetchTopicOffsetsByTimestamp(topic, timestampMs), this.user, `DESCRIBE on topic ${topic}`);
    return offsets.map(({ partition, offset }) => ({ partition, offset: Number(offset) })).sort((a, b) => a.partition - b.partition);
  }

  async stampedByBroker(topic: TopicName): Promise<boolean> {
    const { resources } = await explained(this.admin.describeConfigs({ includeSynonyms: false, resources: [{ type: TOPIC_RESOURCE, name: topic, configNames: ['message.timestamp.type'] }] }), this.user, `DESCRIBE_CONFIGS on topic ${topic}`);
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
    const [fetched] = await explained(this.admin.fetchOffsets({ groupId: consumerGroup(stage), topics: [topic] }), this.user, `DESCRIBE on group ${consumerGroup(stage)} and on topic ${topic}`);
    return (fetched?.partitions ?? [])
      .filter(({ offset }) => Number(offset) !== NO_COMMIT)
      .map(({ partition, offset, metadata }) => ({ topic, partition, offset: Number(offset), metadata: metadata ?? '' }));
  }

  async members(stage: StageName, namespace?: string): Promise<number> {
    const group = consumerGroup(stage, namespace);
    const { groups } = await explained(this.admin.describeGroups([group]), this.user, `DESCRIBE on group ${group}`);
    return groups[0]?.members.length ?? 0;
  }

  async read({ topic, partition, offset }: TopicPartition & { readonly offset: number }, limit: number): Promise<SourceRecord[]> {
    const groupId = `${READER_GROUPS}${randomUUID()}`;
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

  async readStretches(topic: TopicName, stretches: readonly LogStretch[], each: (partition: number, record: SourceRecord) => void): Promise<void> {
    const ranges = new Map((await this.offsets(topic)).map(({ partition, start, end }) => [partition, { start, end }]));
    const there = stretches.flatMap(({ partition, from, to }) => {
      const { start, end } = ranges.get(partition) ?? { start: 0, end: 0 };
      const [first, last] = [Math.max(from, start), Math.min(to, end)];
      return first < last ? [{ partition, from: first, to: last }] : [];
    });
    if (there.length === 0) return;
    const groupId = `${READER_GROUPS}${randomUUID()}`;
    try {
      await explained(readStretches(this.kafka, groupId, topic, there, each), this.user, `READ on topic ${topic} and on groups ${READER_GROUPS}*`);
    } finally {
      await this.admin.deleteGroups([groupId]).catch(() => undefined);
    }
  }

  async readAll(topic: TopicName, each: (partition: number, record: SourceRecord) => void): Promise<void> {
    const reader = await followTopics(this.kafka, [topic], (_topic, partition, record) => each(partition, record), undefined, 'beginning', this.user);
    await reader.stop();
  }

  async readRanges(ranges: readonly OffsetRange[], each: (batch: FetchedBatch) => Promise<void>): Promise<void> {
    const groupId = `${READER_GROUPS}${randomUUID()}`;
    const topics = [...new Set(ranges.map(({ topic }) => topic))];
    try {
      await readRanges((onTrouble) => this.sourceOf(groupId, topics, onTrouble), ranges, async ({ topic, partition }) => (await this.offsets(topic)).find((held) => held.partition === partition), each);
    } finally {
      await this.admin.deleteGroups([groupId]).catch(() => undefined);
    }
  }

  async close(): Promise<void> { await this.admin.disconnect(); }
}
