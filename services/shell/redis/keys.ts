/**
 * Every Redis key, in one place. All keys of a shard carry one hash tag, so one script may touch them
 * on Redis Cluster too:  {tw:<namespace>:<shard>}:…
 *
 *   position/<topic>/<partition>   hash    token, position
 *   cell/<view>/<combination>/<grain>/<period>   hash   <values>:<measure> → integer
 *   cell/books · cell/codes · cell/definitions   hash   counts of raw records by book, of result codes, of events by month and pack
 *   ledger/<partition>/<bucket>    hash    declaration id → packed counted facts
 *   changed                        stream  cells to publish
 *   manifest · note/<name> · lease/<name>   strings
 */
import type { TopicPartition } from '../ports';

export class Keys {
  constructor(readonly namespace: string, readonly shards: number) {}

  shardOf(partition: number): number { return partition % this.shards; }
  prefix(shard: number): string { return `{tw:${this.namespace}:${shard}}:`; }
  position({ topic, partition }: TopicPartition): string { return `${this.prefix(this.shardOf(partition))}position/${topic}/${partition}`; }
  cells(shard: number): string { return `${this.prefix(shard)}cell/`; }
  ledger(partition: number): string { return `${this.prefix(this.shardOf(partition))}ledger/${partition}/`; }
  changed(shard: number): string { return `${this.prefix(shard)}changed`; }
  manifest(shard: number): string { return `${this.prefix(shard)}manifest`; }
  note(name: string): string { return `${this.prefix(0)}note/${name}`; }
  lease(name: string): string { return `${this.prefix(0)}lease/${name}`; }
}
