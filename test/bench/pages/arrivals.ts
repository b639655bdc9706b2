/** Latencies, from what pages said that they show and when marks were in Redis. */
import { percentiles, type Percentiles } from '../percentiles';
import type { Scale } from './kinds';
import { placeOf, type Mark } from './marks';

export interface Arrival { readonly place: number; readonly atMs: number }
/** A page over the time in which it was watched. */
export interface WatchedPage { readonly name: string; readonly scale: Scale; readonly arrivals: Arrival[] }
export interface NamedLatency extends Percentiles { readonly name: string; readonly pages: number }

/** Marks that came to Redis while pages were watched; each page is to show each of them. */
export function samplesOf({ scale, arrivals }: WatchedPage, marks: readonly Mark[]): number[] {
  const inOrder = [...arrivals].sort((a, b) => a.atMs - b.atMs);
  return marks.map((mark) => {
    const shown = inOrder.find(({ place }) => place >= placeOf(mark, scale));
    return shown ? Math.max(0, shown.atMs - (mark.redisMs as number)) : Infinity;
  });
}

/** `turns`: pages of one turn with the marks of that turn. */
export function latenciesOf(turns: readonly { readonly pages: readonly WatchedPage[]; readonly marks: readonly Mark[] }[]): NamedLatency[] {
  const samples = new Map<string, number[]>();
  const counts = new Map<string, number>();
  for (const { pages, marks } of turns) {
    for (const page of pages) samples.set(page.name, (samples.get(page.name) ?? []).concat(samplesOf(page, marks)));
    for (const { name } of pages) counts.set(name, (counts.get(name) ?? 0) + 1 / turns.length);
  }
  return [...samples].map(([name, values]) => ({ name, pages: Math.round(counts.get(name) ?? 0), ...percentiles(values) })).concat([{ name: 'all', pages: Math.round([...counts.values()].reduce((sum, count) => sum + count, 0)), ...percentiles([...samples.values()].flat()) }]);
}
