import type { TopicName } from '../../topology';
import type { ClosedStore } from '../closed-store';
import type { CellRequest, HashOfFigures, PositionOf } from '../figure-store';
import type { TroubleListener } from '../ports';
import { addFields } from '../added-fields';
import type { Keys } from '../redis/keys';
import { MemoryCaller } from './memory-caller';
import { textFields, type FiguresState, type MemoryFigures } from './memory-figures';

/** Signed-off figures in memory, in the order of writes of the one in Redis. */
export class MemoryClosedStore implements ClosedStore {
  private readonly caller: MemoryCaller;

  constructor(private readonly figures: MemoryFigures, private readonly keys: Keys, private readonly inputs: readonly TopicName[], private readonly partitions: number, onTrouble?: TroubleListener) {
    this.caller = new MemoryCaller(figures, onTrouble);
  }

  async copy(period: string, hashes: readonly string[]): Promise<PositionOf[]> {
    const all: PositionOf[] = [];
    for (let shard = 0; shard < this.keys.shards; shard++) {
      all.push(...(await this.caller.patiently((state) => {
        this.figures.mustHaveRoom();
        for (const hash of hashes) {
          const source = state.hashes.get(this.keys.cells(shard) + hash);
          if (source) state.hashes.set(this.keys.closing(shard, period) + hash, new Map(source));
          else state.hashes.delete(this.keys.closing(shard, period) + hash);
        }
        return this.figures.positionsOf(this.keys, this.keys.partitionsOf(shard, this.inputs, this.partitions));
      })));
    }
    return all;
  }

  copied(period: string, hash: string): Promise<Map<string, string>> {
    return this.caller.patiently(({ hashes }) => {
      const sums = new Map<string, string>();
      for (let shard = 0; shard < this.keys.shards; shard++) addFields(sums, textFields(hashes.get(this.keys.closing(shard, period) + hash)));
      return sums;
    });
  }

  async discardCopies(period: string, hashes: readonly string[]): Promise<void> {
    await this.caller.patiently((state) => {
      for (let shard = 0; shard < this.keys.shards; shard++) for (const hash of hashes) state.hashes.delete(this.keys.closing(shard, period) + hash);
    });
  }

  async put(period: string, hash: string, fields: ReadonlyMap<string, string>): Promise<void> {
    await this.caller.patiently(() => {
      this.figures.mustHaveRoom();
      for (const [field, value] of fields) this.figures.hash(this.keys.closed(period) + hash).set(field, value);
    });
  }

  async seal(period: string, text: string): Promise<void> {
    await this.caller.patiently(() => {
      this.figures.mustHaveRoom();
      this.figures.hash(this.keys.seals).set(period, text);
    });
  }

  async unseal(period: string, hashes: readonly string[]): Promise<void> {
    await this.caller.patiently((state) => { state.hashes.get(this.keys.seals)?.delete(period); });
    await this.caller.patiently((state) => { for (const hash of hashes) state.hashes.delete(this.keys.closed(period) + hash); });
  }

  seals(): Promise<Map<string, string>> { return this.caller.patiently(({ hashes }) => textFields(hashes.get(this.keys.seals))); }

  readClosed(period: string, hashes: readonly string[], maxFields: number): Promise<HashOfFigures[] | { tooManyFields: number } | undefined> {
    return this.underSeal(period, (state) => {
      const found = hashes.map((hash) => ({ hash, fields: textFields(state.hashes.get(this.keys.closed(period) + hash)) }));
      const tooManyFields = found.reduce((sum, { fields }) => sum + fields.size, 0);
      return tooManyFields > maxFields ? { tooManyFields } : found;
    });
  }

  frozenSizes(period: string, hashes: readonly string[]): Promise<number[] | undefined> {
    return this.underSeal(period, (state) => hashes.map((hash) => state.hashes.get(this.keys.closed(period) + hash)?.size ?? 0));
  }

  readClosedCells(period: string, cells: readonly CellRequest[]): Promise<(string | null)[] | undefined> {
    return this.underSeal(period, () => cells.flatMap(({ hash, fields }) => fields.map((field) => {
      const value = this.figures.field(this.keys.closed(period) + hash, field);
      return value === undefined ? null : String(value);
    })));
  }

  private underSeal<Answer>(period: string, ask: (state: FiguresState) => Answer): Promise<Answer | undefined> {
    return this.caller.patiently((state) => (state.hashes.get(this.keys.seals)?.has(period) ? ask(state) : undefined));
  }

  frozenNames(period: string): Promise<string[]> {
    const prefix = this.keys.closed(period);
    return this.caller.patiently(({ hashes }) => [...hashes.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length)).sort());
  }

  async close(): Promise<void> { this.caller.close(); }
}
