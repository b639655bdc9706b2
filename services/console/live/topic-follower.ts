/** Follows topics for as long as the console runs, and hands each record over once, decoded, in the order of its partition. */
import { limits } from '../../limits';
import { avroType, Decoder } from '../../shell/avro/codec';
import { schemaWithout, topicSchema } from '../../shell/avro/schema-files';
import type { Log, SchemaSource, SourceRecord, TailReader, TopicPartition } from '../../shell/ports';
import { monotonicMs } from '../../shell/waiting';
import { subjectOf, type TopicName } from '../../topology';

export interface Place extends TopicPartition { readonly offset: number; readonly timestamp: number }
export interface Followed { readonly topic: TopicName; readonly unread?: readonly string[]; /** False: not decoded. */ wants?(): boolean; take(value: unknown, place: Place): void }

interface Waiting { readonly partition: number; readonly record: SourceRecord }

/** One topic: decoded as it comes, and set aside only while the registry is asked for the schema of a writer. */
class FollowedTopic {
  private readonly decoder: Decoder<unknown>;
  private readonly next = new Map<number, number>();
  private waiting: Waiting[] = [];
  private asking: Promise<void> | undefined;
  undecodable = 0;

  constructor(private readonly followed: Followed, private readonly schemas: SchemaSource) {
    this.decoder = new Decoder(avroType(schemaWithout(topicSchema(followed.topic), followed.unread ?? [])), schemas);
  }

  async prepare(): Promise<void> {
    const latest = await this.schemas.latest(subjectOf(this.followed.topic));
    if (latest) await this.decoder.prepareId(latest.id, monotonicMs());
  }

  /** A reader that began anew brings records again. */
  record(partition: number, record: SourceRecord): void {
    if (record.offset < (this.next.get(partition) ?? 0)) return;
    this.next.set(partition, record.offset + 1);
    if (this.followed.wants && !this.followed.wants()) return;
    if (this.waiting.length > 0) this.setAside({ partition, record });
    else if (!this.decode(partition, record)) this.setAside({ partition, record });
  }

  /** False: its schema is not known yet. */
  private decode(partition: number, record: SourceRecord): boolean {
    const decoded = this.decoder.decode(record.value);
    if (!('failure' in decoded)) this.followed.take(decoded.value, { topic: this.followed.topic, partition, offset: record.offset, timestamp: record.timestamp });
    else if (decoded.failure === 'E-DECODE-SCHEMA') return false;
    else this.undecodable++;
    return true;
  }

  private setAside(waiting: Waiting): void {
    this.waiting.push(waiting);
    if (this.waiting.length > limits.refusalsRemembered) { this.waiting.shift(); this.undecodable++; }
    this.asking ??= this.ask().catch(() => undefined).finally(() => { this.asking = undefined; });
  }

  private async ask(): Promise<void> {
    await this.decoder.prepare(this.waiting.map(({ record }) => record.value), monotonicMs());
    const waiting = this.waiting;
    this.waiting = [];
    for (const { partition, record } of waiting) if (!this.decode(partition, record)) this.undecodable++;
  }

  async settled(): Promise<void> { await this.asking; }
}

/** Resolves once everything up to the ends seen at start has been taken. Rejects while broker or registry are away. */
export async function followTopics(log: Log, schemas: SchemaSource, followed: readonly Followed[], from: 'beginning' | 'end'): Promise<TailReader> {
  const topics = new Map(followed.map((one) => [one.topic, new FollowedTopic(one, schemas)]));
  for (const topic of topics.values()) await topic.prepare();
  const reader = await log.tail([...topics.keys()], (topic, partition, record) => topics.get(topic)?.record(partition, record), from);
  for (const topic of topics.values()) await topic.settled();
  return reader;
}
