import type { TroubleListener } from '../ports';
import type { Keys } from '../redis/keys';
import type { RestoredStore } from '../restored-store';
import { MemoryCaller } from './memory-caller';
import type { MemoryFigures } from './memory-figures';

export class MemoryRestoredStore implements RestoredStore {
  private readonly caller: MemoryCaller;

  constructor(private readonly figures: MemoryFigures, private readonly keys: Keys, onTrouble?: TroubleListener) {
    this.caller = new MemoryCaller(figures, onTrouble);
  }

  get shards(): number { return this.keys.shards; }

  async begin(manifest: string): Promise<boolean> {
    for (let shard = 0; shard < this.shards; shard++) {
      const key = this.keys.manifest(shard);
      const stored = await this.caller.patiently(({ strings }) => {
        this.figures.mustHaveRoom();
        if (!strings.has(key)) strings.set(key, manifest);
        return strings.get(key);
      });
      if (stored !== manifest) return false;
    }
    return true;
  }

  async describe(manifest: string): Promise<void> {
    for (let shard = 0; shard < this.shards; shard++) {
      await this.caller.patiently(({ strings }) => {
        this.figures.mustHaveRoom();
        strings.set(this.keys.manifest(shard), manifest);
      });
    }
  }

  async put(shard: number, hash: string, fields: ReadonlyMap<string, string>): Promise<void> {
    await this.caller.patiently(() => {
      this.figures.mustHaveRoom();
      for (const [field, value] of fields) this.figures.hash(this.keys.cells(shard) + hash).set(field, value);
    });
  }

  async close(): Promise<void> { this.caller.close(); }
}
