/** Readers outside the lasting groups. kafkajs has no manual assignment: a group of its own, deleted afterwards, stands in. */
import { randomUUID } from 'node:crypto';
import type { Kafka } from 'kafkajs';
import { limits } from '../../limits';
import type { TopicName } from '../../topology';
import type { SourceRecord, TailReader } from '../ports';
import { sourceRecord } from './kafka-record';

/**
 * Follows topics from the beginning. Resolves once everything up to the end offsets seen at start has
 * been handed over; goes on until stopped.
 */
export async function followTopics(kafka: Kafka, topics: readonly TopicName[], each: (topic: TopicName, partition: number, record: SourceRecord) => void): Promise<TailReader> {
  const groupId = `tidewaiter.reader.${randomUUID()}`;
  const admin = kafka.admin();
  await admin.connect();
  const waiting = new Map<string, number>();
  let stopped = false;
  for (const topic of topics) {
    for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
      if (Number(high) > Number(low)) waiting.set(`${topic}/${partition}`, Number(high));
    }
  }
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: limits.fetchWaitMs * 4, maxBytesPerPartition: limits.fetchBytesPerPartition, sessionTimeout: limits.readerSessionMs, allowAutoTopicCreation: false, retry: { retries: 1_000_000, maxRetryTime: limits.backoffMaxMs, restartOnFailure: async () => !stopped } });
  let caughtUp: () => void = () => undefined;
  const done = new Promise<void>((resolve) => { caughtUp = resolve; });
  const covered = (topic: string, partition: number, next: number): void => {
    const key = `${topic}/${partition}`;
    if (next >= (waiting.get(key) ?? 0)) waiting.delete(key);
    if (waiting.size === 0) caughtUp();
  };
  consumer.on(consumer.events.END_BATCH_PROCESS, ({ payload }) => covered(payload.topic, payload.partition, Number(payload.lastOffset) + 1));
  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      for (const message of batch.messages) each(batch.topic as TopicName, batch.partition, sourceRecord(message));
    },
  });
  if (waiting.size > 0) await done;
  return {
    async stop(): Promise<void> {
      stopped = true;
      await consumer.disconnect();
      await admin.deleteGroups([groupId]).catch(() => undefined);
      await admin.disconnect();
    },
  };
}
