/**
 * avsc 5.7.9 believes whatever number of items an array or map block claims: one damaged byte made it push
 * items until the process ran out of memory, and a negative size in a skipped block could turn it in circles.
 * Every item takes at least one byte here, so a count above the bytes that are left is a lie, and is refused.
 */
import { types } from 'avsc';

interface Tap { readonly buf: Buffer; pos: number; readLong(): number; skipLong(): void; readString(): string; skipString(): void }
interface Item { _read(tap: Tap): unknown; _skip(tap: Tap): void }
interface Blocks { itemsType: Item; valuesType: Item; _read(tap: Tap): unknown; _skip(tap: Tap): void }

const left = ({ buf, pos }: Tap): number => buf.length - pos;

/** Items of the next block; 0 at the end. */
function blockCount(tap: Tap): number {
  let count = tap.readLong();
  if (count < 0) {
    count = -count;
    tap.skipLong();
  }
  if (count > left(tap)) throw new Error('a block claims more items than there are bytes');
  return count;
}

/** Skips a block by its size where it has one, else item by item. */
function skipBlocks(tap: Tap, skipItem: () => void): void {
  for (let count = tap.readLong(); count !== 0; count = tap.readLong()) {
    if (count < 0) {
      const bytes = tap.readLong();
      if (bytes < 0 || bytes > left(tap)) throw new Error('a block claims more bytes than there are');
      tap.pos += bytes;
    } else {
      if (count > left(tap)) throw new Error('a block claims more items than there are bytes');
      while (count-- > 0) skipItem();
    }
  }
}

/** Replaces reading and skipping of arrays and maps, for all types of the process. */
export function boundBlocks(): void {
  const array = types.ArrayType.prototype as unknown as Blocks;
  array._read = function read(this: Blocks, tap: Tap): unknown {
    const items = this.itemsType;
    let values: unknown[] | undefined;
    let at = 0;
    for (let count = blockCount(tap); count !== 0; count = blockCount(tap)) {
      values ??= new Array<unknown>(count);
      while (count-- > 0) values[at++] = items._read(tap);
    }
    return values ?? [];
  };
  array._skip = function skip(this: Blocks, tap: Tap): void { skipBlocks(tap, () => this.itemsType._skip(tap)); };
  const map = types.MapType.prototype as unknown as Blocks;
  map._read = function read(this: Blocks, tap: Tap): unknown {
    const value: Record<string, unknown> = {};
    for (let count = blockCount(tap); count !== 0; count = blockCount(tap)) {
      while (count-- > 0) {
        const key = tap.readString();
        value[key] = this.valuesType._read(tap);
      }
    }
    return value;
  };
  map._skip = function skip(this: Blocks, tap: Tap): void { skipBlocks(tap, () => { tap.skipString(); this.valuesType._skip(tap); }); };
}
