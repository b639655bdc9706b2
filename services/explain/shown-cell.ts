/** A cell that a declaration touches, taken apart: whose figure it is, and what came to it, as people read it. Pure. */
import { cellValues, QUANTITY_PREFIX, splitField, viewShapes, type Cubes } from '../domain/cubes';
import { COUNTED_MEASURE_SCALE, formatDecimal } from '../domain/decimal';
import type { Grain } from '../domain/period';
import type { View } from '../topology';
import type { TouchedCell } from './explain-declaration';

export interface ShownCell {
  readonly view: View;
  readonly grain: Grain;
  /** As a period of that grain is asked for: 2026-03, 2026-03-15, 2026-03-15T10. */
  readonly period: string;
  readonly where: Readonly<Record<string, string>>;
  readonly measure: string;
  /** Of a quantity. */
  readonly unit?: string;
  /** What the declaration adds; a count, or an exact decimal. */
  readonly amount: string | number;
}

/** @throws when the name is none of a cell. */
export function shownCell({ hash, field, amount }: TouchedCell, cubes: Cubes, minorUnits: number): ShownCell {
  const [view, id, grain, period] = hash.split('/') as [View, string, Grain, string];
  const combination = cubes[view]?.combinations.find((candidate) => candidate.id === id);
  if (!combination) throw new Error(`${hash} is of no combination`);
  const { name, measure } = splitField(field);
  const values = cellValues(name);
  const ofQuantity = measure.startsWith(QUANTITY_PREFIX);
  const shape = viewShapes[view].measures[ofQuantity ? QUANTITY_PREFIX.slice(0, -1) : measure];
  return {
    view, grain, period, where: Object.fromEntries(combination.dimensions.map((dimension, index) => [dimension, values[index] ?? ''])),
    ...(ofQuantity ? { measure: QUANTITY_PREFIX.slice(0, -1), unit: measure.slice(QUANTITY_PREFIX.length) } : { measure }),
    amount: shape === 'count' || shape === undefined ? Number(amount) : formatDecimal(BigInt(amount), shape === 'money' ? minorUnits : COUNTED_MEASURE_SCALE),
  };
}
