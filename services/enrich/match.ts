/** Match strength of one item against the lists in force (domain §6, levels 0 to 5). Pure and deterministic. */
import { parseDecimal, RATE_SCALE } from '../domain/decimal';
import type { Hit, Item } from '../domain/declaration';
import { isCasNumber } from '../reference/cas-number';
import type { ListedSubstance, WatchlistIndex } from '../reference/types';
import { casCandidates, namedSubstances } from './named-evidence';

type Evidence = 'hs-own' | 'hs-basket' | 'cas' | 'cas-text' | 'name' | 'name-context' | 'keyword' | 'concentration' | 'hs-misfit';
const noHits: readonly Hit[] = [];
const nailPolishHeadings: ReadonlySet<string> = new Set(['3304', '3814']);

export function matchItem(item: Item, index: WatchlistIndex): readonly Hit[] {
  const evidence = gather(item, index);
  if (!evidence) return noHits;
  const heading = item.commodityCode.slice(0, 4);
  const hits: Hit[] = [];
  for (const [listed, kinds] of evidence) hits.push(hit(item, heading, listed, kinds));
  return hits.sort((a, b) => (a.listId < b.listId ? -1 : a.listId > b.listId ? 1 : a.rowId < b.rowId ? -1 : 1));
}

function gather(item: Item, index: WatchlistIndex): Map<ListedSubstance, Set<Evidence>> | undefined {
  let evidence: Map<ListedSubstance, Set<Evidence>> | undefined;
  const add = (rows: Iterable<ListedSubstance> | undefined, kind: Evidence): void => {
    for (const listed of rows ?? []) {
      evidence ??= new Map();
      const kinds = evidence.get(listed);
      if (kinds) kinds.add(kind);
      else evidence.set(listed, new Set([kind]));
    }
  };
  const hs6 = item.commodityCode.slice(0, 6);
  add(index.own.get(hs6), 'hs-own');
  add(index.basket.get(hs6), 'hs-basket');
  if (item.casNumber !== null && isCasNumber(item.casNumber)) add(index.cas.get(item.casNumber), 'cas');
  if (item.description !== null && item.description !== '') {
    for (const candidate of casCandidates(item.description)) if (isCasNumber(candidate)) add(index.cas.get(candidate), 'cas-text');
    const context = nailPolishHeadings.has(hs6.slice(0, 4)) && /nail polish remover/i.test(item.description);
    add(namedSubstances(item.description, index), context ? 'name-context' : 'name');
    const basket = index.basket.get(hs6);
    if (basket) {
      const lower = item.description.toLowerCase();
      add(basket.filter(({ row }) => row.familyKeywords.some((keyword) => lower.includes(keyword))), 'keyword');
    }
  }
  return evidence;
}

function hit(item: Item, heading: string, { listId, listVersion, row, headings }: ListedSubstance, kinds: Set<Evidence>): Hit {
  let level = levelOf(kinds);
  if (level === 4 && !headings.has(heading)) {
    level = 5;
    kinds.add('hs-misfit');
  }
  const limit = row.concentrationLimitPercent === null ? undefined : parseDecimal(row.concentrationLimitPercent, RATE_SCALE);
  if (limit !== undefined && item.concentrationPercent !== null && item.concentrationPercent <= limit && level > 2) {
    level = 2;
    kinds.add('concentration');
  }
  return { itemNumber: item.itemNumber, listId, listVersion, rowId: row.rowId, substance: row.substance, level, evidence: [...kinds].sort() };
}

function levelOf(kinds: ReadonlySet<Evidence>): number {
  if (kinds.has('cas') || kinds.has('cas-text') || kinds.has('name')) return 4;
  if (kinds.has('keyword')) return 3;
  return kinds.has('hs-own') ? 2 : 1;
}
