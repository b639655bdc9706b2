/**
 * Avro `decimal` on bytes ↔ scaled bigint. The scale is the schema's and known to whoever reads the
 * field, so the number travels bare. Reads straight from the buffer: a declaration holds about ten.
 */
import { types } from 'avsc';

interface Tap { buf: Buffer; pos: number; writeBytes(value: Buffer): void; readLong(): number; skipBytes(): void }

/** Two's complement, big endian. */
export function readTwosComplement(buffer: Buffer, start: number, length: number): bigint {
  if (length === 0) return 0n;
  if (length <= 6) return BigInt(buffer.readIntBE(start, length));
  let value = BigInt(buffer.readInt8(start));
  for (let index = start + 1; index < start + length; index++) value = (value << 8n) | BigInt(buffer[index] ?? 0);
  return value;
}

const smallLimit = 2n ** 47n;

/** The shortest two's complement form. */
export function writeTwosComplement(value: bigint): Buffer {
  let length = 1;
  if (value >= -smallLimit && value < smallLimit) {
    const small = Number(value);
    while (length < 6 && (small < -(2 ** (8 * length - 1)) || small >= 2 ** (8 * length - 1))) length++;
    const buffer = Buffer.allocUnsafe(length);
    buffer.writeIntBE(small, 0, length);
    return buffer;
  }
  length = 6;
  while (value < -(1n << BigInt(8 * length - 1)) || value >= 1n << BigInt(8 * length - 1)) length++;
  const buffer = Buffer.allocUnsafe(length);
  let rest = BigInt.asUintN(8 * length, value);
  for (let index = length - 1; index >= 0; index--) {
    buffer[index] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return buffer;
}

/** Straight into the buffer: a declaration holds a dozen, and a buffer for each was a tenth of ingest. Beyond its end writes are lost, and avsc sees it by the position. */
function writeSmall(tap: Tap, value: number): void {
  let bytes = 1;
  for (let bound = 128; bytes < 6 && (value < -bound || value >= bound); bound *= 256) bytes++;
  const { buf } = tap;
  buf[tap.pos] = bytes * 2;
  let rest = value;
  for (let at = tap.pos + bytes; at > tap.pos; at--) {
    const low = ((rest % 256) + 256) % 256;
    buf[at] = low;
    rest = (rest - low) / 256;
  }
  tap.pos += 1 + bytes;
}

interface DecimalSchema { scale?: number }

/** Registered with avsc under `decimal`. */
export class DecimalType extends types.LogicalType {
  readonly scale: number;
  constructor(schema: DecimalSchema, options?: unknown) {
    super(schema as never, options);
    this.scale = schema.scale ?? 0;
  }
  override _fromValue(value: Buffer): bigint { return readTwosComplement(value, 0, value.length); }
  override _toValue(value: unknown): Buffer | undefined { return typeof value === 'bigint' ? writeTwosComplement(value) : undefined; }
  override _resolve(): undefined { return undefined; }
  override _export(): void { /* the scale stands in the schema already */ }
  /** Only bytes of the same scale are the same number: anything else is a schema that does not fit. */
  _update(resolver: { _read: unknown }, writer: unknown): void {
    if (writer instanceof DecimalType && writer.scale === this.scale) resolver._read = (tap: Tap) => this._read(tap);
  }
  /** Avoids the slice that avsc would cut for each value. */
  _read(tap: Tap): bigint {
    const length = tap.readLong();
    const start = tap.pos;
    /** A length below zero would send the reader back, in a circle for ever: it ends behind the bytes instead, which makes the value invalid. */
    tap.pos = length < 0 ? tap.buf.length + 1 : start + length;
    return tap.pos > tap.buf.length ? 0n : readTwosComplement(tap.buf, start, length);
  }
  _write(tap: Tap, value: unknown): void {
    if (typeof value !== 'bigint') throw new Error(`a decimal must be a bigint, not ${typeof value}`);
    if (value >= -smallLimit && value < smallLimit) writeSmall(tap, Number(value));
    else tap.writeBytes(writeTwosComplement(value));
  }
}
