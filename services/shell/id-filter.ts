/**
 * Which ids were never added: a table of bits, one for each id by its hash. Of an id that was added it always says so; of
 * another one nearly never, while far fewer are added than there are bits. Saves asking a store for what it cannot have.
 */
import { bucketOf } from './figure-store';

const BITS_PER_BYTE = 8;

export class IdFilter {
  private readonly bits: Uint8Array;

  constructor(bytes: number) { this.bits = new Uint8Array(bytes); }

  add(id: string): void {
    const bit = this.bitOf(id);
    const byte = Math.floor(bit / BITS_PER_BYTE);
    this.bits[byte] = (this.bits[byte] as number) | (1 << bit % BITS_PER_BYTE);
  }

  /** False: it was not added. */
  mayHave(id: string): boolean {
    const bit = this.bitOf(id);
    return ((this.bits[Math.floor(bit / BITS_PER_BYTE)] as number) & (1 << bit % BITS_PER_BYTE)) !== 0;
  }

  private bitOf(id: string): number { return bucketOf(id, this.bits.length * BITS_PER_BYTE); }
}
