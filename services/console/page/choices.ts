/** Which dimensions can be asked for together: what no kept combination answers is not offered. */
import type { Cube } from './contract';

/** Dimensions that follow from another one. */
const derivedFrom: Readonly<Record<string, string>> = { chapter: 'hs6', taxGroup: 'taxType' };

/** Grains whose cells can make up a period of that kind; windows are cut at the minute. */
const grainsFor: Readonly<Record<string, readonly string[]>> = {
  rolling: ['minute'], minute: ['minute'], hour: ['hour', 'minute'], day: ['day', 'hour', 'minute'],
  month: ['month', 'day', 'hour', 'minute'], quarter: ['month', 'day', 'hour', 'minute'], year: ['month', 'day', 'hour', 'minute'],
};

export function answers(cube: Cube, wanted: readonly string[], periodKind: string): boolean {
  const grains = grainsFor[periodKind] ?? [];
  return cube.combinations.some((combination) => combination.grains.some((grain) => grains.includes(grain)) && wanted.every((dimension) => keeps(combination.dimensions, dimension)));
}

const keeps = (dimensions: readonly string[], wanted: string): boolean => dimensions.includes(wanted) || dimensions.includes(derivedFrom[wanted] ?? '');

/** All that the view can be asked for, derived ones behind those that they follow from. */
export function dimensionsOf(cube: Cube): string[] {
  const kept = new Set(cube.combinations.flatMap(({ dimensions }) => dimensions));
  for (const [derived, source] of Object.entries(derivedFrom)) if (kept.has(source)) kept.add(derived);
  return [...kept];
}

export interface Choice { readonly dimension: string; readonly chosen: boolean; readonly possible: boolean }

/** Each dimension, and whether it can be added to what is chosen. */
export function choicesOf(cube: Cube, by: readonly string[], where: readonly string[], periodKind: string): Choice[] {
  return dimensionsOf(cube).map((dimension) => {
    const chosen = by.includes(dimension);
    return { dimension, chosen, possible: chosen || answers(cube, [...by, ...where, dimension], periodKind) };
  });
}

/** What stays of a choice when the period changes: dimensions are let go from the end until something answers. */
export function stillAnswered(cube: Cube, by: readonly string[], where: readonly string[], periodKind: string): readonly string[] {
  for (let length = by.length; length > 0; length--) {
    const kept = by.slice(0, length);
    if (answers(cube, [...kept, ...where], periodKind)) return kept;
  }
  return [];
}
