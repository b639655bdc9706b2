/** Whether a store has room for a replay. What it could fill is what live figures need: a store that is full takes nothing from anybody. */
import { limits } from '../../limits';
import type { MemoryUse } from '../../shell/figure-store';
import { usedShare } from '../../shell/used-share';

/** Why a replay has to wait, behind the name of the store; undefined: there is room. */
export function noRoomWhy(use: MemoryUse): string | undefined {
  if (usedShare(use) < limits.redisNearlyFullShare) return undefined;
  return `has ${Math.round(usedShare(use) * 100)} % of its memory in use, and a replay leaves the rest to the live figures: give Redis more (maxmemory) or drop a replay (tidewaiter replay list, drop), this one to count less of it (--since, --fine-since)`;
}

/** Bytes that are left for replays; undefined: nothing bounds them. */
export const roomLeftBytes = ({ usedBytes, mostBytes }: MemoryUse): number | undefined => (mostBytes === 0 ? undefined : Math.max(0, Math.floor(mostBytes * limits.redisNearlyFullShare) - usedBytes));
