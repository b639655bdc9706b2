/**
 * Precursor hits as domain §6 describes them, found the slow way: every row of every list against every
 * item, names by regular expression. Shares no code with `enrich`. Understands the denials that the
 * generator writes ("X-free", "free of X", "not containing X or Y", "sans X"), no others.
 */
import { readReference } from './vocabulary';

interface Row {
  readonly rowId: string;
  readonly substance: string;
  readonly synonyms: readonly string[];
  readonly cas: readonly string[];
  readonly hs: readonly { readonly edition: string; readonly code: string; readonly kind: string }[];
  readonly mixtureHs: readonly string[];
  readonly familyKeywords: readonly string[];
  readonly concentrationLimitPercent: string | null;
  readonly validFrom: string | null;
  readonly validTo: string | null;
}
export interface ScreenedItem { readonly commodityCode: string; readonly description: string | null; readonly casNumber: string | null; readonly concentrationPercent: string | null; readonly documents: readonly { readonly type: string }[] }
export interface ExpectedHit { readonly list: string; readonly substance: string; readonly level: number }

const files = ['watchlist-un1988-table1', 'watchlist-un1988-table2', 'watchlist-eu2019-1148-annex1', 'watchlist-eu2019-1148-annex2', 'watchlist-pgs'];
const denial = /free of|free from|not containing|without|sans/;
const letters: Readonly<Record<string, string>> = { α: 'alpha', β: 'beta', γ: 'gamma', δ: 'delta' };
const folded = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[αβγδ]/g, (letter) => letters[letter] as string);
const inForce = (day: string, { validFrom, validTo }: Pick<Row, 'validFrom' | 'validTo'>): boolean => (validFrom ?? '') <= day && day <= (validTo ?? '9999');

interface ListedRow { readonly list: string; readonly listDates: Pick<Row, 'validFrom' | 'validTo'>; readonly row: Row; readonly names: readonly RegExp[] }
let listedRows: readonly ListedRow[] | undefined;

/** Read once: hundreds of patterns take a while to make, and a simulation recounts thousands of times. */
function rowsOfLists(): readonly ListedRow[] {
  return (listedRows ??= files.flatMap((name) => {
    const file = readReference(name) as unknown as { id: string; validFrom: string | null; validTo: string | null; rows: Row[] };
    return file.rows.map((row) => ({ list: file.id, listDates: file, row, names: [row.substance, ...row.synonyms].map(namePattern) }));
  }));
}

export class ExpectedScreening {
  private readonly rows = rowsOfLists();
  private readonly known = new Map<string, readonly ExpectedHit[]>();

  /** `day`: of acceptance, in the profile's zone. */
  hits(item: ScreenedItem, day: string): readonly ExpectedHit[] {
    const key = JSON.stringify([item.commodityCode, item.description, item.casNumber, item.concentrationPercent, item.documents.map(({ type }) => type), day]);
    let hits = this.known.get(key);
    if (!hits) {
      if (this.known.size > 100_000) this.known.clear();
      this.known.set(key, (hits = this.screen(item, day)));
    }
    return hits;
  }

  private screen(item: ScreenedItem, day: string): ExpectedHit[] {
    const found: ExpectedHit[] = [];
    for (const { list, listDates, row, names } of this.rows) {
      if (!inForce(day, listDates) || !inForce(day, row)) continue;
      const level = levelOf(item, row, names, day < '2022-01-01' ? '2017' : '2022');
      if (level > 0) found.push({ list, substance: row.substance, level });
    }
    return found;
  }
}

function namePattern(name: string): RegExp {
  const words = folded(name).split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  return new RegExp(`(?<![\\p{L}\\p{N}])${words.join('[^\\p{L}\\p{N}]+')}(?![\\p{L}\\p{N}]|[^\\p{L}\\p{N}]+free)`, 'u');
}

function levelOf(item: ScreenedItem, row: Row, names: readonly RegExp[], edition: string): number {
  const text = folded(item.description ?? '');
  const heading = item.commodityCode.slice(0, 4);
  const codes = row.hs.filter((code) => code.edition === edition);
  const kinds = codes.filter(({ code }) => item.commodityCode.startsWith(code)).map(({ kind }) => kind);
  const named = names.some((name) => { const at = text.search(name); return at >= 0 && !denial.test(text.slice(0, at)); });
  const remover = text.includes('nail polish remover') && (heading === '3304' || heading === '3814');
  const numbered = row.cas.some((cas) => cas === item.casNumber || new RegExp(`\\b${cas}\\b`).test(text));
  const licensed = item.documents.some(({ type }) => type === '811' || type === '911');
  let level = kinds.length === 0 && !named ? 0 : 1;
  const limit = row.concentrationLimitPercent;
  const concentration = limit === null || item.concentrationPercent === null ? undefined : Number(item.concentrationPercent) - Number(limit);
  if (kinds.includes('own')) level = concentration !== undefined && concentration > 0 ? 3 : 2;
  if (kinds.includes('basket') && row.familyKeywords.some((keyword) => text.includes(keyword))) level = 3;
  if (numbered || (named && !remover)) level = [...codes.map(({ code }) => code), ...row.mixtureHs].some((code) => code.startsWith(heading)) || licensed ? 4 : 5;
  if (level > 2 && concentration !== undefined && concentration <= 0) level = 2;
  return level;
}
