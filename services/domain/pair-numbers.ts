/**
 * Numbers pairs of integers in the order in which they are first met: a hash table in one typed array. A piece meets
 * thousands of pairs; as keys of a Map they were texts or heap numbers, and a third of the counting stage's time.
 */
const LEAST_SLOTS = 256;
/** Of Fibonacci hashing: an odd number near 2^32 divided by the golden ratio; and another one, so that both sides spread. */
const [SPREAD_LEFT, SPREAD_RIGHT] = [0x9e3779b1, 0x85ebca6b];
const FREE = 0;
/** A slot holds left, right, number + 1 (0: free), and nothing: 16 bytes, so that a lookup waits for one line of memory and not for three. */
const SLOT = 4;
const [RIGHT, NUMBER] = [1, 2];

export class PairNumbers {
  private slots = new Int32Array(LEAST_SLOTS * SLOT);
  private mask = LEAST_SLOTS - 1;
  private count = 0;

  /** How many pairs have been met; the next new one gets this number. */
  get size(): number { return this.count; }

  /** Both sides: integers of 32 bits. */
  numberOf(left: number, right: number): number {
    const { slots, mask } = this;
    let at = (spread(left, right) & mask) * SLOT;
    for (let found = slots[at + NUMBER] as number; found !== FREE; found = slots[at + NUMBER] as number) {
      if (slots[at] === left && slots[at + RIGHT] === right) return found - 1;
      at = (at + SLOT) & (mask * SLOT);
    }
    return this.add(at, left, right);
  }

  private add(at: number, left: number, right: number): number {
    const number = this.count++;
    fill(this.slots, at, left, right, number + 1);
    if (this.count * 2 > this.mask) this.grow();
    return number;
  }

  /** Never more than half full: chains stay short. */
  private grow(): void {
    const before = this.slots;
    this.mask = this.mask * 2 + 1;
    this.slots = new Int32Array(before.length * 2);
    for (let from = 0; from < before.length; from += SLOT) {
      const [left, right, number] = [before[from] as number, before[from + RIGHT] as number, before[from + NUMBER] as number];
      if (number === FREE) continue;
      let at = (spread(left, right) & this.mask) * SLOT;
      while (this.slots[at + NUMBER] !== FREE) at = (at + SLOT) & (this.mask * SLOT);
      fill(this.slots, at, left, right, number);
    }
  }
}

function fill(slots: Int32Array, at: number, left: number, right: number, number: number): void {
  slots[at] = left;
  slots[at + RIGHT] = right;
  slots[at + NUMBER] = number;
}

function spread(left: number, right: number): number {
  const mixed = Math.imul(left, SPREAD_LEFT) ^ Math.imul(right, SPREAD_RIGHT);
  return mixed ^ (mixed >>> 15);
}
