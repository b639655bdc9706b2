/**
 * One producer, one outstanding send. When a send fails for good, or the client says nothing for long: it has been seen to
 * wait for ever behind a broker that was killed or a topic that was made anew, the producer is thrown away and the
 * same records go out again: what the first attempt may have appended is recognised downstream by its
 * origin or revision. Nothing is reported done before every record is acknowledged by all replicas.
 */
import { CompressionTypes, type Kafka, type Message, type Producer, type TopicMessages } from 'kafkajs';
import type { Logger } from 'pino';
import { limits } from '../../limits';
import type { TopicName } from '../../topology';
import type { Acknowledgement, OutgoingRecord, Sink, TroubleListener } from '../ports';
import { backoffMs, delay } from '../waiting';
import { within } from '../within';
import { inWords, type KafkaUser } from './refused';

/** Lengths, deltas and attributes of a record in a batch, generously. */
const RECORD_OVERHEAD_BYTES = 64;
/** A trace context, the only header that our records carry, has 68 bytes. */
const HEADER_OVERHEADS = 2;

/** Every record names its partition: a client's choice may differ when it tries again. */
const neverAsked = (): never => { throw new Error('the client regrouped records by itself'); };

export class KafkaSink implements Sink {
  private producer: Producer | undefined;
  private closed = false;
  private sending = false;

  constructor(private readonly kafka: Kafka, private readonly logger: Logger, private readonly onTrouble: TroubleListener, private readonly user?: KafkaUser) {}

  async send(records: readonly OutgoingRecord[]): Promise<readonly Acknowledgement[]> {
    if (records.length === 0) return [];
    if (this.closed) throw new Error('the sink is closed');
    if (this.sending) throw new Error('a second send while one is outstanding would lose records');
    this.sending = true;
    try {
      const acknowledgements: Acknowledgement[] = [];
      for (const request of requests(records)) acknowledgements.push(...(await this.sendUntilAcknowledged(request)));
      return acknowledgements;
    } finally {
      this.sending = false;
    }
  }

  /**
   * The client may answer although it has sent a part alone: where a leader dies and a broker that has answered already
   * leads its partitions from then on, the second try leaves them out. What nobody acknowledged is sent again.
   */
  private async sendUntilAcknowledged(request: readonly OutgoingRecord[]): Promise<readonly Acknowledgement[]> {
    const acknowledgements: Acknowledgement[] = [];
    let left = request;
    for (let attempt = 0; ; attempt++) {
      try {
        const producer = await this.connected();
        const metadata = await within(limits.clientAnswerMs, producer.sendBatch({ topicMessages: byTopic(left), acks: -1, compression: CompressionTypes.None }));
        acknowledgements.push(...metadata.map(({ topicName, partition, baseOffset, logAppendTime }) => ({
          topic: topicName as TopicName, partition, baseOffset: Number(baseOffset ?? -1), logAppendTime: Number(logAppendTime ?? -1),
        })));
        const acknowledged = new Set(acknowledgements.map(({ topic, partition }) => `${topic}/${partition}`));
        left = left.filter(({ topic, partition }) => !acknowledged.has(`${topic}/${partition}`));
        if (left.length > 0) throw new Error(`${left.length} records were not sent`);
        if (attempt > 0) this.onTrouble(undefined);
        return acknowledgements;
      } catch (error) {
        await this.discard();
        if (this.closed) throw error;
        const { message } = inWords(error as Error, this.user, `WRITE on topic ${[...new Set(left.map(({ topic }) => topic))].join(', ')}`);
        this.logger.warn({ error: message, attempt }, 'records not acknowledged; sending them again');
        this.onTrouble(`broker does not take records: ${message}`);
        await delay(backoffMs(attempt));
      }
    }
  }

  private async connected(): Promise<Producer> {
    if (!this.producer) {
      const producer = this.kafka.producer({ idempotent: true, maxInFlightRequests: 1, allowAutoTopicCreation: false, createPartitioner: () => neverAsked, retry: { retries: limits.sendRetries, initialRetryTime: limits.backoffMinMs, maxRetryTime: limits.sendRetryMaxMs } });
      this.producer = producer;
      await within(limits.clientAnswerMs, producer.connect());
    }
    return this.producer;
  }

  private async discard(): Promise<void> {
    const producer = this.producer;
    this.producer = undefined;
    if (producer) await within(limits.sessionTimeoutMs, producer.disconnect()).catch(() => undefined);
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.discard();
  }
}

/** The broker takes record batches up to a size: cut, in order, where a partition's share would pass it. */
function* requests(records: readonly OutgoingRecord[]): Iterable<readonly OutgoingRecord[]> {
  let start = 0;
  let bytes = new Map<string, number>();
  for (let index = 0; index < records.length; index++) {
    const { topic, partition, key, value, headers } = records[index] as OutgoingRecord;
    const batch = `${topic}/${partition}`;
    const size = key.length + (value?.length ?? 0) + RECORD_OVERHEAD_BYTES * (1 + (headers?.length ?? 0) * HEADER_OVERHEADS);
    const before = bytes.get(batch) ?? 0;
    if (before > 0 && before + size > limits.produceBatchBytes) {
      yield records.slice(start, index);
      start = index;
      bytes = new Map();
      bytes.set(batch, size);
    } else bytes.set(batch, before + size);
  }
  yield start === 0 ? records : records.slice(start);
}

function byTopic(records: readonly OutgoingRecord[]): TopicMessages[] {
  const topics = new Map<TopicName, Map<number, OutgoingRecord[]>>();
  for (const record of records) {
    let partitions = topics.get(record.topic);
    if (!partitions) topics.set(record.topic, (partitions = new Map<number, OutgoingRecord[]>()));
    const share = partitions.get(record.partition);
    if (share) share.push(record);
    else partitions.set(record.partition, [record]);
  }
  return [...topics].map(([topic, partitions]) => ({ topic, messages: groupedMessages(partitions) }));
}

/**
 * The client groups messages by partition with a copy of the whole group per message. It does so through
 * the array's own `reduce`: an array that knows its groups answers at once, and no partitioner decides.
 */
function groupedMessages(partitions: ReadonlyMap<number, readonly OutgoingRecord[]>): Message[] {
  const messages = [...partitions.values()].flat() as unknown as Message[];
  Object.defineProperty(messages, 'reduce', { value: () => Object.fromEntries(partitions) });
  return messages;
}
