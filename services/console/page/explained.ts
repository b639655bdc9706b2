/** Sums of what is listed of an explanation, and the cells that a declaration touches, row by row. */
import { sumDecimals } from './amount';
import type { Cell, TouchedCell } from './contract';

/** Exact: counts as numbers, decimals as texts, quantities unit by unit. */
export function sumOfCells(cells: readonly (Cell | undefined)[]): Cell {
  const there = cells.filter((cell) => cell !== undefined && cell !== null);
  if (there.every((cell) => typeof cell === 'number')) return there.reduce<number>((sum, cell) => sum + cell, 0);
  if (there.some((cell) => typeof cell === 'object')) {
    const units = new Map<string, string[]>();
    for (const cell of there) if (typeof cell === 'object') for (const [unit, amount] of Object.entries(cell)) units.set(unit, [...(units.get(unit) ?? []), amount]);
    return Object.fromEntries([...units].map(([unit, amounts]) => [unit, sumDecimals(amounts)]));
  }
  return sumDecimals(there.map(String));
}

/** Decimals of a topic are finer than those that people read: zeros behind `places` go. */
export function shortened(text: string, places: number): string {
  const point = text.indexOf('.');
  if (point < 0) return text;
  const least = places === 0 ? point : point + 1 + places;
  let end = text.length;
  while (end > least && (text[end - 1] === '0' || text[end - 1] === '.')) end--;
  return text.slice(0, end);
}

/** A measure of a revision, as the topic has it: of quantities each unit is a field of its own. */
export function revisedAmount(amounts: Readonly<Record<string, Cell>>, measure: string, minorUnits: number): Cell {
  const own = amounts[measure];
  if (typeof own === 'string') return shortened(own, minorUnits);
  if (own !== undefined) return own;
  const units = Object.entries(amounts).flatMap(([name, amount]) => (name.startsWith(`${measure}.`) && typeof amount === 'string' ? [[name.slice(measure.length + 1), amount] as const] : []));
  return units.length === 0 ? null : Object.fromEntries(units);
}

/** One cell with all measures that a declaration adds to it. */
export interface CellRow extends Pick<TouchedCell, 'view' | 'grain' | 'period' | 'where'> { readonly key: string; readonly measures: readonly Pick<TouchedCell, 'measure' | 'unit' | 'amount'>[] }

/** In the order in which they come. */
export function cellRows(cells: readonly TouchedCell[]): CellRow[] {
  const rows = new Map<string, CellRow & { readonly measures: Pick<TouchedCell, 'measure' | 'unit' | 'amount'>[] }>();
  for (const { view, grain, period, where, ...amount } of cells) {
    const key = `${view}/${grain}/${period}/${Object.entries(where).flat().join('|')}`;
    const row = rows.get(key) ?? { key, view, grain, period, where, measures: [] };
    row.measures.push(amount);
    rows.set(key, row);
  }
  return [...rows.values()];
}
