/**
 * Makes reference documents one set of lookups by moment. Of a document's versions in force at a moment the
 * highest one applies, in whatever order they were loaded. Pure: files and topics are read by the shell.
 */
import { parseDecimal } from '../domain/decimal';
import { ReferenceFault, type DocumentKind, type DocumentOf, type ReferenceDocument } from './documents';
import { packTables } from './pack-tables';
import { Timeline } from './timeline';
import { EXCHANGE_RATE_SCALE, type CommodityStanding, type ExchangeRate, type InForce, type PackTables, type Profile, type ReferenceSet, type ScreeningRules, type Validity, type WatchlistIndex } from './types';
import { contains, intervalOf, overlap, type Interval } from './validity';
import { compareVersions } from './versions';
import { checkWatchlist, indexWatchlists, type DatedList } from './watchlist-index';

interface Dated<Value> { readonly interval: Interval; readonly value: Value }
const intervalsOf = (dated: readonly Dated<unknown>[]): Interval[] => dated.map(({ interval }) => interval);

/** Documents of one kind, the highest version first, with the days on which they apply. */
function dated<Kind extends DocumentKind>(documents: readonly ReferenceDocument[], kind: Kind, timeZone: string): Dated<DocumentOf<Kind>>[] {
  return documents
    .filter((document): document is DocumentOf<Kind> => document.kind === kind)
    .sort((a, b) => compareVersions(b.version, a.version))
    .map((value) => ({ value, interval: intervalOf(value, timeZone, `${value.id}@${value.version}`) }));
}

/** Of each id the highest version in force. */
function inForce<Value extends { readonly id: string }>(documents: readonly Dated<Value>[], atMs: number): Value[] {
  const found = new Map<string, Value>();
  for (const { interval, value } of documents) if (contains(interval, atMs) && !found.has(value.id)) found.set(value.id, value);
  return [...found.values()];
}

/** `digest` names the set in every record that it decides. @throws ReferenceFault with document, row and reason. */
export function buildReferenceSet(documents: readonly ReferenceDocument[], profile: Profile, digest: string): ReferenceSet {
  const zone = profile.timeZone;
  const packs = packTimeline(documents, profile);
  const countries = codeTimeline(dated(documents, 'countries', zone), zone);
  const currencies = codeTimeline(dated(documents, 'currencies', zone), zone);
  const rates = rateTimeline(documents, zone);
  const commodities = commodityTimeline(documents, zone);
  const lists = datedLists(documents, zone);
  const watchlists = watchlistTimeline(lists, intervalsOf(dated(documents, 'headings', zone)), (atMs) => commodities.timeline.at(atMs).edition);
  const notices = noticeTimeline(documents, zone);
  const build = (atMs: number): InForce => {
    const [{ inForce: known, withdrawn }, { inForce: money }, exchange, required] = [countries.timeline.at(atMs), currencies.timeline.at(atMs), rates.timeline.at(atMs), notices.timeline.at(atMs)];
    return {
      ...packs.timeline.at(atMs), ...commodities.timeline.at(atMs), watchlists: watchlists.timeline.at(atMs),
      countryKnown: (code) => known.has(code), countryWithdrawnAt: (code) => withdrawn.get(code), currencyMinorUnits: (code) => money.get(code)?.minorUnits, exchangeRate: (currency) => exchange.get(currency), noticeRequired: required,
    };
  };
  const all = new Timeline([packs, countries, currencies, rates, commodities, watchlists, notices].flatMap(({ intervals }) => intervals), build);
  const editions = new Map<string, Timeline<WatchlistIndex>>();
  const lookBack = (atMs: number, listsAtMs: number): ScreeningRules => {
    const { edition, pack, noticeRequired } = all.at(atMs);
    let ofEdition = editions.get(edition);
    if (!ofEdition) editions.set(edition, (ofEdition = watchlistTimeline(lists, [], () => edition).timeline));
    return { pack, noticeRequired, watchlists: ofEdition.at(listsAtMs) };
  };
  return { digest, at: (atMs) => all.at(atMs), lookBack };
}

interface DatedTimeline<Value> { readonly timeline: Timeline<Value>; readonly intervals: readonly Interval[] }

function packTimeline(documents: readonly ReferenceDocument[], profile: Profile): DatedTimeline<PackTables> {
  const packs = dated(documents, 'pack', profile.timeZone).filter(({ value }) => value.id === profile.definitions);
  const lowest = packs.at(-1)?.value;
  if (!lowest) throw new ReferenceFault(`the profile ${profile.id} asks for the definition pack ${profile.definitions}, which is not there`);
  const tables = new Map(packs.map(({ value }) => [value, packTables(value, profile)]));
  const intervals = intervalsOf(packs);
  /** Before the first pack's days its rules apply too: a declaration must not stay without any. */
  return { intervals, timeline: new Timeline(intervals, (atMs) => tables.get(inForce(packs, atMs)[0] ?? lowest) as PackTables) };
}

