/** Resident memory of processes over a long run, and whether it stays where it was. */
import { readFileSync } from 'node:fs';

export interface Sample { readonly minute: number; readonly megabytes: Readonly<Record<string, number>> }
export interface Trend { readonly name: string; /** Medians of the second, the third and the last quarter of the run. */ readonly early: number; readonly middle: number; readonly late: number; readonly most: number; readonly flat: boolean }

/** Growth that a collector's moods explain. */
const TOLERATED = { share: 0.1, megabytes: 20 };

export function residentMegabytes(pid: number): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}

export function trends(samples: readonly Sample[]): Trend[] {
  const quarter = Math.floor(samples.length / 4);
  return Object.keys(samples.at(-1)?.megabytes ?? {}).map((name) => {
    const of = (part: readonly Sample[]): number[] => part.flatMap(({ megabytes }) => megabytes[name] ?? []).sort((a, b) => a - b);
    const median = (part: readonly Sample[]): number => { const sorted = of(part); return sorted[Math.floor(sorted.length / 2)] ?? 0; };
    const [early, middle, late] = [median(samples.slice(quarter, 2 * quarter)), median(samples.slice(2 * quarter, 3 * quarter)), median(samples.slice(-quarter))];
    const tolerated = Math.max(TOLERATED.megabytes, early * TOLERATED.share);
    /** A leak goes on: one step, such as a heap of Java that takes what it may have, is none. Half the time, half the growth. */
    return { name, early, middle, late, most: of(samples).at(-1) ?? 0, flat: late - early <= tolerated || late - middle <= tolerated / 2 };
  });
}
