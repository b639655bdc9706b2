/** A change of the figures as the arguments of scripts: whole, or in parts that are each small enough for one script. */
import { cellField } from '../../domain/cubes';
import type { Sum } from '../../domain/increments';
import { limits } from '../../limits';
import { bucketOf, type FigureChange } from '../figure-store';
import type { TopicPartition } from '../ports';
import { Packer } from './packing';

/** A piece's part of the index: a hundred declarations of one day. */
const INDEX_BYTES = 4_096;
const ENTRY_BYTES = 256;
const MOST_SUMS = 255;

const fieldEnds = new Map<string, string>();
/** What follows the cell's name in a field; kept, as there are a dozen of them. */
function fieldEnd(measure: string): string {
  let end = fieldEnds.get(measure);
  if (end === undefined) fieldEnds.set(measure, (end = cellField('', measure)));
  return end;
}

/** Per hash u16+key and u32 number of cells; per cell u16+name and u8 number of sums; per sum u8+end of the field, u8+digits. */
class IncrementPacker {
  private readonly packed = new Packer();
  private hash: string | undefined;
  private cell: string | undefined;
  private cellsAt = 0;
  private sumsAt = 0;
  private cells = 0;
  private sums = 0;
  size = 0;

  add(hash: string, cell: string, measure: string, amount: Sum): void {
    if (hash !== this.hash) {
      this.endHash();
      this.hash = hash;
      this.cell = undefined;
      this.cells = 0;
      this.packed.text(`cell/${hash}`);
      this.cellsAt = this.packed.place();
    }
    if (cell !== this.cell || this.sums === MOST_SUMS) {
      this.endCell();
      this.cell = cell;
      this.cells++;
      this.sums = 0;
      this.packed.text(cell);
      this.sumsAt = this.packed.bytePlace();
    }
    this.packed.shortText(fieldEnd(measure)).digits(amount);
    this.sums++;
    this.size++;
  }

  take(): Buffer {
    this.endHash();
    return this.packed.take();
  }

  private endCell(): void { if (this.cell !== undefined) this.packed.fillByte(this.sumsAt, this.sums); }
  private endHash(): void {
    this.endCell();
    if (this.hash !== undefined) this.packed.fill(this.cellsAt, this.cells);
  }
}

export function packIncrements({ increments }: Pick<FigureChange, 'increments'>): Buffer {
  const packer = new IncrementPacker();
  increments.each((hash, cell, measure, amount) => packer.add(hash, cell, measure, amount));
  return packer.take();
}

/** Per bucket u16+key and u16 number of entries; per entry u16+declaration id, u32+entry. */
class EntryPacker {
  private readonly packed: Packer;
  private bucket: number | undefined;
  private countAt = 0;
  private count = 0;

  constructor(private readonly partition: number, entries: number) { this.packed = new Packer(entries * ENTRY_BYTES + 16); }

  /** Those of one bucket, one after the other, are written by one command. */
  add(bucket: number, id: string, entry: Buffer): void {
    if (bucket !== this.bucket) {
      this.endBucket();
      this.bucket = bucket;
      this.count = 0;
      this.packed.text(`ledger/${this.partition}/${bucket}`);
      this.countAt = this.packed.shortPlace();
    }
    this.packed.text(id).bytes(entry);
    this.count++;
  }

  take(): Buffer {
    this.endBucket();
    return this.packed.take();
  }

  private endBucket(): void { if (this.bucket !== undefined) this.packed.fillShort(this.countAt, this.count); }
}

/** In parts of at most `most` entries, by their buckets. */
export function* packEntries({ partition }: TopicPartition, entries: FigureChange['entries'], buckets: number, most = Infinity): Generator<Buffer> {
  const ids = [...entries.keys()];
  /** Bucket and place in one number: numbers are sorted without a comparison of ours, which took longer than all the rest. */
  const order = Float64Array.from(ids, (id, index) => bucketOf(id, buckets) * ids.length + index).sort();
  for (let start = 0; start < ids.length; start += most) {
    const some = order.subarray(start, start + most);
    const packer = new EntryPacker(partition, some.length);
    for (const key of some) {
      const id = ids[key % ids.length] as string;
      packer.add(Math.floor(key / ids.length), id, entries.get(id) as Buffer);
    }
    yield packer.take();
  }
}

/** u16+key, u32+what is appended. */
export function packIndexOfDays({ partition }: TopicPartition, index: FigureChange['index'], buckets: number): Buffer {
  const packed = new Packer(index.size === 0 ? 0 : INDEX_BYTES);
  for (const [day, ids] of index) {
    const at = packed.text(`index/${partition}/${day}`).place();
    for (const id of ids) packed.u32(bucketOf(id, buckets)).byteText(id);
    packed.fillLength(at);
  }
  return packed.take();
}

/** The same change in parts, each with u32+increments, u32+entries, u32+index. Nothing of it is in two of them. */
export function packInSteps(partition: TopicPartition, change: FigureChange, buckets: number): Buffer[] {
  const steps: Buffer[] = [];
  const put = (increments: Buffer, entries: Buffer, index: Buffer): void => void steps.push(new Packer(increments.length + entries.length + index.length + 12).bytes(increments).bytes(entries).bytes(index).take());
  let packer = new IncrementPacker();
  const endIncrements = (): void => {
    if (packer.size > 0) put(packer.take(), NOTHING, NOTHING);
    packer = new IncrementPacker();
  };
  change.increments.each((hash, cell, measure, amount) => {
    packer.add(hash, cell, measure, amount);
    if (packer.size >= limits.incrementsPerStep) endIncrements();
  });
  endIncrements();
  for (const entries of packEntries(partition, change.entries, buckets, limits.entriesPerStep)) put(NOTHING, entries, NOTHING);
  for (const [day, ids] of change.index) {
    for (let start = 0; start < ids.length; start += limits.indexedPerStep) put(NOTHING, NOTHING, packIndexOfDays(partition, new Map([[day, ids.slice(start, start + limits.indexedPerStep)]]), buckets));
  }
  return steps;
}
const NOTHING = Buffer.alloc(0);