interface RowList<Row> extends Validity { readonly id: string; readonly version: string; readonly rows: readonly Row[] }

/** Rows with days of their own: those of each list, and when any of them may begin or end to apply. */
function datedRows<Row extends Validity>(lists: readonly Dated<RowList<Row>>[], timeZone: string, nameOf: (row: Row) => string): { readonly rowsOf: (list: RowList<Row>) => readonly Dated<Row>[]; readonly intervals: readonly Interval[] } {
  const rows = new Map(lists.map(({ value: list }) => [list, list.rows.map((row): Dated<Row> => ({ value: row, interval: intervalOf(row, timeZone, `${list.id}@${list.version}, ${nameOf(row)}`) }))]));
  return { rowsOf: (list) => rows.get(list) ?? [], intervals: [...intervalsOf(lists), ...[...rows.values()].flatMap(intervalsOf)] };
}

/** Rows with a code and days of their own. Of several rows for a code the first in force stands. */
function codeTimeline<Row extends Validity & { readonly code: string }>(lists: readonly Dated<RowList<Row>>[], timeZone: string): DatedTimeline<{ readonly inForce: ReadonlyMap<string, Row>; readonly withdrawn: ReadonlyMap<string, number> }> {
  const { rowsOf, intervals } = datedRows(lists, timeZone, ({ code }) => code);
  return { intervals, timeline: new Timeline(intervals, (atMs) => {
    const codes = new Map<string, Row>();
    const withdrawn = new Map<string, number>();
    for (const list of inForce(lists, atMs)) for (const { interval, value } of rowsOf(list)) {
      if (contains(interval, atMs)) { if (!codes.has(value.code)) codes.set(value.code, value); }
      else if (interval.toMs < atMs) withdrawn.set(value.code, Math.max(withdrawn.get(value.code) ?? -Infinity, interval.toMs));
    }
    for (const code of codes.keys()) withdrawn.delete(code);
    return { inForce: codes, withdrawn };
  }) };
}

/** Every loaded version of a rate table goes on answering for the days on which no higher one has the currency. */
function rateTimeline(documents: readonly ReferenceDocument[], timeZone: string): DatedTimeline<ReadonlyMap<string, ExchangeRate>> {
  const rows = dated(documents, 'rates', timeZone).flatMap(({ value: table, interval }) => ratesOf(table, interval, timeZone));
  const intervals = intervalsOf(rows);
  return { intervals, timeline: new Timeline(intervals, (atMs) => {
    const rates = new Map<string, ExchangeRate>();
    for (const { interval, value } of rows) if (contains(interval, atMs) && !rates.has(value.currency)) rates.set(value.currency, { homePerUnit: value.homePerUnit, sinceMs: interval.fromMs });
    return rates;
  }) };
}

type DatedRates = readonly Dated<{ readonly currency: string; readonly homePerUnit: bigint }>[];
/** A document never changes, and each one that is loaded makes a set anew: 250 tables of 150 rates took 7.5 s, and take 2 s when each is dated once. */
const knownRates = new WeakMap<DocumentOf<'rates'>, { readonly timeZone: string; readonly rows: DatedRates }>();

/** Rows of one table, within its own days. */
function ratesOf(table: DocumentOf<'rates'>, { fromMs, toMs }: Interval, timeZone: string): DatedRates {
  let known = knownRates.get(table);
  if (known?.timeZone !== timeZone) {
    const rows = datedRates(table, timeZone).map(({ value, interval }) => ({ value, interval: { fromMs: Math.max(interval.fromMs, fromMs), toMs: Math.min(interval.toMs, toMs) } }));
    knownRates.set(table, (known = { timeZone, rows }));
  }
  return known.rows;
}

/** Two rates for one day in one table: which of them the authority meant, nobody can say. */
function datedRates(table: DocumentOf<'rates'>, timeZone: string): DatedRates {
  const rows = table.rows.map(({ currency, homePerUnit, ...days }) => {
    const value = { currency, homePerUnit: parseDecimal(homePerUnit, EXCHANGE_RATE_SCALE) ?? 0n };
    if (value.homePerUnit === 0n) throw new ReferenceFault(`rates, ${currency}: a rate of zero`);
    return { value, interval: intervalOf(days, timeZone, `${table.id}@${table.version}, ${currency}`) };
  });
  const last = new Map<string, Interval>();
  for (const { interval, value: { currency } } of [...rows].sort((a, b) => a.interval.fromMs - b.interval.fromMs)) {
    const before = last.get(currency);
    if (before && overlap(before, interval)) throw new ReferenceFault(`${table.id}@${table.version}, ${currency}: two rates for the same day; give each its validTo`);
    last.set(currency, interval);
  }
  return rows;
}

