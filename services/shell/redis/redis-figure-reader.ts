import { limits } from '../../limits';
import type { TopicName } from '../../topology';
import { noteNames, type CellRequest, type ChangedEntry, type FigureReader, type FiguresAnswer, type HashOfFigures, type MemoryUse, type NamespaceNotes, type PositionOf } from '../figure-store';
import type { TopicPartition } from '../ports';
import { addFields } from '../added-fields';
import type { Keys } from './keys';
import { fullest, memoryUseOf } from './memory-use';
import { Packer } from './packing';
import { serversOf } from './redis-connection';
import { text, type ScriptRunner } from './script-runner';
import { UnpackedHashes } from './unpacked-hashes';

/** Reads figures, each answer as of one moment; and the publisher's few writes. */
export class RedisFigureReader implements FigureReader {
  constructor(private readonly runner: ScriptRunner, private readonly keys: Keys, readonly inputs: readonly TopicName[], private readonly partitions: number, private readonly unpacked = new UnpackedHashes({ bytes: 0, bytesOfHash: 0, hashesAtOnce: 0 })) {}

  get shards(): number { return this.keys.shards; }

  private positionsOf(shard: number): TopicPartition[] { return this.keys.partitionsOf(shard, this.inputs, this.partitions); }

  async manifest(): Promise<string | undefined> {
    return (await this.runner.patiently(() => this.runner.redis.get(this.keys.manifest(0)))) ?? undefined;
  }

  async readNotes(): Promise<NamespaceNotes> {
    const [manifest, ...notes] = await this.runner.patiently(() => Promise.all(this.noteKeys.map((key) => this.runner.redis.get(key))));
    return notesOf(manifest, notes);
  }

  private get noteKeys(): string[] { return [this.keys.manifest(0), ...noteNames.map((name) => this.keys.note(name))]; }

  async readFigures(hashes: readonly string[], maxFields: number): Promise<FiguresAnswer> {
    const positions: PositionOf[] = [];
    const sums = new Map<string, ReadonlyMap<string, string>>();
    let before: NamespaceNotes | undefined;
    for (let shard = 0; shard < this.shards; shard++) {
      const owned = this.positionsOf(shard);
      const cells = hashes.map((hash) => this.keys.cells(shard) + hash);
      const notes = shard === 0 ? this.noteKeys : [];
      const reply = (await this.runner.runPatiently('read-figures-n', [...owned.map((partition) => this.keys.position(partition)), ...notes, ...cells], [owned.length, notes.length, maxFields])) as unknown[];
      if (text(reply[0]) === 'TOO-MANY') return { tooManyFields: Number(reply[1]) };
      owned.forEach((partition, index) => positions.push({ ...partition, position: text((reply[1] as unknown[])[index]) }));
      if (shard === 0) {
        const [manifest, ...found] = (reply[2] as (Buffer | null)[]).map((value) => (value === null ? null : text(value)));
        before = notesOf(manifest, found);
      }
      hashes.forEach((hash, index) => {
        const fields = this.unpacked.of(cells[index] as string, reply[index + 3] as Buffer, hashes.length);
        const before = sums.get(hash);
        sums.set(hash, before ? addedUp(before, fields) : fields);
      });
    }
    before ??= await this.readNotes();
    return { positions, hashes: [...sums].map(([hash, fields]): HashOfFigures => ({ hash, fields })), notes: { before, since: this.shards === 1 ? before : await this.readNotes() } };
  }

  async readCells(shard: number, cells: readonly CellRequest[]): Promise<{ positions: PositionOf[]; values: (string | null)[] }> {
    const owned = this.positionsOf(shard);
    const packed = new Packer();
    for (const { hash, fields } of cells) {
      packed.text(hash).u32(fields.length);
      for (const field of fields) packed.text(field);
    }
    const keys = owned.map((partition) => this.keys.position(partition));
    const [positions, ...values] = (await this.runner.runPatiently('read-cells-n', keys, [owned.length, this.keys.cells(shard), packed.take()])) as [unknown[], ...(Buffer | null)[]];
    return {
      positions: owned.map((partition, index) => ({ ...partition, position: text(positions[index]) })),
      values: values.map((value) => (value === null ? null : text(value))),
    };
  }

  async changes(shard: number, after: string, count: number): Promise<ChangedEntry[]> {
    const from = after === '-' ? '-' : `(${after}`;
    const entries = await this.runner.patiently(() => this.runner.redis.xrange(this.keys.changed(shard), from, '+', 'COUNT', count));
    return entries.map(([id, fields]) => ({ shard, id, changed: fields[1] ?? '' }));
  }

