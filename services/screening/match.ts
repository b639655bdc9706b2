/**
 * Match strength of one item against the lists in force (domain §6, levels 0 to 5). Pure and deterministic:
 * the same item under the same set of reference data has the same hits with the same evidence.
 */
import type { Flow, Hit, Item } from '../domain/declaration';
import { isCasNumber } from '../reference/cas-number';
import { normalisedWords } from '../reference/normalised-text';
import type { ListedSubstance, ScreeningRules } from '../reference/types';
import type { Evidence } from './evidence';
import { casCandidates, namedSubstances } from './named-evidence';

/** What matters of the declaration besides the item. */
export interface Movement { readonly flow: Flow; readonly partnerCountry: string }

const noHits: readonly Hit[] = [];
/** The strengths of domain §6. */
const level = { basket: 1, own: 2, corroborated: 3, identified: 4, inconsistent: 5 } as const;

export function matchItem(item: Item, movement: Movement, rules: ScreeningRules): readonly Hit[] {
  const evidence = gather(item, rules);
  if (!evidence) return noHits;
  const hits: Hit[] = [];
  for (const [listed, kinds] of evidence) hits.push(judged(item, movement, listed, kinds, rules));
  return hits.sort((a, b) => (a.listId < b.listId ? -1 : a.listId > b.listId ? 1 : a.rowId < b.rowId ? -1 : 1));
}

type Gathered = Map<ListedSubstance, Set<Evidence>>;

function gather(item: Item, { watchlists, pack }: ScreeningRules): Gathered | undefined {
  let evidence: Gathered | undefined;
  const add = (listed: ListedSubstance, kind: Evidence): void => {
    evidence ??= new Map();
    const kinds = evidence.get(listed);
    if (kinds) kinds.add(kind);
    else evidence.set(listed, new Set([kind]));
  };
  const hs6 = item.commodityCode.slice(0, 6);
  for (const listed of watchlists.own.get(hs6) ?? []) add(listed, 'hs-own');
  const basket = watchlists.basket.get(hs6);
  for (const listed of basket ?? []) add(listed, 'hs-basket');
  if (item.casNumber !== null && isCasNumber(item.casNumber)) for (const listed of watchlists.cas.get(item.casNumber) ?? []) add(listed, 'cas');
  const { description } = item;
  if (description === null || description === '') return evidence;
  for (const candidate of casCandidates(description)) if (isCasNumber(candidate)) for (const listed of watchlists.cas.get(candidate) ?? []) add(listed, 'cas-text');
  const inContext = pack.contexts.some(({ headings, phrase }) => headings.includes(hs6.slice(0, 4)) && spaced(description).includes(` ${phrase} `));
  const kind: Evidence = inContext ? 'name-context' : 'name';
  namedSubstances(description, watchlists, (listed) => add(listed, kind));
  if (basket) {
    const lower = description.toLowerCase();
    for (const listed of basket) if (listed.row.familyKeywords.some((keyword) => lower.includes(keyword))) add(listed, 'keyword');
  }
  return evidence;
}

const spaced = (text: string): string => ` ${normalisedWords(text).join(' ')} `;

function judged(item: Item, movement: Movement, listed: ListedSubstance, kinds: Set<Evidence>, rules: ScreeningRules): Hit {
  const { listId, listVersion, row, concentrationLimit: limit, threshold } = listed;
  const below = limit !== undefined && item.concentrationPercent !== null && item.concentrationPercent <= limit;
  if (limit !== undefined && item.concentrationPercent !== null && !below) kinds.add('concentration-over');
  if (threshold !== undefined && item.netMassKg > threshold) kinds.add('quantity');
  let strength = strengthOf(kinds);
  if (strength === level.identified) strength = inconsistency(item, movement, listed, kinds, rules);
  if (below && strength > level.own) {
    strength = level.own;
    kinds.add('concentration');
  }
  return { itemNumber: item.itemNumber, listId, listVersion, rowId: row.rowId, substance: row.substance, level: strength, evidence: [...kinds].sort() };
}

function strengthOf(kinds: ReadonlySet<Evidence>): number {
  if (kinds.has('cas') || kinds.has('cas-text') || kinds.has('name')) return level.identified;
  if (kinds.has('hs-basket') && kinds.has('keyword')) return level.corroborated;
  if (!kinds.has('hs-own')) return level.basket;
  return kinds.has('quantity') || kinds.has('concentration-over') ? level.corroborated : level.own;
}

/** MATCH.05 and PEN.01: identified, and something does not fit; a licence takes that step back. */
function inconsistency(item: Item, { flow, partnerCountry }: Movement, { listId, row, headings }: ListedSubstance, kinds: Set<Evidence>, { pack: { documentTypes }, noticeRequired }: ScreeningRules): number {
  const has = (types: readonly string[]): boolean => item.documents.some(({ type }) => types.includes(type));
  if (!headings.has(item.commodityCode.slice(0, 4))) kinds.add('hs-misfit');
  if (flow === 'EXPORT' && noticeRequired(listId, row.rowId, partnerCountry) && !has(documentTypes.preExportNotice)) kinds.add('notice-missing');
  if (!kinds.has('hs-misfit') && !kinds.has('notice-missing')) return level.identified;
  if (!has(documentTypes.licence)) return level.inconsistent;
  kinds.add('licence');
  return level.identified;
}
