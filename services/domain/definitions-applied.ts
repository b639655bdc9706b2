/** Which definition packs decided the events of a month: counted beside the figures, so that an answer can name them. */

/** The hash that keeps them, beside the cells: how many events of a month were decided by which pack and version. */
export const DEFINITIONS_HASH = 'definitions';
export const definitionsField = (month: string, definitions: string): string => `${month}|${definitions}`;

/** By month (as 2026-03): the packs that decided events accepted in it, in order. */
export function definitionsByMonth(fields: Iterable<string>): Map<string, string> {
  const byMonth = new Map<string, string>();
  for (const field of [...fields].sort()) {
    const bar = field.indexOf('|');
    const [month, name] = [field.slice(0, bar), field.slice(bar + 1)];
    const before = byMonth.get(month);
    byMonth.set(month, before === undefined ? name : `${before}, ${name}`);
  }
  return byMonth;
}

/** Packs that decided events accepted in these months (both included), in order; undefined where there were none. */
export function definitionsApplied(fields: Iterable<string>, fromMonth: string, toMonth: string): string | undefined {
  const names = new Set<string>();
  for (const [month, applied] of definitionsByMonth(fields)) if (month >= fromMonth && month <= toMonth) for (const name of applied.split(', ')) names.add(name);
  return names.size === 0 ? undefined : [...names].sort().join(', ');
}
