import { bucketOf, type ApplyAnswer, type ClaimAnswer, type FigureChange, type LedgerStore } from '../figure-store';
import type { TopicPartition } from '../ports';
import type { Keys } from './keys';
import { Packer } from './packing';
import { text, type ScriptRunner } from './script-runner';

/** Ledger, figures and positions in Redis, through three scripts. */
export class RedisLedgerStore implements LedgerStore {
  constructor(private readonly runner: ScriptRunner, private readonly keys: Keys, readonly buckets: number) {}

  async claim(partition: TopicPartition, token: string, manifest: string): Promise<ClaimAnswer> {
    const shard = this.keys.shardOf(partition.partition);
    const [state, value] = (await this.runner.runPatiently('claim-2', [this.keys.position(partition), this.keys.manifest(shard)], [token, manifest])) as [Buffer, Buffer];
    return text(state) === 'ALIEN' ? { alienManifest: text(value) } : { position: text(value) };
  }

  async readLedger(partition: TopicPartition, declarationIds: readonly string[]): Promise<{ position: string; entries: (Buffer | null)[] }> {
    const packed = new Packer(declarationIds.length * 48 + 16);
    for (const id of declarationIds) packed.text(String(bucketOf(id, this.buckets))).text(id);
    const [position, ...entries] = (await this.runner.runPatiently('read-ledger-1', [this.keys.position(partition)], [this.keys.ledger(partition.partition), packed.take()])) as (Buffer | null)[];
    return { position: text(position), entries };
  }

  async apply(partition: TopicPartition, token: string, expected: string, next: string, change: FigureChange): Promise<ApplyAnswer> {
    const shard = this.keys.shardOf(partition.partition);
    const prefix = this.keys.prefix(shard);
    const reply = text(await this.runner.runPatiently(
      'apply-2',
      [this.keys.position(partition), this.keys.changed(shard)],
      [token, expected, next, prefix, packIncrements(change), this.packEntries(partition, change), change.changed],
    ));
    if (reply.startsWith('OVERFLOW')) return reply.includes('OOM') ? { full: reply } : { overflow: reply };
    return reply.toLowerCase() as ApplyAnswer;
  }

  private packEntries(partition: TopicPartition, change: FigureChange): Buffer {
    const packed = new Packer(change.entries.size * 256 + 16);
    for (const [id, entry] of change.entries) packed.text(`ledger/${partition.partition}/${bucketOf(id, this.buckets)}`).text(id).bytes(entry);
    return packed.take();
  }

  async readBucket(partition: TopicPartition, bucket: number): Promise<{ position: string; entries: Map<string, Buffer> }> {
    const [position, fields] = (await this.runner.runPatiently('read-bucket-2', [this.keys.position(partition), this.keys.ledger(partition.partition) + String(bucket)], [])) as [Buffer, Buffer[]];
    const entries = new Map<string, Buffer>();
    for (let index = 0; index + 1 < fields.length; index += 2) entries.set(text(fields[index]), fields[index + 1] as Buffer);
    return { position: text(position), entries };
  }

  async forget(partition: TopicPartition, token: string, expected: string, bucket: number, declarationIds: readonly string[]): Promise<'applied' | 'moved' | 'fenced' | 'lost'> {
    const keys = [this.keys.position(partition), this.keys.ledger(partition.partition) + String(bucket)];
    return text(await this.runner.runPatiently('forget-2', keys, [token, expected, ...declarationIds])).toLowerCase() as 'applied' | 'moved' | 'fenced' | 'lost';
  }

  async close(): Promise<void> { await this.runner.close(); }
}

function packIncrements(change: FigureChange): Buffer {
  const packed = new Packer();
  for (const [hash, fields] of change.increments) {
    packed.text(`cell/${hash}`);
    const countAt = packed.place();
    let count = 0;
    for (const [field, amount] of fields) { packed.text(field).text(String(amount)); count++; }
    packed.fill(countAt, count);
  }
  return packed.take();
}
