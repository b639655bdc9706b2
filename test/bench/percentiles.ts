/** A percentile is null where what was waited for had not come when measuring ended: it counts as endlessly late. */
export interface Percentiles { readonly samples: number; readonly missing: number; readonly p50Ms: number | null; readonly p95Ms: number | null; readonly p99Ms: number | null }

export function percentiles(values: readonly number[]): Percentiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number | null => {
    const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
    return value === undefined || value === Infinity ? null : value;
  };
  return { samples: sorted.length, missing: sorted.filter((value) => value === Infinity).length, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) };
}
