/** Which definition packs decided the events of a month: counted beside the figures, so that an answer can name them. */

/** The hash that keeps them, beside the cells: how many events of a month were decided by which pack and version. */
export const DEFINITIONS_HASH = 'definitions';
export const definitionsField = (month: string, definitions: string): string => `${month}|${definitions}`;

/** Packs that decided events accepted in these months (both included, as 2026-03), in order; undefined where there were none. */
export function definitionsApplied(fields: Iterable<string>, fromMonth: string, toMonth: string): string | undefined {
  const names = new Set<string>();
  for (const field of fields) {
    const bar = field.indexOf('|');
    const month = field.slice(0, bar);
    if (month >= fromMonth && month <= toMonth) names.add(field.slice(bar + 1));
  }
  return names.size === 0 ? undefined : [...names].sort().join(', ');
}
