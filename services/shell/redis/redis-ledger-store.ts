import { cellField } from '../../domain/cubes';
import { limits } from '../../limits';
import { bucketOf, type ApplyAnswer, type ClaimAnswer, type FigureChange, type LedgerEntry, type LedgerStore, type Moment, type MomentRequest, type PositionOf } from '../figure-store';
import { unpackIndex } from '../index-of-days';
import type { TopicPartition } from '../ports';
import type { Keys } from './keys';
import { Packer } from './packing';
import { addFields } from '../added-fields';
import { isPassing, text, type ScriptRunner } from './script-runner';

/** Ledger, figures, positions and the index of days in Redis, through scripts. */
export class RedisLedgerStore implements LedgerStore {
  constructor(private readonly runner: ScriptRunner, private readonly keys: Keys, readonly buckets: number) {}

  async claim(partition: TopicPartition, token: string, manifest: string): Promise<ClaimAnswer> {
    const shard = this.keys.shardOf(partition.partition);
    const [state, value] = (await this.runner.runPatiently('claim-2', [this.keys.position(partition), this.keys.manifest(shard)], [token, manifest])) as [Buffer, Buffer];
    return text(state) === 'ALIEN' ? { alienManifest: text(value) } : { position: text(value) };
  }

  async claimAnew(partition: TopicPartition, token: string, manifest: string): Promise<string> {
    return text(await this.runner.runPatiently('claim-anew-2', [this.keys.position(partition), this.keys.manifest(this.keys.shardOf(partition.partition))], [token, manifest]));
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
    const reply = await this.runner.runPatiently(
      'apply-2',
      [this.keys.position(partition), this.keys.changed(shard)],
      [token, expected, next, prefix, packIncrements(change), this.packEntries(partition, change), this.packIndex(partition, change), change.changed, limits.changeListEntries],
    );
    if (!Array.isArray(reply)) return text(reply).toLowerCase() as ApplyAnswer;
    const [, error = '', where = ''] = reply.map(text);
    return isPassing(error) ? { unwritable: this.runner.refusal(error) ?? error } : { overflow: `${where}: ${error}` };
  }

  private packEntries(partition: TopicPartition, change: FigureChange): Buffer {
    const packed = new Packer(change.entries.size * 256 + 16);
    for (const [id, entry] of change.entries) packed.text(`ledger/${partition.partition}/${bucketOf(id, this.buckets)}`).text(id).bytes(entry);
    return packed.take();
  }

  private packIndex({ partition }: TopicPartition, { index }: FigureChange): Buffer {
    const packed = new Packer(index.size === 0 ? 0 : INDEX_BYTES);
    for (const [day, ids] of index) {
      const at = packed.text(`index/${partition}/${day}`).place();
      for (const id of ids) packed.u32(bucketOf(id, this.buckets)).byteText(id);
      packed.fillLength(at);
    }
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

  async readIndex({ partition }: TopicPartition, days: readonly string[]): Promise<string[]> {
    const ids = new Set<string>();
    for (let start = 0; start < days.length; start += limits.indexDaysPerRead) {
      const keys = days.slice(start, start + limits.indexDaysPerRead).map((day) => this.keys.index(partition) + day);
      const parts = await this.runner.patiently(() => Promise.all(keys.map((key) => this.runner.redis.getBuffer(key))));
      for (const part of parts) if (part) for (const id of unpackIndex(part)) ids.add(id);
    }
    return [...ids];
  }

  async readMoment({ positions, counted, days, hashes, maxIndexBytes }: MomentRequest): Promise<Moment | { tooLarge: true }> {
    const found: PositionOf[] = [];
    const sums = new Map<string, Map<string, string>>(hashes.map((hash) => [hash, new Map()]));
    const entries: LedgerEntry[] = [];
    for (let shard = 0; shard < this.keys.shards; shard++) {
      const here = ({ partition }: TopicPartition): boolean => this.keys.shardOf(partition) === shard;
      const [owned, parts] = [positions.filter(here), counted.filter(here).flatMap(({ partition }) => days.map((day) => ({ partition, day })))];
      const keys = [...owned.map((each) => this.keys.position(each)), ...hashes.map((hash) => this.keys.cells(shard) + hash), ...parts.map(({ partition, day }) => this.keys.index(partition) + day)];
      const [state, texts, ...answers] = (await this.runner.runPatiently('read-moment-n', keys, [owned.length, hashes.length, maxIndexBytes, ...parts.map(({ partition }) => this.keys.ledger(partition))])) as [Buffer, Buffer[], ...Buffer[][]];
      if (text(state) === 'TOO-LARGE') return { tooLarge: true };
      owned.forEach((each, index) => found.push({ ...each, position: text(texts[index]) }));
      hashes.forEach((hash, index) => addFields(sums.get(hash) as Map<string, string>, textPairs(answers[index] as Buffer[])));
      parts.forEach(({ partition }, index) => { for (const [id, entry] of pairs(answers[hashes.length + index] as Buffer[])) entries.push({ partition, declarationId: text(id), entry }); });
    }
    return { positions: found, hashes: [...sums].map(([hash, fields]) => ({ hash, fields })), entries };
  }

  async close(): Promise<void> { await this.runner.close(); }
}

/** Of a piece: a hundred declarations of one day. */
const INDEX_BYTES = 4_096;

function* pairs(reply: readonly Buffer[]): Generator<[Buffer, Buffer]> {
  for (let index = 0; index + 1 < reply.length; index += 2) yield [reply[index] as Buffer, reply[index + 1] as Buffer];
}
function* textPairs(reply: readonly Buffer[]): Generator<[string, string]> {
  for (const [field, value] of pairs(reply)) yield [text(field), text(value)];
}

/** Per hash u16+key and u32 number of cells; per cell u16+name and u8 number of sums; per sum u8+end of the field, u8+digits. */
function packIncrements(change: FigureChange): Buffer {
  const packed = new Packer();
  let [hash, cell]: (string | undefined)[] = [];
  let [cellsAt, sumsAt, cells, sums] = [0, 0, 0, 0];
  const endCell = (): void => { if (cell !== undefined) packed.fillByte(sumsAt, sums); };
  const endHash = (): void => { endCell(); if (hash !== undefined) packed.fill(cellsAt, cells); };
  change.increments.each((nextHash, nextCell, measure, amount) => {
    if (nextHash !== hash) {
      endHash();
      hash = nextHash;
      cell = undefined;
      cells = 0;
      packed.text(`cell/${hash}`);
      cellsAt = packed.place();
    }
    if (nextCell !== cell || sums === MOST_SUMS) {
      endCell();
      cell = nextCell;
      cells++;
      sums = 0;
      packed.text(cell);
      sumsAt = packed.bytePlace();
    }
    packed.shortText(fieldEnd(measure)).digits(amount);
    sums++;
  });
  endHash();
  return packed.take();
}

const MOST_SUMS = 255;
const fieldEnds = new Map<string, string>();
/** What follows the cell's name in a field; kept, as there are a dozen of them. */
function fieldEnd(measure: string): string {
  let end = fieldEnds.get(measure);
  if (end === undefined) fieldEnds.set(measure, (end = cellField('', measure)));
  return end;
}
