import type { TopicName } from '../../topology';
import { noteNames, type CellRequest, type ChangedEntry, type FigureReader, type FiguresAnswer, type MemoryUse, type NamespaceNotes, type PositionOf } from '../figure-store';
import type { TroubleListener } from '../ports';
import { addFields } from '../added-fields';
import type { Keys } from '../redis/keys';
import { MemoryCaller } from './memory-caller';
import { textFields, type MemoryFigures } from './memory-figures';

/** The readers' side of the store in memory; answers in the same form as the scripts read-figures-n and read-cells-n. */
export class MemoryFigureReader implements FigureReader {
  private readonly caller: MemoryCaller;

  constructor(private readonly figures: MemoryFigures, private readonly keys: Keys, readonly inputs: readonly TopicName[], private readonly partitions: number, onTrouble?: TroubleListener) {
    this.caller = new MemoryCaller(figures, onTrouble);
  }

  get shards(): number { return this.keys.shards; }

  private positionsOf(shard: number): PositionOf[] {
    return this.figures.positionsOf(this.keys, this.keys.partitionsOf(shard, this.inputs, this.partitions));
  }

  async memoryUse(): Promise<MemoryUse> { return this.figures.run(() => (this.figures.full ? { usedBytes: 1, mostBytes: 1 } : this.figures.memoryUse)); }

  manifest(): Promise<string | undefined> { return this.caller.patiently(({ strings }) => strings.get(this.keys.manifest(0))); }

  readNotes(): Promise<NamespaceNotes> { return this.caller.patiently(() => this.notes()); }

  private notes(): NamespaceNotes {
    const { strings } = this.figures.data;
    return { manifest: strings.get(this.keys.manifest(0)), notes: new Map(noteNames.flatMap((name): [string, string][] => { const value = strings.get(this.keys.note(name)); return value === undefined ? [] : [[name, value]]; })) };
  }

  async readFigures(hashes: readonly string[], maxFields: number): Promise<FiguresAnswer> {
    const positions: PositionOf[] = [];
    const sums = new Map<string, Map<string, string>>(hashes.map((hash) => [hash, new Map()]));
    let before: NamespaceNotes | undefined;
    for (let shard = 0; shard < this.shards; shard++) {
      const answer = await this.caller.patiently((state) => {
        before ??= this.notes();
        const found = hashes.map((hash) => ({ hash, fields: textFields(state.hashes.get(this.keys.cells(shard) + hash)) }));
        const fields = found.reduce((sum, part) => sum + part.fields.size, 0);
        return fields > maxFields ? { tooManyFields: fields } : { found, positions: this.positionsOf(shard) };
      });
      if (answer.tooManyFields !== undefined) return { tooManyFields: answer.tooManyFields };
      positions.push(...answer.positions);
      for (const { hash, fields } of answer.found) addFields(sums.get(hash) as Map<string, string>, fields);
    }
    before ??= await this.readNotes();
    return { positions, hashes: [...sums].map(([hash, fields]) => ({ hash, fields })), notes: { before, since: this.shards === 1 ? before : await this.readNotes() } };
  }

  readCells(shard: number, cells: readonly CellRequest[]): Promise<{ positions: PositionOf[]; values: (string | null)[] }> {
    return this.caller.patiently(() => ({
      positions: this.positionsOf(shard),
      values: cells.flatMap(({ hash, fields }) => fields.map((field) => {
        const value = this.figures.field(this.keys.cells(shard) + hash, field);
        return value === undefined ? null : String(value);
      })),
    }));
  }

  changes(shard: number, after: string, count: number): Promise<ChangedEntry[]> {
    return this.caller.patiently(({ streams }) => (streams.get(this.keys.changed(shard))?.entries ?? [])
      .filter(({ id }) => after === '-' || isAfter(id, after))
      .slice(0, count)
      .map(({ id, changed }) => ({ shard, id, changed })));
  }

  changesLength(only?: number): Promise<number> {
    return this.caller.patiently(({ streams }) => {
      let length = 0;
      for (let shard = only ?? 0; shard <= (only ?? this.shards - 1); shard++) length += streams.get(this.keys.changed(shard))?.entries.length ?? 0;
      return length;
    });
  }

  async acknowledgeChanges(shard: number, id: string): Promise<void> {
    await this.caller.patiently(({ streams }) => {
      const stream = streams.get(this.keys.changed(shard));
      if (stream) stream.entries = stream.entries.filter((entry) => isAfter(entry.id, id));
    });
  }

  async dropChanges(): Promise<void> {
    await this.caller.patiently(({ streams }) => {
      for (let shard = 0; shard < this.shards; shard++) {
        const stream = streams.get(this.keys.changed(shard));
        if (stream) stream.entries = [];
      }
    });
  }

  holdLease(name: string, holder: string, milliseconds: number): Promise<boolean> {
    return this.caller.patiently(({ leases }) => {
      this.figures.mustHaveRoom();
      const key = this.keys.lease(name);
      const lease = leases.get(key);
      if (lease && lease.untilMs > this.figures.now() && lease.holder !== holder) return false;
      leases.set(key, { holder, untilMs: this.figures.now() + milliseconds });
      return true;
    });
  }

  releaseLease(name: string, holder: string): Promise<void> {
    return this.caller.patiently(({ leases }) => {
      const key = this.keys.lease(name);
      if (leases.get(key)?.holder === holder) leases.delete(key);
    });
  }

  note(name: string): Promise<string | undefined> { return this.caller.patiently(({ strings }) => strings.get(this.keys.note(name))); }

  async setNote(name: string, value: string): Promise<void> {
    await this.caller.patiently(({ strings }) => {
      this.figures.mustHaveRoom();
      strings.set(this.keys.note(name), value);
    });
  }

  async *hashNames(prefix: string): AsyncIterable<string> {
    for (let shard = 0; shard < this.shards; shard++) {
      const start = this.keys.cells(shard);
      const names = await this.caller.patiently(({ hashes }) => [...hashes.keys()].filter((key) => key.startsWith(start + prefix)));
      for (const name of names) yield name.slice(start.length);
    }
  }

  async unlink(hashes: readonly string[]): Promise<void> {
    await this.caller.patiently((state) => {
      for (let shard = 0; shard < this.shards; shard++) for (const hash of hashes) state.hashes.delete(this.keys.cells(shard) + hash);
    });
  }

  async *indexNames(): AsyncIterable<string> {
    for (let shard = 0; shard < this.shards; shard++) {
      const start = this.keys.indexes(shard);
      const names = await this.caller.patiently(({ indexes }) => [...indexes.keys()].filter((key) => key.startsWith(start)));
      for (const name of names) yield name.slice(start.length);
    }
  }

  async unlinkIndex(names: readonly string[]): Promise<void> {
    await this.caller.patiently(({ indexes }) => {
      for (const name of names) for (let shard = 0; shard < this.shards; shard++) indexes.delete(this.keys.indexes(shard) + name);
    });
  }

  async drop(): Promise<void> {
    await this.caller.patiently(({ hashes, strings, indexes, streams, leases }) => {
      for (let shard = 0; shard < this.shards; shard++) {
        for (const all of [hashes, strings, indexes, streams, leases]) for (const key of [...all.keys()]) if (key.startsWith(this.keys.prefix(shard))) all.delete(key);
      }
    });
  }

  async close(): Promise<void> { this.caller.close(); }
}

function isAfter(id: string, after: string): boolean {
  const [ms = 0, sequence = 0] = id.split('-').map(Number);
  const [afterMs = 0, afterSequence = 0] = after.split('-').map(Number);
  return ms > afterMs || (ms === afterMs && sequence > afterSequence);
}
