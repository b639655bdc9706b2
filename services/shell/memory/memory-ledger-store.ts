/** What redis/scripts do, statement by statement: claim-3, claim-anew-3, read-ledger-1, apply-2, read-moment-n. A change in steps is one step here. test/contract holds both to the same answers. */
import { cellField } from '../../domain/cubes';
import { limits } from '../../limits';
import { addFields } from '../added-fields';
import { bucketOf, type ApplyAnswer, type ClaimAnswer, type FigureChange, type LedgerEntry, type LedgerStore, type Moment, type MomentRequest } from '../figure-store';
import { packIndex, unpackIndex } from '../index-of-days';
import type { TopicPartition, TroubleListener } from '../ports';
import type { Keys } from '../redis/keys';
import { textFields, type FiguresState, type MemoryFigures } from './memory-figures';
import { MemoryCaller } from './memory-caller';

export class MemoryLedgerStore implements LedgerStore {
  private readonly caller: MemoryCaller;

  constructor(private readonly figures: MemoryFigures, private readonly keys: Keys, readonly buckets: number, onTrouble?: TroubleListener) {
    this.caller = new MemoryCaller(figures, onTrouble);
  }

  claim(partition: TopicPartition, token: string, manifest: string): Promise<ClaimAnswer> {
    return this.caller.patiently(({ strings }) => {
      const manifestKey = this.keys.manifest(this.keys.shardOf(partition.partition));
      const stored = strings.get(manifestKey);
      if (stored !== undefined && stored !== manifest) return { alienManifest: stored };
      this.figures.mustHaveRoom();
      strings.set(manifestKey, manifest);
      const position = this.keys.position(partition);
      this.figures.hash(position).set('token', token);
      return { position: this.textOf(position, 'position') };
    });
  }

  claimAnew(partition: TopicPartition, token: string, manifest: string): Promise<string> {
    return this.caller.patiently(({ strings }) => {
      this.figures.mustHaveRoom();
      strings.set(this.keys.manifest(this.keys.shardOf(partition.partition)), manifest);
      const position = this.keys.position(partition);
      this.figures.hash(position).set('token', token);
      return this.textOf(position, 'position');
    });
  }

  readLedger(partition: TopicPartition, declarationIds: readonly string[]): Promise<{ position: string; entries: (Buffer | null)[] }> {
    return this.caller.patiently(() => ({
      position: this.textOf(this.keys.position(partition), 'position'),
      entries: declarationIds.map((id) => {
        const entry = this.figures.field(this.bucketKey(partition, id), id);
        return Buffer.isBuffer(entry) ? Buffer.from(entry) : null;
      }),
    }));
  }

  apply(partition: TopicPartition, token: string, expected: string, next: string, change: FigureChange): Promise<ApplyAnswer> {
    return this.caller.patiently((state) => this.compareAndSet(state, partition, token, expected, next, change));
  }

  private compareAndSet({ hashes, indexes }: FiguresState, partition: TopicPartition, token: string, expected: string, next: string, change: FigureChange): ApplyAnswer {
    const key = this.keys.position(partition);
    const owner = hashes.get(key)?.get('token');
    if (owner === undefined) return 'lost';
    if (owner !== token) return 'fenced';
    const position = this.textOf(key, 'position');
    if (position !== expected) {
      if (position === next) return 'already';
      return position === '' ? 'lost' : 'moved';
    }
    const failure = this.increment(partition, change);
    if (failure !== undefined) return failure.error.includes('OOM') ? { unwritable: failure.error } : { overflow: `${failure.where}: ${failure.error}` };
    this.figures.mustHaveRoom();
    for (const [id, entry] of change.entries) this.figures.hash(this.bucketKey(partition, id)).set(id, Buffer.from(entry));
    for (const [day, ids] of change.index) {
      const part = this.keys.index(partition.partition) + day;
      indexes.set(part, Buffer.concat([indexes.get(part) ?? Buffer.alloc(0), packIndex(ids, this.buckets)]));
    }
    if (change.changed !== '') this.figures.appendChange(this.keys.changed(this.keys.shardOf(partition.partition)), change.changed, limits.changeListEntries);
    this.figures.hash(key).set('position', next);
    return 'applied';
  }

