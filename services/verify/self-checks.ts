/**
 * Figures against themselves: the same declarations are kept by several combinations and grains, so their sums
 * must agree: offices = chapters = days for a month, hours = minutes for a day. Pure; whoever asks reads all
 * hashes as of one moment.
 */
import { cellHash, cellName, cellValues, derivedDimensions, keepsFamily, QUANTITY_PREFIX, splitField, viewShapes, type Combination, type Cubes } from '../domain/cubes';
import { grains, type Calendar, type Grain } from '../domain/period';
import type { View } from '../topology';

/** One way in which a period's figures are kept. */
export interface FigureSource { readonly combination: Combination; readonly grain: Grain; readonly hashes: readonly string[] }
/** Two sums that should be one. */
export interface Disagreement { readonly view: View; readonly period: string; readonly cell: string; readonly measure: string; readonly left: string; readonly leftSum: string; readonly right: string; readonly rightSum: string }
export type FieldsOf = (hash: string) => ReadonlyMap<string, string>;

/** Checked of a month: months and days. Of a day: what it is made of. */
const checkedGrains: Readonly<Record<'month' | 'day', readonly Grain[]>> = { month: ['month', 'day'], day: ['day', 'hour', 'minute'] };
export type CheckedGrain = keyof typeof checkedGrains;

/** How a period's figures are kept; `kept` leaves out grains that were let go. */
export function sourcesOf(cubes: Cubes, calendar: Calendar, view: View, grain: CheckedGrain, period: string, kept: readonly Grain[] = grains): FigureSource[] {
  const range = calendar.rangeOf(grain, period);
  if (!range) return [];
  return cubes[view].combinations.flatMap((combination) => checkedGrains[grain].filter((finer) => combination.grains.includes(finer) && kept.includes(finer)).map((finer): FigureSource => ({
    combination, grain: finer, hashes: calendar.keysBetween(finer, range.fromMs, range.toMs).map((key) => cellHash(view, combination.id, finer, key)),
  })));
}

/** Compares every two sources, projected on the dimensions that both keep. */
export function disagreements(view: View, period: string, sources: readonly FigureSource[], fieldsOf: FieldsOf): Disagreement[] {
  const found: Disagreement[] = [];
  sources.forEach((left, index) => {
    for (const right of sources.slice(index + 1)) found.push(...compare(view, period, left, right, fieldsOf));
  });
  return found;
}

function compare(view: View, period: string, left: FigureSource, right: FigureSource, fieldsOf: FieldsOf): Disagreement[] {
  const common = commonDimensions(left.combination, right.combination);
  const takes = measuresInBoth(view, left.combination, right.combination);
  const [leftSums, rightSums] = [sumsOf(left, common, takes, fieldsOf), sumsOf(right, common, takes, fieldsOf)];
  const found: Disagreement[] = [];
  for (const field of [...new Set([...leftSums.keys(), ...rightSums.keys()])].sort()) {
    const [leftSum, rightSum] = [leftSums.get(field) ?? 0n, rightSums.get(field) ?? 0n];
    if (leftSum === rightSum) continue;
    const { name: cell, measure } = splitField(field);
    found.push({ view, period, cell: common.length === 0 ? '' : `${common.join(',')}=${cell}`, measure, left: nameOf(left), leftSum: leftSum.toString(), right: nameOf(right), rightSum: rightSum.toString() });
  }
  return found;
}

const nameOf = ({ combination, grain }: FigureSource): string => `${combination.id} by ${grain}`;

/** Asked and derived: a combination that keeps hs6 knows the chapter too. */
function commonDimensions(left: Combination, right: Combination): string[] {
  const known = ({ dimensions }: Combination): string[] => [...dimensions, ...Object.keys(derivedDimensions).filter((name) => !dimensions.includes(name) && dimensions.includes(derivedDimensions[name]?.from ?? ''))];
  const ofRight = known(right);
  const common = known(left).filter((dimension) => ofRight.includes(dimension));
  return common.filter((dimension) => !common.includes(derivedDimensions[dimension]?.from ?? ''));
}

/** Quantities are kept beside the HS code alone; of several families a combination keeps those that have all its dimensions. */
function measuresInBoth(view: View, left: Combination, right: Combination): (measure: string) => boolean {
  const quantities = left.dimensions.includes('hs6') && right.dimensions.includes('hs6');
  const families = viewShapes[view].families?.filter((family) => keepsFamily(left.dimensions, family) && keepsFamily(right.dimensions, family));
  return (measure) => {
    if (measure.startsWith(QUANTITY_PREFIX)) return quantities;
    return !families || families.some(({ measures }) => measures.includes(measure.split('.', 1)[0] as string));
  };
}

function sumsOf({ combination: { dimensions }, hashes }: FigureSource, common: readonly string[], takes: (measure: string) => boolean, fieldsOf: FieldsOf): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  const projected = new Map<string, string>();
  for (const hash of hashes) {
    for (const [field, value] of fieldsOf(hash)) {
      const { name, measure } = splitField(field);
      if (!takes(measure)) continue;
      let cell = projected.get(name);
      if (cell === undefined) projected.set(name, (cell = projection(name, dimensions, common)));
      const key = `${cell}:${measure}`;
      sums.set(key, (sums.get(key) ?? 0n) + BigInt(value));
    }
  }
  return sums;
}

function projection(name: string, dimensions: readonly string[], common: readonly string[]): string {
  const values = cellValues(name);
  const valueOf = (dimension: string): string => {
    const derived = derivedDimensions[dimension];
    const index = dimensions.indexOf(dimension);
    return index >= 0 || !derived ? (values[index] ?? '') : derived.derive(values[dimensions.indexOf(derived.from)] ?? '');
  };
  return cellName(common, Object.fromEntries(common.map((dimension) => [dimension, valueOf(dimension)])));
}
