/** How much a live figure may be trusted for being live. */
import type { LiveState } from './live';

export type Freshness = 'never' | 'live' | 'stale';

/** What the page says of itself: by the newest tick, and for whom none comes, by the connection alone. */
export function connection(state: LiveState, ticks: boolean, fresh: Freshness): 'none' | 'connecting' | 'live' | 'stale' | 'lost' {
  if (state === 'none' || state === 'lost') return state;
  if (!ticks) return state === 'open' ? 'live' : 'connecting';
  return fresh === 'never' ? 'connecting' : fresh;
}

export function freshness(updatedAtMs: number | undefined, nowMs: number, { tickMs, missedTicks }: { readonly tickMs: number; readonly missedTicks: number }): Freshness {
  if (updatedAtMs === undefined) return 'never';
  return nowMs - updatedAtMs > tickMs * missedTicks ? 'stale' : 'live';
}