  /** All increments or none; fields that a failed change touched stay, at the value they had (0 when they are new). */
  private increment(partition: TopicPartition, change: FigureChange): { error: string; where: string } | undefined {
    const cells = this.keys.cells(this.keys.shardOf(partition.partition));
    const done: { hash: string; field: string; amount: string }[] = [];
    let failure: { error: string; where: string } | undefined;
    change.increments.each((name, cell, measure, value) => {
      if (failure !== undefined) return;
      const [hash, field, amount] = [cells + name, cellField(cell, measure), String(value)];
      const error = this.figures.increment(hash, field, amount);
      if (error === undefined) done.push({ hash, field, amount });
      else failure = { error, where: `${hash} ${field}` };
    });
    if (failure === undefined) return undefined;
    for (const { hash, field, amount } of done.reverse()) this.figures.increment(hash, field, amount.startsWith('-') ? amount.slice(1) : amount === '0' ? '0' : `-${amount}`);
    return failure;
  }

  readBucket(partition: TopicPartition, bucket: number): Promise<{ position: string; entries: Map<string, Buffer> }> {
    return this.caller.patiently(({ hashes }) => ({
      position: this.textOf(this.keys.position(partition), 'position'),
      entries: new Map([...(hashes.get(this.keys.ledger(partition.partition) + String(bucket)) ?? [])].map(([id, entry]) => [id, Buffer.from(entry as Buffer)])),
    }));
  }

  forget(partition: TopicPartition, token: string, expected: string, bucket: number, declarationIds: readonly string[]): Promise<'applied' | 'moved' | 'fenced' | 'lost'> {
    return this.caller.patiently(({ hashes }) => {
      const position = this.keys.position(partition);
      const owner = hashes.get(position)?.get('token');
      if (owner === undefined) return 'lost';
      if (owner !== token) return 'fenced';
      if (this.textOf(position, 'position') !== expected) return 'moved';
      const key = this.keys.ledger(partition.partition) + String(bucket);
      for (const id of declarationIds) hashes.get(key)?.delete(id);
      if (hashes.get(key)?.size === 0) hashes.delete(key);
      return 'applied';
    });
  }

  readIndex({ partition }: TopicPartition, days: readonly string[]): Promise<string[]> {
    return this.caller.patiently((state) => [...new Set(days.flatMap((day) => this.indexed(state, partition, day)))]);
  }

  readMoment({ positions, counted, days, hashes, maxIndexBytes }: MomentRequest): Promise<Moment | { tooLarge: true }> {
    return this.caller.patiently((state) => {
      const bytes = Array.from({ length: this.keys.shards }, () => 0);
      for (const { partition } of counted) for (const day of days) bytes[this.keys.shardOf(partition)]! += state.indexes.get(this.keys.index(partition) + day)?.length ?? 0;
      if (bytes.some((each) => each > maxIndexBytes)) return { tooLarge: true };
      const entries = counted.flatMap((target) => [...new Set(days.flatMap((day) => this.indexed(state, target.partition, day)))].flatMap((declarationId): LedgerEntry[] => {
        const entry = this.figures.field(this.bucketKey(target, declarationId), declarationId);
        return Buffer.isBuffer(entry) ? [{ partition: target.partition, declarationId, entry: Buffer.from(entry) }] : [];
      }));
      return { positions: this.figures.positionsOf(this.keys, positions), hashes: hashes.map((hash) => ({ hash, fields: this.summed(state, hash) })), entries };
    });
  }

  private indexed({ indexes }: FiguresState, partition: number, day: string): string[] { return [...unpackIndex(indexes.get(this.keys.index(partition) + day) ?? Buffer.alloc(0))]; }

  private summed({ hashes }: FiguresState, hash: string): Map<string, string> {
    const sums = new Map<string, string>();
    for (let shard = 0; shard < this.keys.shards; shard++) addFields(sums, textFields(hashes.get(this.keys.cells(shard) + hash)));
    return sums;
  }

  private bucketKey(partition: TopicPartition, id: string): string { return this.keys.ledger(partition.partition) + String(bucketOf(id, this.buckets)); }
  private textOf(key: string, field: string): string { return String(this.figures.field(key, field) ?? ''); }

  async close(): Promise<void> { this.caller.close(); }
}
