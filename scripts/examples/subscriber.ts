/**
 * A subscriber of the aggregate topics, as anyone may write one with public libraries. Its copy is right at any moment, also
 * while other figures go live and back: the highest revision of each key, tombstones withdraw, and while any partition changes
 * over all changes are held back, to be taken over together once the end has come on every partition.
 *   node dist/scripts/examples/subscriber.js 127.0.0.1:29092 http://127.0.0.1:29081/apis/ccompat/v7 customs.aggregates.revenue.v1
 */
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { Kafka } from 'kafkajs';

/** Amounts come as bytes: `decimal` makes them integers, at the scale of the schema. */
export interface AggregateRecord { readonly kind: string; readonly revision: number; readonly generation: number; readonly [field: string]: unknown }
export const decimal = (bytes: Buffer): bigint => (bytes.length === 0 ? 0n : BigInt.asIntN(8 * bytes.length, BigInt(`0x${bytes.toString('hex')}`)));

export class FigureCopy {
  readonly cells = new Map<string, AggregateRecord>();
  private readonly held = new Map<string, AggregateRecord | null>();
  private readonly revisions = new Map<string, number>();
  /** The newest generation heard of, and by partition the one that has come whole. */
  private newest = 0;
  private readonly whole: number[];
  private readonly next: number[];

  constructor(partitions: number) { [this.whole, this.next] = [Array<number>(partitions).fill(0), Array<number>(partitions).fill(0)]; }

  /** A record, in the order of its partition; null: a tombstone. */
  take(partition: number, offset: number, key: string, record: AggregateRecord | null): void {
    /** A client that began anew reads again what it had: tombstones have no revision. */
    if (offset < (this.next[partition] ?? 0)) return;
    this.next[partition] = offset + 1;
    /** Markers have one key, and compaction keeps the last: that a change-over has begun, cells say too. */
    if (record) this.newest = Math.max(this.newest, record.generation);
    if (record?.kind === 'GENERATION_END') this.whole[partition] = Math.max(this.whole[partition] ?? 0, record.generation);
    if (!key.startsWith('@') && (record?.revision ?? Infinity) >= (this.revisions.get(key) ?? 0)) {
      this.held.set(key, record);
      if (record) this.revisions.set(key, record.revision);
    }
    if (this.newest > Math.min(...this.whole)) return;
    for (const [name, cell] of this.held) if (cell) this.cells.set(name, cell); else this.cells.delete(name);
    this.held.clear();
  }
}

/** Follows a topic from its beginning, in a group of its own: a copy in memory begins anew, and needs all partitions. */
export async function subscribe(broker: string, registryUrl: string, topic: string): Promise<{ readonly copy: FigureCopy; readonly stop: () => Promise<void> }> {
  const [kafka, registry] = [new Kafka({ clientId: 'example', brokers: [broker] }), new SchemaRegistry({ host: registryUrl })];
  const [admin, consumer] = [kafka.admin(), kafka.consumer({ groupId: `example.${process.pid}.${Date.now()}` })];
  await admin.connect();
  const copy = new FigureCopy((await admin.fetchTopicOffsets(topic)).length);
  await admin.disconnect();
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({ autoCommit: false, eachMessage: async ({ partition, message: { offset, key, value } }) => copy.take(partition, Number(offset), String(key), value && (await registry.decode(value) as AggregateRecord)) });
  return { copy, stop: () => consumer.disconnect() };
}

if (require.main === module) {
  const [broker = '', registryUrl = '', topic = ''] = process.argv.slice(2);
  void subscribe(broker, registryUrl, topic).then(({ copy }) => setInterval(() => console.log(`${topic}: ${copy.cells.size} cells`), 1_000));
}
