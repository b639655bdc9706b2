/** Readers outside the lasting groups. kafkajs has no manual assignment: a group of its own, deleted afterwards, stands in. */
import { randomUUID } from 'node:crypto';
import type { Consumer, Kafka } from 'kafkajs';
import { limits } from '../../limits';
import { READER_GROUPS, type TopicName } from '../../topology';
import type { SourceRecord, TailReader, TailStart, TroubleListener } from '../ports';
import { backoffMs, delay } from '../waiting';
import { sourceRecord } from './kafka-record';
import { inWords, type KafkaUser } from './refused';

type Each = (topic: TopicName, partition: number, record: SourceRecord) => void;

/**
 * Follows topics. From the beginning, it resolves once everything up to the end offsets seen at start has been handed
 * over; goes on until stopped. A client that dies before is an error of the start; one that dies later is replaced,
 * and what it replaces says so: then records come again from the beginning, or some are missed at the end.
 */
export async function followTopics(kafka: Kafka, topics: readonly TopicName[], each: Each, onTrouble: TroubleListener = () => undefined, from: TailStart = 'beginning', user?: KafkaUser): Promise<TailReader> {
  const tail = new KafkaTail(kafka, topics, each, onTrouble, from, user);
  try {
    await tail.start();
  } catch (error) {
    await tail.stop().catch(() => undefined);
    throw tail.explained(error as Error);
  }
  return tail;
}

class KafkaTail implements TailReader {
  private readonly groupId = `${READER_GROUPS}${randomUUID()}`;
  private readonly admin;
  private readonly waiting = new Map<string, number>();
  private consumer: Consumer | undefined;
  private stopped = false;
  private restarts = 0;
  private caughtUp: () => void = () => undefined;
  private failed: (error: Error) => void = () => undefined;
  private following = false;

  constructor(private readonly kafka: Kafka, private readonly topics: readonly TopicName[], private readonly each: Each, private readonly onTrouble: TroubleListener, private readonly from: TailStart, private readonly user: KafkaUser) {
    this.admin = kafka.admin();
  }

  explained(error: Error): Error { return inWords(error, this.user, `READ on topic ${this.topics.join(', ')} and on groups ${READER_GROUPS}*`); }

  async start(): Promise<void> {
    await this.admin.connect();
    for (const topic of this.from === 'beginning' ? this.topics : []) {
      for (const { partition, low, high } of await this.admin.fetchTopicOffsets(topic)) {
        if (Number(high) > Number(low)) this.waiting.set(`${topic}/${partition}`, Number(high));
      }
    }
    const done = new Promise<void>((resolve, reject) => { this.caughtUp = resolve; this.failed = reject; });
    /** Heard below, unless opening fails first. */
    done.catch(() => undefined);
    await this.open();
    if (this.waiting.size === 0) this.caughtUp();
    await done;
    this.following = true;
  }

  private async open(): Promise<void> {
    const consumer = this.kafka.consumer({ groupId: this.groupId, maxWaitTimeInMs: limits.fetchWaitMs * 4, maxBytesPerPartition: limits.fetchBytesPerPartition, sessionTimeout: limits.readerSessionMs, allowAutoTopicCreation: false, retry: { retries: 1_000_000, maxRetryTime: limits.backoffMaxMs, restartOnFailure: async () => !this.stopped } });
    this.consumer = consumer;
    consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => this.covered(`${payload.topic}/${payload.partition}`, Number(payload.lastOffset) + 1));
    consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
      if (this.stopped || this.consumer !== consumer) return;
      this.onTrouble(`reader restarts: ${this.explained(error).message}`);
      if (restart) return;
      if (this.following) void this.openAgain();
      else this.failed(error);
    });
    consumer.on(consumer.events.GROUP_JOIN, () => { if (this.following) this.onTrouble(undefined); });
    await consumer.connect();
    await consumer.subscribe({ topics: [...this.topics], fromBeginning: this.from === 'beginning' });
    await consumer.run({
      autoCommit: false,
      eachBatch: async ({ batch }) => {
        for (const message of batch.messages) this.each(batch.topic as TopicName, batch.partition, sourceRecord(message));
      },
    });
  }

  private covered(key: string, next: number): void {
    if (next >= (this.waiting.get(key) ?? 0)) this.waiting.delete(key);
    if (this.waiting.size === 0) this.caughtUp();
  }

  /** The client restarts by itself only after errors that it takes for passing ones. */
  private async openAgain(): Promise<void> {
    while (!this.stopped) {
      await delay(backoffMs(this.restarts++));
      if (this.stopped) return;
      try {
        return await this.open();
      } catch (error) {
        this.onTrouble(`reader restarts: ${this.explained(error as Error).message}`);
      }
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.consumer?.disconnect();
    await this.admin.deleteGroups([this.groupId]).catch(() => undefined);
    await this.admin.disconnect();
  }
}
