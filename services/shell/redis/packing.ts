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

  /** Room for a u32 that is known later; answers where. */
  place(): number {
    this.u32(0);
    return this.length - 4;
  }
  fill(at: number, value: number): void { this.buffer.writeUInt32BE(value, at); }

  /** u32 length and bytes. */
  bytes(value: Buffer): this {
    this.u32(value.length);
    this.reserve(value.length);
    this.length += value.copy(this.buffer, this.length);
    return this;
  }

  take(): Buffer { return this.buffer.subarray(0, this.length); }
}
