import { limits } from '../../limits';
import type { TopicName } from '../../topology';
import type { ClosedStore } from '../closed-store';
import type { CellRequest, HashOfFigures, PositionOf } from '../figure-store';
import { addFields } from '../added-fields';
import type { Keys } from './keys';
import { text, type ScriptRunner } from './script-runner';

type Transaction = ReturnType<ScriptRunner['redis']['multi']>;

/** Signed-off figures in Redis. What is read together with the seal is read in one transaction: a failover may lose both, never the cells alone. */
export class RedisClosedStore implements ClosedStore {
  constructor(private readonly runner: ScriptRunner, private readonly keys: Keys, private readonly inputs: readonly TopicName[], private readonly partitions: number) {}

  async copy(period: string, hashes: readonly string[]): Promise<PositionOf[]> {
    const all: PositionOf[] = [];
    for (let shard = 0; shard < this.keys.shards; shard++) {
      const owned = this.keys.partitionsOf(shard, this.inputs, this.partitions);
      const [sources, copies] = [hashes.map((hash) => this.keys.cells(shard) + hash), hashes.map((hash) => this.keys.closing(shard, period) + hash)];
      const positions = (await this.runner.runPatiently('copy-hashes-n', copies, [...sources, ...owned.map((partition) => this.keys.position(partition))])) as unknown[];
      owned.forEach((partition, index) => all.push({ ...partition, position: text(positions[index]) }));
    }
    return all;
  }

  async copied(period: string, hash: string): Promise<Map<string, string>> {
    const sums = new Map<string, string>();
    for (let shard = 0; shard < this.keys.shards; shard++) {
      addFields(sums, Object.entries(await this.runner.patiently(() => this.runner.redis.hgetall(this.keys.closing(shard, period) + hash))));
    }
    return sums;
  }

  async discardCopies(period: string, hashes: readonly string[]): Promise<void> {
    for (let shard = 0; shard < this.keys.shards; shard++) await this.unlink(hashes.map((hash) => this.keys.closing(shard, period) + hash));
  }

  async put(period: string, hash: string, fields: ReadonlyMap<string, string>): Promise<void> {
    const entries = [...fields];
    for (let start = 0; start < entries.length; start += limits.fieldsPerPut) {
      await this.runner.patiently(() => this.runner.redis.hset(this.keys.closed(period) + hash, ...entries.slice(start, start + limits.fieldsPerPut).flat()));
    }
  }

  async seal(period: string, sealText: string): Promise<void> {
    await this.runner.patiently(() => this.runner.redis.hset(this.keys.seals, period, sealText));
  }

  async unseal(period: string, hashes: readonly string[]): Promise<void> {
    await this.runner.patiently(() => this.runner.redis.hdel(this.keys.seals, period));
    await this.unlink(hashes.map((hash) => this.keys.closed(period) + hash));
  }

  private async unlink(keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await this.runner.patiently(() => this.runner.redis.unlink(...keys));
  }

  async seals(): Promise<Map<string, string>> {
    return new Map(Object.entries(await this.runner.patiently(() => this.runner.redis.hgetall(this.keys.seals))));
  }

  async readClosed(period: string, hashes: readonly string[], maxFields: number): Promise<HashOfFigures[] | { tooManyFields: number } | undefined> {
    const fields = (await this.frozenSizes(period, hashes))?.reduce((sum, length) => sum + length, 0) ?? 0;
    if (fields > maxFields) return { tooManyFields: fields };
    const contents = await this.underSeal(period, (transaction) => { for (const hash of hashes) transaction.hgetall(this.keys.closed(period) + hash); });
    return contents?.map((found, index) => ({ hash: hashes[index] as string, fields: new Map(Object.entries(found as Record<string, string>)) }));
  }

  async frozenSizes(period: string, hashes: readonly string[]): Promise<number[] | undefined> {
    return (await this.underSeal(period, (transaction) => { for (const hash of hashes) transaction.hlen(this.keys.closed(period) + hash); })) as number[] | undefined;
  }

  async readClosedCells(period: string, cells: readonly CellRequest[]): Promise<(string | null)[] | undefined> {
    const values = await this.underSeal(period, (transaction) => { for (const { hash, fields } of cells) transaction.hmget(this.keys.closed(period) + hash, ...fields); });
    return (values as (string | null)[][] | undefined)?.flat();
  }

  private async underSeal(period: string, ask: (transaction: Transaction) => void): Promise<unknown[] | undefined> {
    const replies = await this.runner.patiently(async () => {
      const transaction = this.runner.redis.multi().hexists(this.keys.seals, period);
      ask(transaction);
      const answers = (await transaction.exec()) ?? [];
      for (const [error] of answers) if (error) throw error;
      return answers.map(([, reply]) => reply);
    });
    return replies[0] === 1 ? replies.slice(1) : undefined;
  }

  async frozenNames(period: string): Promise<string[]> {
    const names: string[] = [];
    for await (const key of this.runner.keysFrom(this.keys.closed(period))) names.push(key);
    return names.sort();
  }

  async close(): Promise<void> { await this.runner.close(); }
}
