/** Whether a replay will find room in Redis: it would wait in the middle of the night, and somebody would find it in the morning. */
import { limits } from '../../limits';
import { noRoomWhy, roomLeftBytes } from '../../replay/yielding/room';
import type { MemoryUse } from '../../shell/figure-store';
import type { Neighbours } from '../neighbours';

/** `leftMegabytes`: that a replay may fill; null: nothing bounds it. */
export interface MemoryPlan { readonly leastMegabytes: number; readonly mostMegabytes: number; readonly leftMegabytes: number | null; readonly noRoomWhy?: string }

const MEGABYTE = 1e6;

export async function memoryPlan(records: number, neighbours: Neighbours): Promise<MemoryPlan> {
  const reader = await neighbours.figures();
  /** Whether it may be asked is no reason not to plan. */
  const use = await reader.memoryUse().catch(() => ({ usedBytes: 0, mostBytes: 0 }));
  return memoryPlanOf(records, use);
}

export function memoryPlanOf(records: number, use: MemoryUse): MemoryPlan {
  const [left, why] = [roomLeftBytes(use), noRoomWhy(use)];
  const { least, most } = limits.replayBytesPerRecord;
  return {
    leastMegabytes: Math.ceil((records * least) / MEGABYTE), mostMegabytes: Math.ceil((records * most) / MEGABYTE),
    leftMegabytes: left === undefined ? null : Math.floor(left / MEGABYTE), ...(why === undefined ? {} : { noRoomWhy: why }),
  };
}

/** What to do about it; empty where there is room. */
export function memoryText({ leastMegabytes, mostMegabytes, leftMegabytes, noRoomWhy: why }: MemoryPlan): string {
  if (why !== undefined) return `It will wait for memory: redis ${why}.`;
  if (leftMegabytes === null || mostMegabytes <= leftMegabytes) return '';
  const enough = leastMegabytes > leftMegabytes ? 'are not enough' : 'may not be enough';
  return `The ${leftMegabytes} MB of Redis that are left for replays ${enough} for the ${leastMegabytes} to ${mostMegabytes} MB that it takes: it will wait once they are filled. Give Redis more (maxmemory), count less (--since, --until) or leave minutes and hours of the past out (--fine-since).`;
}
