/** Lists that keep the newest so many entries in memory and are asked for page by page: pure. */

/** Lets the oldest go, by the order in which they came; answers how many. */
export function dropOldest(entries: Map<string, unknown>, most: number): number {
  let dropped = 0;
  for (const key of entries.keys()) {
    if (entries.size <= most) break;
    entries.delete(key);
    dropped++;
  }
  return dropped;
}

export interface ListPage<Entry> { readonly entries: readonly Entry[]; readonly next: string | null }

/** At most `limit` entries behind the one of `before`, and where the page after it goes on (null: nowhere); undefined when `before` is in no such list. */
export function pageBehind<Entry>(listed: readonly Entry[], idOf: (entry: Entry) => string, limit: number, before: string | undefined): ListPage<Entry> | undefined {
  const start = before === undefined ? 0 : listed.findIndex((entry) => idOf(entry) === before) + 1;
  if (before !== undefined && start === 0) return undefined;
  const entries = listed.slice(start, start + limit);
  const last = entries.at(-1);
  return { entries, next: start + limit < listed.length && last !== undefined ? idOf(last) : null };
}
