const ZERO = 48;
const MINUS = 45;
/** Of a safe integer, with its sign. */
const MOST_DIGITS = 17;
const SCRATCH_END = 32;
const scratch = new Uint8Array(SCRATCH_END);

/** Arguments of scripts as one packed string: unpacking thousands of arguments fails in Lua and costs more. */
export class Packer {
  private buffer: Buffer;
  private length = 0;

  constructor(bytes = 64 * 1024) { this.buffer = Buffer.allocUnsafe(bytes); }

  private reserve(bytes: number): void {
    if (this.length + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + bytes));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }

  /** u16 length and UTF-8 text of at most 65,535 bytes. */
  text(value: string): this {
    this.reserve(2 + value.length * 3);
    const bytes = this.ascii(value, this.length + 2) ? value.length : this.buffer.write(value, this.length + 2, 'utf8');
    this.buffer.writeUInt16BE(bytes, this.length);
    this.length += 2 + bytes;
    return this;
  }

  /** Names and amounts are short and nearly always ASCII: a loop is cheaper than a native call. */
  private ascii(value: string, at: number): boolean {
    const { buffer } = this;
    for (let index = 0; index < value.length; index++) {
      const unit = value.charCodeAt(index);
      if (unit > 0x7f) return false;
      buffer[at + index] = unit;
    }
    return true;
  }

  u32(value: number): this {
    this.reserve(4);
    this.length = this.buffer.writeUInt32BE(value, this.length);
    return this;
  }

  /** u8 length and ASCII text of at most 255 characters. */
  shortText(value: string): this {
    this.reserve(1 + value.length);
    this.ascii(value, this.length + 1);
    this.buffer[this.length] = value.length;
    this.length += 1 + value.length;
    return this;
  }

  /** u8 length and UTF-8 text of at most 255 bytes. */
  byteText(value: string): this {
    this.reserve(1 + value.length * 3);
    const bytes = this.ascii(value, this.length + 1) ? value.length : this.buffer.write(value, this.length + 1, 'utf8');
    this.buffer[this.length] = bytes;
    this.length += 1 + bytes;
    return this;
  }

  /** An integer as u8 length and decimal digits: as a Lua number it would lose digits, as a text it is one more string for each. */
  digits(value: number | bigint): this {
    if (typeof value === 'bigint') return this.shortText(String(value));
    if (!Number.isSafeInteger(value)) throw new Error(`${value} is no amount`);
    this.reserve(1 + MOST_DIGITS);
    let rest = Math.abs(value);
    let at = SCRATCH_END;
    do {
      const tenth = Math.floor(rest / 10);
      scratch[--at] = ZERO + (rest - tenth * 10);
      rest = tenth;
    } while (rest > 0);
    if (value < 0) scratch[--at] = MINUS;
    this.buffer[this.length++] = SCRATCH_END - at;
    while (at < SCRATCH_END) this.buffer[this.length++] = scratch[at++] as number;
    return this;
  }

  /** Room for a count of at most 255 that is known later; answers where. */
  bytePlace(): number {
    this.reserve(1);
    return this.length++;
  }
  fillByte(at: number, value: number): void { this.buffer[at] = value; }

  /** Room for a u16 that is known later; answers where. */
  shortPlace(): number {
    this.reserve(2);
    this.length += 2;
    return this.length - 2;
  }
  fillShort(at: number, value: number): void { this.buffer.writeUInt16BE(value, at); }

  /** Room for a u32 that is known later; answers where. */
  place(): number {
    this.u32(0);
    return this.length - 4;
  }
  fill(at: number, value: number): void { this.buffer.writeUInt32BE(value, at); }

  /** Fills the place with the number of bytes behind it. */
  fillLength(at: number): void { this.fill(at, this.length - at - 4); }

  /** u32 length and bytes. */
  bytes(value: Buffer): this {
    this.u32(value.length);
    this.reserve(value.length);
    this.length += value.copy(this.buffer, this.length);
    return this;
  }

  take(): Buffer { return this.buffer.subarray(0, this.length); }
}