  async changesLength(only?: number): Promise<number> {
    let length = 0;
    for (let shard = only ?? 0; shard <= (only ?? this.shards - 1); shard++) length += await this.runner.patiently(() => this.runner.redis.xlen(this.keys.changed(shard)));
    return length;
  }

  /** The server keeps what is not below an id: the next one is. */
  async acknowledgeChanges(shard: number, id: string): Promise<void> {
    const dash = id.lastIndexOf('-') + 1;
    const next = `${id.slice(0, dash)}${Number(id.slice(dash)) + 1}`;
    await this.runner.patiently(() => this.runner.redis.xtrim(this.keys.changed(shard), 'MINID', next));
  }

  async dropChanges(): Promise<void> {
    for (let shard = 0; shard < this.shards; shard++) await this.runner.patiently(() => this.runner.redis.xtrim(this.keys.changed(shard), 'MAXLEN', 0));
  }

  async holdLease(name: string, holder: string, milliseconds: number): Promise<boolean> {
    const key = this.keys.lease(name);
    return this.runner.patiently(async () => {
      if ((await this.runner.redis.set(key, holder, 'PX', milliseconds, 'NX')) === 'OK') return true;
      if ((await this.runner.redis.get(key)) !== holder) return false;
      return (await this.runner.redis.pexpire(key, milliseconds)) === 1;
    });
  }

  async releaseLease(name: string, holder: string): Promise<void> {
    const key = this.keys.lease(name);
    if ((await this.runner.redis.get(key)) === holder) await this.runner.redis.del(key);
  }

  async note(name: string): Promise<string | undefined> {
    return (await this.runner.patiently(() => this.runner.redis.get(this.keys.note(name)))) ?? undefined;
  }

  async setNote(name: string, value: string): Promise<void> {
    await this.runner.patiently(() => this.runner.redis.set(this.keys.note(name), value));
  }

  async *hashNames(prefix: string): AsyncIterable<string> {
    for (let shard = 0; shard < this.shards; shard++) {
      for await (const name of this.runner.keysFrom(this.keys.cells(shard) + prefix)) yield prefix + name;
    }
  }

  async unlink(hashes: readonly string[]): Promise<void> {
    for (let shard = 0; shard < this.shards; shard++) {
      if (hashes.length > 0) await this.runner.patiently(() => this.runner.redis.unlink(...hashes.map((hash) => this.keys.cells(shard) + hash)));
    }
  }

  async *indexNames(): AsyncIterable<string> {
    for (let shard = 0; shard < this.shards; shard++) yield* this.runner.keysFrom(this.keys.indexes(shard));
  }

  async unlinkIndex(names: readonly string[]): Promise<void> {
    for (let shard = 0; shard < this.shards; shard++) {
      const keys = names.filter((name) => this.keys.shardOf(Number(name.split('/', 1)[0])) === shard).map((name) => this.keys.indexes(shard) + name);
      if (keys.length > 0) await this.runner.patiently(() => this.runner.redis.unlink(...keys));
    }
  }

  async drop(): Promise<void> {
    for (let shard = 0; shard < this.shards; shard++) {
      const prefix = this.keys.prefix(shard);
      let batch: string[] = [];
      for await (const name of this.runner.keysFrom(prefix)) {
        if (batch.push(prefix + name) < limits.hashesPerUnlink) continue;
        await this.runner.patiently(() => this.runner.redis.unlink(...batch));
        batch = [];
      }
      if (batch.length > 0) await this.runner.patiently(() => this.runner.redis.unlink(...batch));
    }
  }

  async memoryUse(): Promise<MemoryUse> {
    return fullest(await Promise.all(serversOf(this.runner.redis).map(async (server) => memoryUseOf(await server.info('memory')))));
  }

  async close(): Promise<void> { await this.runner.close(); }
}

/** Of all that are asked for, those that are set. */
const notesOf = (manifest: string | null | undefined, notes: readonly (string | null)[]): NamespaceNotes =>
  ({ manifest: manifest ?? undefined, notes: new Map(noteNames.flatMap((name, index): [string, string][] => (typeof notes[index] === 'string' ? [[name, notes[index]]] : []))) });

/** Of two shards: neither is changed. */
function addedUp(left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const sums = new Map(left);
  addFields(sums, right);
  return sums;
}
