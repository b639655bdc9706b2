/** Single records and long stretches of a topic, without what lies between them: seeks from one to the next, in a group of its own that is deleted afterwards. */
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { limits } from '../../limits';
import type { TopicName } from '../../topology';
import type { LogStretch, SourceRecord } from '../ports';
import { sourceRecord } from './kafka-record';

type Each = (partition: number, record: SourceRecord) => void;
/** `at`: the offset that the next batch is asked from; others were asked for before a seek. */
interface Reading { at: number; readonly stretches: LogStretch[] }

/** `stretches`: within the log as it is now, none of them empty. */
export async function readStretches(kafka: Kafka, groupId: string, topic: TopicName, stretches: readonly LogStretch[], each: Each): Promise<void> {
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: limits.fetchWaitMs, maxBytesPerPartition: limits.fetchBytesPerPartition, sessionTimeout: limits.readerSessionMs, allowAutoTopicCreation: false });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await new StretchReader(consumer, topic, stretches, each).done();
  } finally {
    await consumer.disconnect();
  }
}

class StretchReader {
  private readonly readings = new Map<number, Reading>();

  constructor(private readonly consumer: Consumer, private readonly topic: TopicName, stretches: readonly LogStretch[], private readonly each: Each) {
    for (const stretch of [...stretches].sort((a, b) => a.from - b.from)) {
      const reading = this.readings.get(stretch.partition);
      if (reading) reading.stretches.push(stretch);
      else this.readings.set(stretch.partition, { at: stretch.from, stretches: [stretch] });
    }
  }

  done(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.consumer.on(this.consumer.events.GROUP_JOIN, ({ payload }) => this.joined((payload.memberAssignment as Record<string, number[]>)[this.topic] ?? []));
      this.consumer.on(this.consumer.events.CRASH, ({ payload }) => reject(payload.error));
      this.consumer.run({
        autoCommit: false,
        eachBatch: async ({ batch }) => {
          this.take(batch);
          if (this.readings.size === 0) resolve();
        },
      }).catch(reject);
    });
  }

  private joined(assigned: readonly number[]): void {
    const others = assigned.filter((partition) => !this.readings.has(partition));
    if (others.length > 0) this.consumer.pause([{ topic: this.topic, partitions: others }]);
    for (const [partition, { at }] of this.readings) this.consumer.seek({ topic: this.topic, partition, offset: String(at) });
  }

  private take(batch: EachBatchPayload['batch']): void {
    const { partition } = batch;
    const reading = this.readings.get(partition);
    if (!reading || Number((batch as unknown as { fetchedOffset: string }).fetchedOffset) !== reading.at) return;
    const { stretches } = reading;
    const behind = (offset: number): void => { while (stretches[0] && offset >= stretches[0].to) stretches.shift(); };
    for (const message of batch.messages) {
      const record = sourceRecord(message);
      behind(record.offset);
      const [stretch] = stretches;
      if (stretch && record.offset >= stretch.from) this.each(partition, record);
    }
    const next = Number(batch.lastOffset()) + 1;
    behind(next);
    const [stretch] = stretches;
    if (!stretch) {
      this.readings.delete(partition);
      this.consumer.pause([{ topic: this.topic, partitions: [partition] }]);
    } else if (next < stretch.from) {
      reading.at = stretch.from;
      this.consumer.seek({ topic: this.topic, partition, offset: String(stretch.from) });
    } else reading.at = next;
  }
}
