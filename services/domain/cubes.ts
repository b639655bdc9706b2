/**
 * Which combinations of dimensions are kept at which grain: declared in schemas/cubes, no code per figure.
 * A kept combination answers every subset of its dimensions.
 */
import type { View } from '../topology';
import type { Grain } from './period';
import { taxGroupOf } from './tax-groups';

export interface Combination {
  readonly id: string;
  readonly dimensions: readonly string[];
  readonly grains: readonly Grain[];
  /** Grains that go to the aggregate topic, and how long changes are combined before (ms). */
  readonly publish?: { readonly grains: readonly Grain[]; readonly tickMs: number };
}
export interface Cube { readonly view: View; readonly combinations: readonly Combination[] }
export type Cubes = Readonly<Record<View, Cube>>;

export type MeasureUnit = 'money' | 'mass' | 'quantity' | 'count';
export interface ViewShape {
  readonly dimensions: readonly string[];
  readonly measures: Readonly<Record<string, MeasureUnit>>;
  /** Where not every row has every dimension: what is counted together, and by what. A combination keeps the families that have all its dimensions. */
  readonly families?: readonly MeasureFamily[];
}
export interface MeasureFamily { readonly name: string; readonly dimensions: readonly string[]; readonly measures: readonly string[] }

/** design §4: the views, their dimensions and measures. `quantity`, `fields`, `delay`, `unitValue` stand for one measure per unit, set of fields, class: quantity.<unit>. */
export const viewShapes: Readonly<Record<View, ViewShape>> = {
  revenue: {
    dimensions: ['office', 'taxType', 'chapter', 'origin', 'procedure'],
    measures: { assessed: 'money', relief: 'money', collected: 'money', refunded: 'money', deposits: 'money', lines: 'count' },
  },
  statistics: {
    dimensions: ['flow', 'hs6', 'chapter', 'partner', 'office', 'transportMode'],
    measures: { value: 'money', netMassKg: 'mass', quantity: 'quantity', items: 'count' },
  },
  precursors: {
    dimensions: ['list', 'substance', 'flow', 'partner', 'level'],
    measures: { items: 'count', netMassKg: 'mass', value: 'money' },
  },
  operations: {
    dimensions: ['office', 'stage'],
    measures: { accepted: 'count', amended: 'count', cancelled: 'count', refused: 'count', alerts: 'count', declarations: 'count' },
  },
  quality: {
    dimensions: ['office', 'flow', 'chapter', 'hs6'],
    measures: {
      events: 'count', refused: 'count', repeated: 'count', delay: 'count',
      fields: 'count', value: 'money', flagged: 'count', imputedValue: 'money', residualValue: 'money',
      unitValue: 'count',
    },
    families: [
      { name: 'arrival', dimensions: ['office'], measures: ['events', 'refused', 'repeated', 'delay'] },
      { name: 'content', dimensions: ['office', 'flow', 'chapter'], measures: ['fields', 'value', 'flagged', 'imputedValue', 'residualValue'] },
      { name: 'unitValues', dimensions: ['flow', 'hs6'], measures: ['unitValue'] },
    ],
  },
};

/** Dimensions that follow from another one: a combination that keeps hs6 answers for the chapter too, one with the tax type for its group. */
export const derivedDimensions: Readonly<Record<string, { readonly from: string; derive(value: string): string }>> = {
  chapter: { from: 'hs6', derive: (hs6) => hs6.slice(0, 2) },
  taxGroup: { from: 'taxType', derive: taxGroupOf },
};

/** What a view can be asked for: its dimensions, and those that follow from them. */
export const askedDimensions = (view: View): string[] => {
  const { dimensions } = viewShapes[view];
  return [...dimensions, ...Object.keys(derivedDimensions).filter((name) => !dimensions.includes(name) && dimensions.includes(derivedDimensions[name]?.from ?? ''))];
};

export const keepsFamily = (dimensions: readonly string[], family: MeasureFamily): boolean => dimensions.every((dimension) => family.dimensions.includes(dimension));

export const QUANTITY_PREFIX = 'quantity.';

/** Throws with the file's faults; run when cubes are read. */
export function checkCubes(cubes: readonly Cube[]): Cubes {
  const byView: Partial<Record<View, Cube>> = {};
  for (const cube of cubes) {
    const shape = viewShapes[cube.view];
    if (!shape) throw new Error(`cubes: unknown view ${String(cube.view)}`);
    for (const { id, dimensions } of cube.combinations) {
      for (const dimension of dimensions) {
        if (!shape.dimensions.includes(dimension)) throw new Error(`cubes: ${cube.view}/${id} names the unknown dimension ${dimension}`);
      }
      if (shape.families && !shape.families.some((family) => keepsFamily(dimensions, family))) throw new Error(`cubes: ${cube.view}/${id}: no figure has all of these dimensions`);
      if (id !== dimensions.join('-')) throw new Error(`cubes: ${cube.view}/${id} must be named ${dimensions.join('-')}`);
    }
    byView[cube.view] = cube;
  }
  for (const view of Object.keys(viewShapes) as View[]) if (!byView[view]) throw new Error(`cubes: none for ${view}`);
  return byView as Cubes;
}

/** The same cubes with some of the grains of each combination. */
export const withGrains = (cubes: Cubes, grainsOf: (combination: Combination) => readonly Grain[]): Cubes => Object.fromEntries(Object.entries(cubes).map(([view, cube]) => [view, {
  ...cube, combinations: cube.combinations.map((combination) => ({ ...combination, grains: grainsOf(combination) })),
}])) as unknown as Cubes;

/** Grains of a combination whose cells go to a topic. */
export const publishedGrains = ({ publish }: Combination): readonly Grain[] => publish?.grains ?? [];

/** Values stand between bars in a cell's name; a bar or per cent sign inside a value is written as %7C, %25. */
export const escapeValue = (value: string): string => (value.includes('|') || value.includes('%') ? value.replace(/%/g, '%25').replace(/\|/g, '%7C') : value);
const unescapeValue = (text: string): string => text.replace(/%7C/g, '|').replace(/%25/g, '%');

export function cellName(dimensions: readonly string[], values: Readonly<Record<string, string>>): string {
  let name = '';
  for (let index = 0; index < dimensions.length; index++) {
    const value = escapeValue(values[dimensions[index] as string] ?? '');
    name = index === 0 ? value : `${name}|${value}`;
  }
  return name;
}

export const cellValues = (name: string): string[] => (name.includes('%') ? name.split('|').map(unescapeValue) : name.split('|'));

/** Name of the hash that holds all cells of one combination, grain and period. */
export const cellHash = (view: View, combination: string, grain: Grain, period: string): string => `${view}/${combination}/${grain}/${period}`;

/** A hash field is the cell's name, a colon, and the measure; the name alone in hashes that are no cube. */
export const cellField = (name: string, measure: string): string => (measure === '' ? name : `${name}:${measure}`);
export function splitField(field: string): { name: string; measure: string } {
  const colon = field.lastIndexOf(':');
  return { name: field.slice(0, colon), measure: field.slice(colon + 1) };
}
