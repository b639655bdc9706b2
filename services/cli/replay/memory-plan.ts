/** Whether a replay will find room in Redis: it would wait in the middle of the night, and somebody would find it in the morning. */
import { limits } from '../../limits';
import { noRoomWhy, roomLeftBytes } from '../../replay/yielding/room';
import type { Neighbours } from '../neighbours';

/** `leftMegabytes`: that a replay may fill; null: nothing bounds it. */
export interface MemoryPlan { readonly leastMegabytes: number; readonly mostMegabytes: number; readonly leftMegabytes: number | null; readonly noRoomWhy?: string }

const megabytes = (bytes: number): number => Math.ceil(bytes / 1e6);

export async function memoryPlan(records: number, neighbours: Neighbours): Promise<MemoryPlan> {
  const use = await neighbours.redisCall((await neighbours.figures()).memoryUse());
  const [left, why] = [roomLeftBytes(use), noRoomWhy(use)];
  const { least, most } = limits.replayBytesPerRecord;
  return { leastMegabytes: megabytes(records * least), mostMegabytes: megabytes(records * most), leftMegabytes: left === undefined ? null : megabytes(left), ...(why === undefined ? {} : { noRoomWhy: why }) };
}

/** What to do about it; empty where there is room. */
export function memoryText({ leastMegabytes, mostMegabytes, leftMegabytes, noRoomWhy: why }: MemoryPlan): string {
  if (why !== undefined) return `It would wait for memory: redis ${why}.`;
  if (leftMegabytes === null || mostMegabytes <= leftMegabytes) return '';
  const most = `${leastMegabytes} to ${mostMegabytes} MB of Redis are ${leastMegabytes > leftMegabytes ? 'more' : 'perhaps more'} than the ${leftMegabytes} MB that are left for replays`;
  return `${most}: it would wait once these are filled. Give Redis more (maxmemory), count less (--since, --until) or leave minutes and hours of the past out (--fine-since).`;
}
