/**
 * murmur2 in 32-bit arithmetic: the client's own makes an object for every step, a twentieth of the time of
 * the stages that partition by key. test/contract/log.contract.test.ts compares it with the client's.
 */
const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;
const SHIFT = 24;
const SCRATCH_BYTES = 4_096;
const BYTES_PER_UNIT = 3;

let scratch = Buffer.allocUnsafe(SCRATCH_BYTES);

function murmur2(data: Buffer, length: number): number {
  const whole = length & ~3;
  let hash = SEED ^ length;
  for (let index = 0; index < whole; index += 4) {
    let word = Math.imul((data[index] as number) | ((data[index + 1] as number) << 8) | ((data[index + 2] as number) << 16) | ((data[index + 3] as number) << 24), MULTIPLIER);
    word ^= word >>> SHIFT;
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(word, MULTIPLIER);
  }
  if (length > whole) {
    for (let index = length - 1; index >= whole; index--) hash ^= (data[index] as number) << (8 * (index - whole));
    hash = Math.imul(hash, MULTIPLIER);
  }
  hash ^= hash >>> 13;
  hash = Math.imul(hash, MULTIPLIER);
  return hash ^ (hash >>> 15);
}

/** The partition of a key, as Java clients and kafkajs compute it: murmur2(key) & 0x7fffffff mod partitions. */
export function partitionOf(key: string, partitions: number): number {
  if (key.length * BYTES_PER_UNIT > scratch.length) scratch = Buffer.allocUnsafe(key.length * BYTES_PER_UNIT);
  return (murmur2(scratch, scratch.write(key)) & 0x7fffffff) % partitions;
}
