import { limits } from '../../limits';
import type { RestoredStore } from '../restored-store';
import type { Keys } from './keys';
import type { ScriptRunner } from './script-runner';

export class RedisRestoredStore implements RestoredStore {
  constructor(private readonly runner: ScriptRunner, private readonly keys: Keys) {}

  get shards(): number { return this.keys.shards; }

  async begin(manifest: string): Promise<boolean> {
    for (let shard = 0; shard < this.shards; shard++) {
      const key = this.keys.manifest(shard);
      const stored = await this.runner.patiently(async () => {
        await this.runner.redis.set(key, manifest, 'NX');
        return this.runner.redis.get(key);
      });
      if (stored !== manifest) return false;
    }
    return true;
  }

  async describe(manifest: string): Promise<void> {
    for (let shard = 0; shard < this.shards; shard++) await this.runner.patiently(() => this.runner.redis.set(this.keys.manifest(shard), manifest));
  }

  async put(shard: number, hash: string, fields: ReadonlyMap<string, string>): Promise<void> {
    const entries = [...fields];
    for (let start = 0; start < entries.length; start += limits.fieldsPerPut) {
      await this.runner.patiently(() => this.runner.redis.hset(this.keys.cells(shard) + hash, ...entries.slice(start, start + limits.fieldsPerPut).flat()));
    }
  }

  async close(): Promise<void> { await this.runner.close(); }
}
