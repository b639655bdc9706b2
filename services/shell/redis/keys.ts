/**
 * Every Redis key, in one place. All keys of a shard carry one hash tag, so one script may touch them
 * on Redis Cluster too:  {tw:<namespace>:<shard>}:…
 *
 *   position/<topic>/<partition>   hash    token, position, begun
 *   steps/<topic>/<partition>      list    parts of a large change that are still to be carried out; the position hash has `begun`
 *   cell/<view>/<combination>/<grain>/<period>   hash   <values>:<measure> → integer
 *   cell/books · cell/codes · cell/definitions   hash   counts of raw records by book, of result codes, of events by month and pack
 *   ledger/<partition>/<bucket>    hash    declaration id → packed counted facts
 *   index/<partition>/<day>        string  declarations with a date on that day: packed buckets and ids, as they came
 *   changed                        stream  cells to publish
 *   manifest · note/<name> · lease/<name>   strings
 *   closing/<period>/<hash of cells>   hash   copies while a period is being closed or a namespace compared
 *
 * Outside namespaces:  {tw:closed}:<period>/<hash of cells>   hash   figures that were signed off
 *                      {tw:closed}:seals                      hash   period → who, when, digest, source positions
 *                      {tw:directory}:namespaces              hash   revision, text: which namespaces there are, and which one is live
 */
import type { TopicName } from '../../topology';
import type { TopicPartition } from '../ports';

const CLOSED = '{tw:closed}:';
export const DIRECTORY = '{tw:directory}:namespaces';

export class Keys {
  constructor(readonly namespace: string, readonly shards: number) {}

  shardOf(partition: number): number { return partition % this.shards; }
  prefix(shard: number): string { return `{tw:${this.namespace}:${shard}}:`; }
  position({ topic, partition }: TopicPartition): string { return `${this.prefix(this.shardOf(partition))}position/${topic}/${partition}`; }
  steps({ topic, partition }: TopicPartition): string { return `${this.prefix(this.shardOf(partition))}steps/${topic}/${partition}`; }
  cells(shard: number): string { return `${this.prefix(shard)}cell/`; }
  ledger(partition: number): string { return `${this.prefix(this.shardOf(partition))}ledger/${partition}/`; }
  index(partition: number): string { return `${this.indexes(this.shardOf(partition))}${partition}/`; }
  indexes(shard: number): string { return `${this.prefix(shard)}index/`; }
  changed(shard: number): string { return `${this.prefix(shard)}changed`; }
  manifest(shard: number): string { return `${this.prefix(shard)}manifest`; }
  note(name: string): string { return `${this.prefix(0)}note/${name}`; }
  closing(shard: number, period: string): string { return `${this.prefix(shard)}closing/${period}/`; }
  closed(period: string): string { return `${CLOSED}${period}/`; }
  get seals(): string { return `${CLOSED}seals`; }
  /** Topic partitions whose figures one shard keeps. */
  partitionsOf(shard: number, topics: readonly TopicName[], partitions: number): TopicPartition[] {
    const all: TopicPartition[] = [];
    for (const topic of topics) for (let partition = shard; partition < partitions; partition += this.shards) all.push({ topic, partition });
    return all;
  }
  lease(name: string): string { return `${this.prefix(0)}lease/${name}`; }
}
