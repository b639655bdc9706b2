/** Units of measures, and rows in the order somebody wants to read them. */
import { compareDecimals } from './amount';
import type { Cell, FigureRow, FigureView } from './contract';

export type Unit = 'money' | 'mass' | 'count' | 'quantity';

const units: Readonly<Record<string, Unit>> = {
  assessed: 'money', relief: 'money', collected: 'money', refunded: 'money', deposits: 'money', lines: 'count',
  value: 'money', netMassKg: 'mass', quantity: 'quantity', items: 'count',
};
export const unitOf = (measure: string): Unit => units[measure] ?? 'count';

/** Measures that can be drawn: quantities of different units cannot be compared. */
export const drawnMeasures: Readonly<Record<FigureView, readonly string[]>> = {
  revenue: ['assessed', 'collected', 'relief', 'refunded', 'deposits', 'lines'],
  statistics: ['value', 'netMassKg', 'items'],
};

export const decimalOf = (cell: Cell | undefined): string => (typeof cell === 'number' || typeof cell === 'string' ? String(cell) : '0');

/** The value of a dimension, which is always a text. */
export const valueOf = (cell: Cell | undefined): string => (typeof cell === 'string' ? cell : '');

/** Measures of an answer, in its own order. */
export const measuresOf = (totals: FigureRow): string[] => Object.keys(totals);

/** `sort`: a dimension or measure; without one, as the server sorted. Equal rows keep their order. */
export function sortedRows(rows: readonly FigureRow[], by: readonly string[], sort: string, descending: boolean): FigureRow[] {
  if (sort === '') return [...rows];
  const compare = by.includes(sort)
    ? (a: FigureRow, b: FigureRow): number => compareText(valueOf(a[sort]), valueOf(b[sort]))
    : (a: FigureRow, b: FigureRow): number => compareDecimals(decimalOf(a[sort]), decimalOf(b[sort]));
  const sorted = [...rows].sort(compare);
  return descending ? sorted.reverse() : sorted;
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
