/**
 * Random numbers that a seed decides: sfc32 (C. Doty-Humphrey, PractRand) on four words made from the seed's
 * text by xmur3. The same seed gives the same numbers on every machine: 32-bit integer arithmetic only.
 */
const WORD = 4_294_967_296;
const WARM_UP_ROUNDS = 20;

export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter: number;

  constructor(seed: string) {
    const word = wordsOf(seed);
    [this.a, this.b, this.c, this.counter] = [word(), word(), word(), word()];
    for (let round = 0; round < WARM_UP_ROUNDS; round++) this.next();
  }

  /** Uniform in [0, 1), 32 bits. */
  next(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return (sum >>> 0) / WORD;
  }
  chance(share: number): boolean { return this.next() < share; }
  /** Whole number, both ends included. */
  between(low: number, high: number): number { return low + Math.floor(this.next() * (high - low + 1)); }
  pick<Value>(values: readonly Value[]): Value { return values[Math.floor(this.next() * values.length)] as Value; }
  /** About normal, mean 0, deviation 1, never beyond ±6: twelve uniform numbers less six. */
  normal(): number {
    let sum = -6;
    for (let index = 0; index < 12; index++) sum += this.next();
    return sum;
  }
}

function wordsOf(text: string): () => number {
  let hash = 1_779_033_703 ^ text.length;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 3_432_918_353);
    hash = (hash << 13) | (hash >>> 19);
  }
  return () => {
    hash = Math.imul(hash ^ (hash >>> 16), 2_246_822_507);
    hash = Math.imul(hash ^ (hash >>> 13), 3_266_489_909);
    return (hash ^= hash >>> 16) >>> 0;
  };
}

/** Draws values by weight. */
export class Weighted<Value> {
  private readonly bounds: number[] = [];
  private total = 0;

  constructor(private readonly values: readonly Value[], weights: readonly number[]) {
    for (const weight of weights) this.bounds.push((this.total += weight));
  }

  draw(random: Random): Value {
    const at = random.next() * this.total;
    let low = 0;
    for (let high = this.bounds.length - 1; low < high; ) {
      const middle = (low + high) >> 1;
      if ((this.bounds[middle] as number) > at) high = middle;
      else low = middle + 1;
    }
    return this.values[low] as Value;
  }
}

/** Zipf: the value of rank r is drawn in proportion to 1 / r^exponent, which leaves a long tail. */
export const zipf = <Value>(values: readonly Value[], exponent: number): Weighted<Value> =>
  new Weighted(values, values.map((_, index) => 1 / (index + 1) ** exponent));

/** A draw from a table of pairs [value, weight]. */
export const weighted = <Value>(rows: readonly (readonly [Value, number])[]): Weighted<Value> =>
  new Weighted(rows.map(([value]) => value), rows.map(([, weight]) => weight));

/** The same order for a seed, each order as likely as the others (Fisher-Yates). */
export function shuffled<Value>(values: readonly Value[], random: Random): Value[] {
  const result = [...values];
  for (let last = result.length - 1; last > 0; last--) {
    const other = random.between(0, last);
    [result[last], result[other]] = [result[other] as Value, result[last] as Value];
  }
  return result;
}
