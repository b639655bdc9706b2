/** Checks reference documents and makes them one set of lookups. Pure: files are read by the shell. */
import { z } from 'zod';
import type { DefinitionPack, IncotermRow, Profile, ReferenceSet, Unit, Validity, WatchlistIndex } from './types';
import { intervalOf, type Interval } from './validity';
import { checkWatchlist, indexWatchlists, type DatedList } from './watchlist-index';

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/).nullable();
const head = { id: z.string(), version: z.string(), validFrom: date, validTo: date, source: z.string() };
const coded = z.object({ code: z.string(), validFrom: date, validTo: date });
const documentSchema = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('pack'), ...head, procedures: z.array(z.looseObject({ pattern: z.string().length(4) })), incoterms: z.array(z.looseObject({ code: z.string().length(3) })), units: z.array(z.looseObject({ code: z.string() })) }),
  z.object({ kind: z.literal('countries'), ...head, rows: z.array(coded) }),
  z.object({ kind: z.literal('currencies'), ...head, rows: z.array(coded.extend({ minorUnits: z.number().int().min(0).max(4) })) }),
  z.object({ kind: z.literal('headings'), ...head, rows: z.array(z.string().regex(/^\d{4}$/)) }),
  z.object({
    kind: z.literal('watchlist'), ...head,
    rows: z.array(z.object({
      rowId: z.string(), substance: z.string(), synonyms: z.array(z.string()), cas: z.array(z.string()),
      hs: z.array(z.object({ edition: z.string(), code: z.string().regex(/^\d{6}$/), kind: z.enum(['own', 'basket']) })),
      mixtureHs: z.array(z.string().regex(/^\d{6}$/)), familyKeywords: z.array(z.string()), concentrationLimitPercent: z.string().nullable(), validFrom: date, validTo: date, status: z.string(),
    })),
  }),
]);
type ReferenceDocument = z.infer<typeof documentSchema>;

function parseDocument(document: unknown): ReferenceDocument {
  const parsed = documentSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  const { kind, id } = document as { kind?: string; id?: string };
  throw new Error(`reference document ${kind ?? '?'} ${id ?? '?'}: ${parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`);
}

type Dated<Value> = { readonly interval: Interval; readonly value: Value };
const at = <Value>(values: readonly Dated<Value>[] | undefined, atMs: number): Value | undefined =>
  values?.find(({ interval }) => interval.fromMs <= atMs && atMs <= interval.toMs)?.value;

function byCode<Row extends Validity & { code: string }>(rows: readonly Row[], timeZone: string, what: string): Map<string, Dated<Row>[]> {
  const map = new Map<string, Dated<Row>[]>();
  for (const row of rows) map.set(row.code, [...(map.get(row.code) ?? []), { interval: intervalOf(row, timeZone, `${what} ${row.code}`), value: row }]);
  return map;
}

/** `digest` names the set in every record that it decides. Throws with document, row and reason. */
export function buildReferenceSet(documents: readonly unknown[], profile: Profile, digest: string): ReferenceSet {
  const parsed = documents.map(parseDocument);
  const zone = profile.timeZone;
  const ofKind = <Kind extends ReferenceDocument['kind']>(kind: Kind) => parsed.filter((document): document is Extract<ReferenceDocument, { kind: Kind }> => document.kind === kind);
  const pack = ofKind('pack').find(({ id }) => id === profile.definitions) as DefinitionPack | undefined;
  if (!pack) throw new Error(`the profile ${profile.id} asks for the definition pack ${profile.definitions}, which is not there`);
  const countries = byCode(ofKind('countries').flatMap(({ rows }) => rows), zone, 'country');
  const currencies = byCode(ofKind('currencies').flatMap(({ rows }) => rows), zone, 'currency');
  const editions = ofKind('headings').map((document) => ({ edition: document.id.slice(2), interval: intervalOf(document, zone, document.id), headings: new Set(document.rows) }));
  const editionAt = (atMs: number) => editions.find(({ interval }) => interval.fromMs <= atMs && atMs <= interval.toMs);
  const lists = ofKind('watchlist').map((list): DatedList => ({
    list: list, interval: intervalOf(list, zone, `watchlist ${list.id}`),
    rows: list.rows.map((row) => ({ row, interval: intervalOf(row, zone, `watchlist ${list.id}, row ${row.rowId}`) })),
  }));
  for (const list of lists) checkWatchlist(list, (edition, heading) => editions.find((other) => other.edition === edition)?.headings.has(heading) ?? false);
  return {
    digest, pack, definitions: `${pack.id}@${pack.version}`,
    countryKnown: (code, atMs) => at(countries.get(code), atMs) !== undefined,
    currencyMinorUnits: (code, atMs) => at(currencies.get(code), atMs)?.minorUnits,
    headingKnown: (heading, atMs) => editionAt(atMs)?.headings.has(heading) ?? false,
    coverage: coverageLookup(pack, profile),
    ...tables(pack),
    watchlists: watchlistLookup(lists, editions, (atMs) => editionAt(atMs)?.edition ?? ''),
  };
}

function coverageLookup(pack: DefinitionPack, profile: Profile): (procedure: string) => string | undefined {
  const rows = pack.procedures.map((row) => ({ matches: new RegExp(`^${row.pattern.replace(/\./g, '\\d')}$`), exact: !row.pattern.includes('.'), verdict: row[profile.tradeSystem] }));
  const ordered = [...rows.filter(({ exact }) => exact), ...rows.filter(({ exact }) => !exact)];
  const known = new Map<string, string | undefined>();
  return (procedure) => {
    if (known.has(procedure)) return known.get(procedure);
    const verdict = profile.procedureOverrides[procedure] ?? ordered.find(({ matches }) => matches.test(procedure))?.verdict;
    if (known.size < 10_000) known.set(procedure, verdict);
    return verdict;
  };
}

function tables(pack: DefinitionPack): Pick<ReferenceSet, 'incoterm' | 'transportMode' | 'unit'> {
  const incoterms = new Map<string, IncotermRow>(pack.incoterms.map((row) => [row.code, row]));
  const modes = new Map(pack.transportModes.map((row) => [row.code, { flag: row.flag }]));
  const units = new Map<string, Unit>(pack.units.map((row) => [row.code, { canonical: row.canonical, numerator: BigInt(row.numerator), denominator: BigInt(row.denominator), deprecated: row.deprecated }]));
  return { incoterm: (code) => incoterms.get(code), transportMode: (code) => modes.get(code), unit: (code) => units.get(code) };
}

/** One index per stretch of time in which nothing begins or ends. */
function watchlistLookup(lists: readonly DatedList[], editions: readonly { interval: Interval }[], editionAt: (atMs: number) => string): (atMs: number) => WatchlistIndex {
  const intervals = [...lists.flatMap(({ interval, rows }) => [interval, ...rows.map((row) => row.interval)]), ...editions.map(({ interval }) => interval)];
  const cuts = [...new Set(intervals.flatMap(({ fromMs, toMs }) => [fromMs, toMs + 1]))].filter(Number.isFinite).sort((a, b) => a - b);
  const indexes = new Map<number, WatchlistIndex>();
  return (atMs) => {
    let low = 0;
    for (let high = cuts.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((cuts[middle] as number) <= atMs) low = middle + 1;
      else high = middle;
    }
    let index = indexes.get(low);
    if (!index) indexes.set(low, (index = indexWatchlists(lists, atMs, editionAt(atMs))));
    return index;
  };
}
