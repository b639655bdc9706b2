/**
 * Which kept cells answer a query: for every stretch of the period the coarsest grain that fits, from the
 * smallest combination that keeps what is asked for. Nothing is ever partly answered: what no kept cell
 * holds is refused, with the combinations that would.
 */
import { limits } from '../limits';
import { askedDimensions, cellHash, derivedDimensions, type Combination } from '../domain/cubes';
import type { Calendar, Grain, Horizons, Range } from '../domain/period';
import type { View } from '../topology';

export interface FigureQuery {
  readonly view: View;
  readonly by: readonly string[];
  readonly where: Readonly<Record<string, string>>;
}
/** One hash to read, and whose cells it holds. */
export interface PlannedHash { readonly hash: string; readonly combination: Combination; readonly grain: Grain }
export type Plan = { readonly hashes: readonly PlannedHash[] } | { readonly refused: string };

/** What planning knows of one query. */
interface Planning {
  readonly calendar: Calendar;
  readonly window: Range;
  readonly horizons: Horizons;
  readonly combinations: readonly Combination[];
  readonly smallest: ReadonlyMap<Grain, Combination>;
  /** The query in words. */
  readonly asked: string;
}

const coarseToFine: readonly Grain[] = ['month', 'day', 'hour', 'minute'];
const HOUR_MS = 3_600_000;

/** What is wrong with a query's dimensions; undefined when nothing is. */
export function dimensionFault({ view, by, where }: FigureQuery): string | undefined {
  const known = askedDimensions(view);
  const unknown = [...by, ...Object.keys(where)].find((dimension) => !known.includes(dimension));
  if (unknown !== undefined) return `${view} has no dimension "${unknown}"; it has ${known.join(', ')}`;
  const repeated = by.find((dimension, index) => by.indexOf(dimension) !== index);
  return repeated === undefined ? undefined : `the dimension "${repeated}" is named twice`;
}

const keeps = ({ dimensions }: Combination, wanted: string): boolean =>
  dimensions.includes(wanted) || dimensions.includes(derivedDimensions[wanted]?.from ?? '');

const derivedCount = (combination: Combination, wanted: readonly string[]): number => wanted.filter((dimension) => !combination.dimensions.includes(dimension)).length;

/** The combination with the fewest dimensions that keeps all wanted ones at a grain; of equals, the one that derives least. */
export function smallestCombination(combinations: readonly Combination[], wanted: readonly string[], grain: Grain): Combination | undefined {
  const candidates = combinations.filter((combination) => combination.grains.includes(grain) && wanted.every((dimension) => keeps(combination, dimension)));
  return candidates.sort((a, b) => a.dimensions.length - b.dimensions.length || derivedCount(a, wanted) - derivedCount(b, wanted))[0];
}

/** `combinations`: those of the view that may answer. */
export function planQuery(combinations: readonly Combination[], calendar: Calendar, query: FigureQuery, window: Range, horizons: Horizons): Plan {
  const wanted = [...new Set([...query.by, ...Object.keys(query.where)])];
  const smallest = new Map<Grain, Combination>();
  for (const grain of coarseToFine) {
    const combination = smallestCombination(combinations, wanted, grain);
    if (combination) smallest.set(grain, combination);
  }
  const planning: Planning = { calendar, window, horizons, combinations, smallest, asked: describe(query.view, wanted) };
  return smallest.size === 0 ? { refused: `${planning.asked} is not kept. Kept are:\n${list(combinations)}` } : walk(query.view, planning);
}

function walk(view: View, planning: Planning): Plan {
  const { calendar, window, smallest } = planning;
  const hashes = new Map<string, PlannedHash>();
  for (let at = window.fromMs; at < window.toMs; ) {
    const grain = coarseToFine.find((candidate) => smallest.has(candidate) && at >= (planning.horizons[candidate] ?? 0) && fits(planning, candidate, at));
    if (grain === undefined) return { refused: whyNot(planning, at) };
    const combination = smallest.get(grain) as Combination;
    const hash = cellHash(view, combination.id, grain, calendar.keysOf(at)[grain]);
    hashes.set(hash, { hash, combination, grain });
    if (hashes.size > limits.hashesPerQuery) return { refused: `${planning.asked} would read more than ${limits.hashesPerQuery} sets of ${grain} cells: ask for a shorter period, or for what is kept at a coarser grain:\n${list(planning.combinations)}` };
    at = calendar.next(grain, at);
  }
  return { hashes: [...hashes.values()] };
}

/** A whole cell of the grain begins here and ends within the window. */
const fits = ({ calendar, window }: Planning, grain: Grain, at: number): boolean =>
  calendar.isStart(grain, at) && calendar.next(grain, at) <= window.toMs && !sharedOutside(calendar, grain, at, window);

/** The two passes of an hour that clocks repeat share one key: it may be used only when both are in the window. */
function sharedOutside(calendar: Calendar, grain: Grain, at: number, window: Range): boolean {
  if (grain !== 'hour' && grain !== 'minute') return false;
  const key = calendar.keysOf(at)[grain];
  return (at - HOUR_MS < window.fromMs && calendar.keysOf(at - HOUR_MS)[grain] === key) || (at + HOUR_MS >= window.toMs && calendar.keysOf(at + HOUR_MS)[grain] === key);
}

function whyNot(planning: Planning, at: number): string {
  const { smallest, horizons, combinations, asked } = planning;
  const kept = coarseToFine.filter((grain) => smallest.has(grain));
  const finest = kept.at(-1) as Grain;
  const gone = kept.find((grain) => fits(planning, grain, at));
  if (gone !== undefined) return `${asked}: the ${gone} cells that this period needs are not there; they are kept from ${new Date(horizons[gone] ?? 0).toISOString()} on`;
  if (finest === 'minute') return `${asked}: the period begins or ends within an hour that clocks repeated, whose two passes are kept as one`;
  const finer = coarseToFine.slice(coarseToFine.indexOf(finest) + 1);
  return `${asked} is kept by ${kept.join(', ')} only, and the period cuts through a ${finest}. At a finer grain are kept:\n${list(combinations, finer)}`;
}

const describe = (view: View, wanted: readonly string[]): string => (wanted.length === 0 ? view : `${view} by ${wanted.join(', ')}`);

function list(combinations: readonly Combination[], grains: readonly Grain[] = coarseToFine): string {
  const lines = combinations
    .map(({ dimensions, grains: own }) => ({ dimensions, shown: own.filter((grain) => grains.includes(grain)) }))
    .filter(({ shown }) => shown.length > 0)
    .map(({ dimensions, shown }) => `  ${dimensions.join(', ')}  (by ${shown.join(', ')})`);
  return lines.length === 0 ? '  none' : lines.join('\n');
}
