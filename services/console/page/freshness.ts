/** How much a live figure may be trusted for being live. */
export type Freshness = 'never' | 'live' | 'stale';

export function freshness(updatedAtMs: number | undefined, nowMs: number, { tickMs, missedTicks }: { readonly tickMs: number; readonly missedTicks: number }): Freshness {
  if (updatedAtMs === undefined) return 'never';
  return nowMs - updatedAtMs > tickMs * missedTicks ? 'stale' : 'live';
}
