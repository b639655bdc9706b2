/** Words that all have to be found somewhere in a declaration. */
import type { TailRow } from './contract';

export function matchesFilter(row: TailRow, filter: string): boolean {
  const words = filter.toLowerCase().split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return true;
  const text = [row.declarationId, row.status, row.office, row.flow, row.procedure, row.partner, row.invoice?.currency ?? '', ...row.hs6].join(' ').toLowerCase();
  return words.every((word) => text.includes(word));
}
