import { limits } from '../limits';

export interface LedgerExtent { readonly partitions: number; readonly buckets: number; readonly onProgress: (buckets: number, total: number) => void }

/** Every bucket of every partition, a few at a time. */
export async function walkLedger({ partitions, buckets, onProgress }: LedgerExtent, each: (partition: number, buckets: readonly number[]) => Promise<void>): Promise<void> {
  for (let partition = 0; partition < partitions; partition++) {
    for (let first = 0; first < buckets; first += limits.bucketsPerRecount) {
      const some = Array.from({ length: Math.min(limits.bucketsPerRecount, buckets - first) }, (_, index) => first + index);
      await each(partition, some);
      onProgress(partition * buckets + first + some.length, partitions * buckets);
    }
  }
}
