/**
 * All that one query has to read. A view whose figures do not share all dimensions (quality) is planned family
 * by family: what cannot be answered is left out by name, and only a query that nothing answers is refused.
 */
import { keepsFamily, viewShapes, type Cubes, type MeasureFamily } from '../domain/cubes';
import type { Calendar, Horizons, Range } from '../domain/period';
import { planQuery, type FigureQuery, type PlannedHash } from './plan';

/** Hashes to be added up together; of a family, only its measures. */
export interface PlannedPart {
  readonly family?: MeasureFamily;
  readonly hashes: readonly PlannedHash[];
  /** Unit values alone: what they are compared with. */
  readonly baseline: readonly PlannedHash[];
}
export interface AbsentFamily { readonly family: string; readonly reason: string }
export type FigurePlan = { readonly parts: readonly PlannedPart[]; readonly absent: readonly AbsentFamily[] } | { readonly refused: string };

/** Unit values are compared with those of the twelve months that end with the period (domain rule UNIT.07). */
const BASELINE_MONTHS = 12;
export const UNIT_VALUES = 'unitValues';

export function planFigures(cubes: Cubes, calendar: Calendar, query: FigureQuery, window: Range, horizons: Horizons): FigurePlan {
  const { combinations } = cubes[query.view];
  const { families } = viewShapes[query.view];
  const whole = planQuery(combinations, calendar, query, window, horizons);
  if (!families) return 'refused' in whole ? whole : { parts: [{ hashes: whole.hashes, baseline: [] }], absent: [] };
  const parts: PlannedPart[] = [];
  const absent: AbsentFamily[] = [];
  for (const family of families) {
    const own = combinations.filter(({ dimensions }) => keepsFamily(dimensions, family));
    const plan = planQuery(own, calendar, query, window, horizons);
    const baseline = family.name === UNIT_VALUES ? planQuery(own, calendar, { view: query.view, by: [], where: {} }, yearBefore(calendar, window.toMs), horizons) : { hashes: [] };
    if ('refused' in plan) absent.push({ family: family.name, reason: plan.refused });
    else if ('refused' in baseline) absent.push({ family: family.name, reason: baseline.refused });
    else parts.push({ family, hashes: plan.hashes, baseline: baseline.hashes });
  }
  if (parts.length === 0) return { refused: 'refused' in whole ? whole.refused : absent.map(({ reason }) => reason).join('\n') };
  return { parts, absent };
}

/** The twelve months up to the end of a period. */
function yearBefore(calendar: Calendar, toMs: number): Range {
  let fromMs = toMs;
  for (let month = 0; month < BASELINE_MONTHS; month++) fromMs = calendar.rangeOf('month', calendar.keysOf(fromMs - 1).month)?.fromMs ?? fromMs;
  return { fromMs, toMs };
}