/** The edition in force; six digits where a tariff table of the edition is loaded, else down to the heading. */
function commodityTimeline(documents: readonly ReferenceDocument[], timeZone: string): DatedTimeline<Pick<InForce, 'edition' | 'editionSinceMs' | 'commodity'>> {
  const editions = dated(documents, 'headings', timeZone).map(({ value, interval }) => ({ interval, value: { id: value.id, edition: value.id.slice(2), headings: new Set(value.rows) } }));
  const tariffs = dated(documents, 'tariff', timeZone).map(({ value, interval }) => ({ interval, value: { id: value.id, edition: value.edition, codes: new Set(value.codes) } }));
  const conversions = dated(documents, 'conversion', timeZone).map(({ value, interval }) => ({ interval, value: { id: value.id, to: value.to, successors: successorsOf(value) } }));
  const intervals = [...intervalsOf(editions), ...intervalsOf(tariffs), ...intervalsOf(conversions)];
  return { intervals, timeline: new Timeline(intervals, (atMs) => {
    const edition = inForce(editions, atMs)[0];
    const name = edition?.edition ?? '';
    const editionSinceMs = editions.find(({ value }) => value === edition)?.interval.fromMs ?? -Infinity;
    const tariff = inForce(tariffs, atMs).find((table) => table.edition === name);
    const leading = inForce(conversions, atMs).filter(({ to }) => to === name);
    const listed = (hs6: string): boolean => (tariff ? tariff.codes.has(hs6) : edition?.headings.has(hs6.slice(0, 4)) ?? false);
    return { edition: name, editionSinceMs, commodity: (hs6): CommodityStanding => {
      if (listed(hs6)) return 'listed';
      const successors = leading.map((conversion) => conversion.successors.get(hs6)).find((found) => found !== undefined);
      return successors ? { successors } : 'unknown';
    } };
  }) };
}

/** Who asks for a notice before export; a row without a substance stands for all of its list. */
function noticeTimeline(documents: readonly ReferenceDocument[], timeZone: string): DatedTimeline<InForce['noticeRequired']> {
  const lists = dated(documents, 'notices', timeZone);
  const { rowsOf, intervals } = datedRows(lists, timeZone, ({ list, country }) => `${list} ${country}`);
  return { intervals, timeline: new Timeline(intervals, (atMs) => {
    const required = new Set<string>();
    for (const list of inForce(lists, atMs)) for (const { interval, value } of rowsOf(list)) if (contains(interval, atMs)) required.add(`${value.list}/${value.row ?? '*'}/${value.country}`);
    return (list, row, country) => required.size > 0 && (required.has(`${list}/${row}/${country}`) || required.has(`${list}/*/${country}`));
  }) };
}

function successorsOf({ rows }: DocumentOf<'conversion'>): ReadonlyMap<string, readonly string[]> {
  const successors = new Map<string, string[]>();
  for (const { from, to } of rows) successors.set(from, [...(successors.get(from) ?? []), to]);
  return successors;
}

type DatedWatchlist = DatedList & { readonly id: string };

/** Lists and rows with their days, each checked. */
function datedLists(documents: readonly ReferenceDocument[], timeZone: string): Dated<DatedWatchlist>[] {
  const headings = new Map(dated(documents, 'headings', timeZone).map(({ value }) => [value.id.slice(2), new Set(value.rows)]));
  const tariffs = new Map<string, ReadonlySet<string>>();
  for (const { value } of dated(documents, 'tariff', timeZone)) if (!tariffs.has(value.edition)) tariffs.set(value.edition, new Set(value.codes));
  const known = (edition: string, hs6: string): boolean => tariffs.get(edition)?.has(hs6) ?? headings.get(edition)?.has(hs6.slice(0, 4)) ?? false;
  return dated(documents, 'watchlist', timeZone).map(({ value: list, interval }) => {
    const value: DatedWatchlist = { id: list.id, list, rows: list.rows.map((row) => ({ row, interval: intervalOf(row, timeZone, `watchlist ${list.id}@${list.version}, row ${row.rowId}`) })) };
    checkWatchlist(value, known);
    return { interval, value };
  });
}

/** `editions`: when `editionAt` may answer otherwise. */
function watchlistTimeline(lists: readonly Dated<DatedWatchlist>[], editions: readonly Interval[], editionAt: (atMs: number) => string): DatedTimeline<WatchlistIndex> {
  const intervals = [...intervalsOf(lists), ...lists.flatMap(({ value }) => value.rows.map(({ interval }) => interval)), ...editions];
  return { intervals, timeline: new Timeline(intervals, (atMs) => indexWatchlists(inForce(lists, atMs), atMs, editionAt(atMs))) };
}
