/**
 * Numbers pairs of integers in the order in which they are first met: a hash table in three typed arrays. A piece meets
 * thousands of pairs; as keys of a Map they were texts or heap numbers, and a third of the counting stage's time.
 */
const LEAST_SLOTS = 256;
/** Of Fibonacci hashing: an odd number near 2^32 divided by the golden ratio; and another one, so that both sides spread. */
const [SPREAD_LEFT, SPREAD_RIGHT] = [0x9e3779b1, 0x85ebca6b];
const FREE = 0;

export class PairNumbers {
  /** Number + 1 of the pair that lies here; 0: none. */
  private slots = new Int32Array(LEAST_SLOTS);
  private lefts = new Int32Array(LEAST_SLOTS / 2);
  private rights = new Int32Array(LEAST_SLOTS / 2);
  private count = 0;

  /** How many pairs have been met; the next new one gets this number. */
  get size(): number { return this.count; }

  /** Both sides: integers of 32 bits. */
  numberOf(left: number, right: number): number {
    const mask = this.slots.length - 1;
    let slot = spread(left, right) & mask;
    for (let found = this.slots[slot] as number; found !== FREE; found = this.slots[slot] as number) {
      if (this.lefts[found - 1] === left && this.rights[found - 1] === right) return found - 1;
      slot = (slot + 1) & mask;
    }
    return this.add(slot, left, right);
  }

  private add(slot: number, left: number, right: number): number {
    const number = this.count++;
    this.slots[slot] = number + 1;
    this.lefts[number] = left;
    this.rights[number] = right;
    if (this.count === this.lefts.length) this.grow();
    return number;
  }

  /** Never more than half full: chains stay short. */
  private grow(): void {
    const slots = new Int32Array(this.slots.length * 2);
    const mask = slots.length - 1;
    for (let number = 0; number < this.count; number++) {
      let slot = spread(this.lefts[number] as number, this.rights[number] as number) & mask;
      while (slots[slot] !== FREE) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.slots = slots;
    this.lefts = doubled(this.lefts);
    this.rights = doubled(this.rights);
  }
}

function spread(left: number, right: number): number {
  const mixed = Math.imul(left, SPREAD_LEFT) ^ Math.imul(right, SPREAD_RIGHT);
  return mixed ^ (mixed >>> 15);
}

function doubled(numbers: Int32Array): Int32Array<ArrayBuffer> {
  const twice = new Int32Array(numbers.length * 2);
  twice.set(numbers);
  return twice;
}
