import { cellField } from '../../domain/cubes';
import { limits } from '../../limits';
import { bucketOf, type ApplyAnswer, type ClaimAnswer, type FigureChange, type LedgerStore } from '../figure-store';
import type { TopicPartition } from '../ports';
import type { Keys } from './keys';
import { Packer } from './packing';
import { isPassing, text, type ScriptRunner } from './script-runner';

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
    const reply = await this.runner.runPatiently(
      'apply-2',
      [this.keys.position(partition), this.keys.changed(shard)],
      [token, expected, next, prefix, packIncrements(change), this.packEntries(partition, change), change.changed, limits.changeListEntries],
    );
    if (!Array.isArray(reply)) return text(reply).toLowerCase() as ApplyAnswer;
    const [, error = '', where = ''] = reply.map(text);
    return isPassing(error) ? { unwritable: error } : { overflow: `${where}: ${error}` };
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
