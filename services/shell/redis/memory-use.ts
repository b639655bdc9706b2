/** How much memory servers have in use, as they say themselves. */
import type { MemoryUse } from '../figure-store';
import { usedShare } from '../used-share';

/** Of the answer to `INFO memory`: without buffers for replicas and the append-only file, which Redis leaves out when it compares, too. */
export function memoryUseOf(info: string): MemoryUse {
  const bytes = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1] ?? 0);
  return { usedBytes: bytes('used_memory') - bytes('mem_not_counted_for_evict'), mostBytes: bytes('maxmemory') };
}

/** Of one and more: that with the largest share of what it may have. */
export const fullest = (uses: readonly MemoryUse[]): MemoryUse => uses.reduce((most, use) => (usedShare(use) > usedShare(most) ? use : most));
