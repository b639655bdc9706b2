/** murmur2 in 32-bit arithmetic. test/contract/log.contract.test.ts compares it with the client's own. */
const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;
const SHIFT = 24;

function murmur2(data: Buffer): number {
  const { length } = data;
  const whole = length & ~3;
  let hash = SEED ^ length;
  for (let index = 0; index < whole; index += 4) {
    let word = Math.imul(data.readInt32LE(index), MULTIPLIER);
    word ^= word >>> SHIFT;
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(word, MULTIPLIER);
  }
  if (length > whole) {
    for (let index = length - 1; index >= whole; index--) hash ^= (data[index] ?? 0) << (8 * (index - whole));
    hash = Math.imul(hash, MULTIPLIER);
  }
  hash ^= hash >>> 13;
  hash = Math.imul(hash, MULTIPLIER);
  return hash ^ (hash >>> 15);
}

/** The partition of a key, as Java clients and kafkajs compute it. */
export const partitionOf = (key: string, partitions: number): number => (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions;
