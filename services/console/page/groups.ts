/** Rows added up for a drawing: by the first dimension, and within it by the second. */
import { compareDecimals, sumDecimals } from './amount';
import type { FigureRow } from './contract';
import { decimalOf, valueOf } from './measures';

export interface Group { readonly value: string; readonly sum: string; readonly parts: readonly { readonly value: string; readonly sum: string }[] }

/** Largest first. */
export function groupsOf(rows: readonly FigureRow[], [first, second]: readonly string[], measure: string): Group[] {
  if (first === undefined) return [];
  const groups = new Map<string, Map<string, string[]>>();
  for (const row of rows) {
    const outer = valueOf(row[first]);
    const inner = second === undefined ? '' : valueOf(row[second]);
    const parts = groups.get(outer) ?? new Map<string, string[]>();
    groups.set(outer, parts.set(inner, [...(parts.get(inner) ?? []), decimalOf(row[measure])]));
  }
  const largest = (a: { readonly sum: string }, b: { readonly sum: string }): number => compareDecimals(b.sum, a.sum);
  return [...groups].map(([value, parts]) => ({
    value,
    sum: sumDecimals([...parts.values()].flat()),
    parts: second === undefined ? [] : [...parts].map(([part, sums]) => ({ value: part, sum: sumDecimals(sums) })).sort(largest),
  })).sort(largest);
}
