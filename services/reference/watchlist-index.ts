/** Lists checked when they are built (WL.01 to WL.04), and indexed for one moment. */
import { MEASURE_SCALE, parseDecimal, RATE_SCALE } from '../domain/decimal';
import { isCasNumber } from './cas-number';
import { documentName, ReferenceFault } from './documents';
import { NameTrie } from './name-trie';
import { normalisedWords } from './normalised-text';
import type { ListedSubstance, Watchlist, WatchlistIndex, WatchlistRow } from './types';
import { contains, overlap, type Interval } from './validity';

export interface DatedList { readonly list: Watchlist; readonly rows: readonly { readonly row: WatchlistRow; readonly interval: Interval }[] }

/** @throws ReferenceFault with list, row and reason. */
export function checkWatchlist({ list, rows }: DatedList, codeKnown: (edition: string, hs6: string) => boolean): void {
  const fault = (row: WatchlistRow, reason: string): never => { throw new ReferenceFault(`watchlist ${documentName(list)}, row ${row.rowId}: ${reason}`); };
  const seen = new Map<string, Interval[]>();
  for (const { row, interval } of rows) {
    if (row.cas.length === 0 && row.hs.length === 0 && row.synonyms.length === 0 && row.substance === '') fault(row, 'needs a CAS number, an HS code or a name');
    for (const cas of row.cas) if (!isCasNumber(cas)) fault(row, `${cas} is no CAS number: its check digit is wrong (E-WL-CAS)`);
    for (const { edition, code } of row.hs) if (!codeKnown(edition, code)) fault(row, `${code} is not in HS ${edition}`);
    const others = seen.get(row.rowId) ?? [];
    if (others.some((other) => overlap(interval, other))) fault(row, 'its validity overlaps that of another row with the same id');
    seen.set(row.rowId, [...others, interval]);
  }
}

const push = <Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void => {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
};

const decimalOf = (text: string | null, scale: number): bigint | undefined => (text === null ? undefined : parseDecimal(text, scale));

/** The rows in force at a moment of the lists in force, under the HS edition of that moment. */
export function indexWatchlists(lists: readonly DatedList[], atMs: number, edition: string): WatchlistIndex {
  const own = new Map<string, ListedSubstance[]>();
  const basket = new Map<string, ListedSubstance[]>();
  const cas = new Map<string, ListedSubstance[]>();
  const names = new NameTrie<ListedSubstance>();
  for (const { list, rows } of lists) {
    for (const { row, interval } of rows) {
      if (!contains(interval, atMs)) continue;
      const codes = row.hs.filter((code) => code.edition === edition);
      const listed: ListedSubstance = { listId: list.id, listVersion: list.version, row, concentrationLimit: decimalOf(row.concentrationLimitPercent, RATE_SCALE), threshold: decimalOf(row.thresholdKg, MEASURE_SCALE), headings: new Set([...codes.map(({ code }) => code), ...row.mixtureHs].map((code) => code.slice(0, 4))) };
      for (const { code, kind } of codes) push(kind === 'own' ? own : basket, code, listed);
      for (const number of row.cas) push(cas, number, listed);
      for (const name of new Set([row.substance, ...row.synonyms])) names.add(normalisedWords(name), listed);
    }
  }
  return { own, basket, cas, names };
}
