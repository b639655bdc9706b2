/** The kinds of reference documents, and the form that each must have. A version of a document is immutable. */
import { z } from 'zod';
import { qualityFields } from '../domain/quality';

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'must be a day such as 2026-03-15').nullable();
const validity = { validFrom: date, validTo: date };
const head = {
  id: z.string().regex(/^[A-Za-z0-9_-]{1,60}$/, 'must be 1 to 60 letters, digits, hyphens'),
  version: z.string().regex(/^[A-Za-z0-9.-]{1,40}$/, 'must be numbers between dots, e.g. 2026.1'),
  ...validity, source: z.string().min(1),
};
const hs6 = z.string().regex(/^\d{6}$/, 'must be six digits');
const decimal = z.string().regex(/^\d{1,12}(\.\d{1,10})?$/, 'must be a decimal such as 2793.5, with at most ten decimals');
/** No more decimals than can be compared exactly: more would be no limit at all. */
const percent = z.string().regex(/^\d{1,9}(\.\d{1,4})?$/, 'must be a per cent such as 12.5, with at most four decimals');
const kilograms = z.string().regex(/^\d{1,12}(\.\d{1,6})?$/, 'must be a mass such as 0.25, with at most six decimals');
const verdict = z.string().regex(/^(count|X-[A-Z-]+)$/, 'must be "count" or an X- code');
const resultCode = z.string().regex(/^[DEWX]-[A-Z0-9-]+$/);

const band = z.strictObject({ least: z.number(), most: z.number() });

const pack = z.strictObject({
  kind: z.literal('pack'), ...head,
  procedures: z.array(z.strictObject({
    pattern: z.string().regex(/^[\d.]{4}$/, 'must be four digits, a dot for any'), general: verdict, 'special-strict': verdict, 'special-relaxed': verdict,
    flow: z.enum(['IMPORT', 'EXPORT', '']), cpc: z.string(), meaning: z.string(),
  })).min(1),
  incoterms: z.array(z.strictObject({ code: z.string().length(3), importCif: z.array(z.enum(['+freight', '+insurance', '-freight', '-insurance'])), exportFob: z.array(z.enum(['+freight', '+insurance', '-freight', '-insurance'])) })).min(1),
  transportModes: z.array(z.strictObject({ code: z.string(), flag: resultCode.nullable() })).min(1),
  noPaymentNatures: z.array(z.string()),
  units: z.array(z.strictObject({ code: z.string(), canonical: z.string(), numerator: z.string().regex(/^\d+$/), denominator: z.string().regex(/^[1-9]\d*$/), deprecated: z.boolean() })).min(1),
  packagingUnits: z.array(z.string()),
  taxes: z.strictObject({ deposit: z.array(z.string()), total: z.array(z.string()), nonTax: z.array(z.string()), free: z.array(z.string()) }),
  baseChains: z.array(z.strictObject({ tax: z.string(), adds: z.array(z.string()) })),
  specialCodes: z.array(z.strictObject({ hs: hs6, code: resultCode, natures: z.array(z.string()).min(1, 'must name one at least; null: whatever the nature').nullable().default(null) })),
  residualChapters: z.array(z.string().length(2)),
  documentTypes: z.strictObject({ licence: z.array(z.string()), preExportNotice: z.array(z.string()), originProof: z.array(z.string()) }),
  contexts: z.array(z.strictObject({ phrase: z.string().regex(/^[a-z0-9 ]+$/, 'must be small letters without accents'), headings: z.array(z.string().regex(/^\d{4}$/)) })),
  repairNatures: z.array(z.string()), returnNatures: z.array(z.string()), ownershipNatures: z.array(z.string()), ownershipGoods: z.array(z.string().regex(/^\d{2,6}$/)),
  cifFobLimits: z.array(z.strictObject({ chapter: z.string().length(2).nullable(), mode: z.string().length(1).nullable(), percent })),
  rateStaleDays: z.number().int().positive(), countryGraceDays: z.number().int().min(0), editionGraceDays: z.number().int().min(0),
  standardUnits: z.array(z.strictObject({ hs: z.string().regex(/^\d{2,6}$/), unit: z.string() })),
  bands: z.array(z.strictObject({ hs: z.string().regex(/^\d{2,6}$/), kgPerUnit: band.nullable(), valuePerKg: band.nullable() })),
  preferences: z.array(z.string()),
  expectedFields: z.array(z.enum(qualityFields)).default([]), imputedCodes: z.array(resultCode).default([]),
});
const watchlist = z.strictObject({
  kind: z.literal('watchlist'), ...head,
  rows: z.array(z.strictObject({
    rowId: z.string().min(1), substance: z.string(), synonyms: z.array(z.string()), cas: z.array(z.string()),
    hs: z.array(z.strictObject({ edition: z.string(), code: hs6, kind: z.enum(['own', 'basket']) })),
    mixtureHs: z.array(hs6), familyKeywords: z.array(z.string()), concentrationLimitPercent: percent.nullable(), thresholdKg: kilograms.nullable().default(null), ...validity, status: z.string(),
    /** Of the row's membership and codes, where it is not that of the list. */
    source: z.string().nullable().default(null),
  })),
});
const countries = z.strictObject({ kind: z.literal('countries'), ...head, rows: z.array(z.strictObject({ code: z.string().length(2), ...validity })) });
const currencies = z.strictObject({ kind: z.literal('currencies'), ...head, rows: z.array(z.strictObject({ code: z.string().length(3), minorUnits: z.number().int().min(0).max(4), ...validity })) });
const headings = z.strictObject({ kind: z.literal('headings'), ...head, rows: z.array(z.string().regex(/^\d{4}$/)) });
const tariff = z.strictObject({ kind: z.literal('tariff'), ...head, edition: z.string().regex(/^\d{4}$/), codes: z.array(hs6).min(1) });
const conversion = z.strictObject({ kind: z.literal('conversion'), ...head, from: z.string().regex(/^\d{4}$/), to: z.string().regex(/^\d{4}$/), rows: z.array(z.strictObject({ from: hs6, to: hs6, relationship: z.string() })).min(1) });
const rates = z.strictObject({ kind: z.literal('rates'), ...head, rows: z.array(z.strictObject({ currency: z.string().regex(/^[A-Z]{3}$/, 'must be three capital letters'), ...validity, homePerUnit: decimal })).min(1) });

const notices = z.strictObject({ kind: z.literal('notices'), ...head, rows: z.array(z.strictObject({ list: z.string(), row: z.string().nullable(), country: z.string().length(2), ...validity })) });

const documentSchema = z.discriminatedUnion('kind', [pack, watchlist, countries, currencies, headings, tariff, conversion, rates, notices]);
export type ReferenceDocument = z.infer<typeof documentSchema>;
export type DocumentKind = ReferenceDocument['kind'];
export type DocumentOf<Kind extends DocumentKind> = Extract<ReferenceDocument, { kind: Kind }>;

/** A document's name in the world: key of its record on customs.reference.v1. */
export const documentName = ({ id, version }: { readonly id: string; readonly version: string }): string => `${id}@${version}`;

/** What is wrong with reference data: document, row, reason. For the eyes of the person who loads it. */
export class ReferenceFault extends Error {}

/** @throws ReferenceFault that names the document and every field at fault. */
export function parseDocument(document: unknown): ReferenceDocument {
  const parsed = documentSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  const { kind, id, version } = (typeof document === 'object' && document !== null ? document : {}) as { kind?: string; id?: string; version?: string };
  const issues = parsed.error.issues.slice(0, 10).map((issue) => `${issue.path.join('.') || 'the document'}: ${issue.message}`);
  const more = parsed.error.issues.length - issues.length;
  throw new ReferenceFault(`${kind ?? 'document of unknown kind'} ${id ?? '?'}@${version ?? '?'}: ${issues.join('; ')}${more > 0 ? `; and ${more} more` : ''}`);
}

/** The same text for the same content, whatever the order in which its fields were written. */
export const canonicalText = (document: ReferenceDocument): string => sortedText(document, () => true);

/**
 * What a document is known by. Fields that say nothing are left out: one that a later release adds, empty where it is not
 * given, leaves the digests as they are, and namespaces that were made by them can go on (catalogue.spec.ts holds to that).
 */
export const digestedText = (document: ReferenceDocument): string => sortedText(document, (value) => value !== null && !(Array.isArray(value) && value.length === 0));

const sortedText = (document: ReferenceDocument, kept: (value: unknown) => boolean): string => JSON.stringify(document, (_key, value: unknown) =>
  (typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).filter(([, each]) => kept(each)).sort(([left], [right]) => (left < right ? -1 : 1))) : value));

/** How many rows a document has, for tables. */
export function rowCount(document: ReferenceDocument): number {
  if (document.kind === 'pack') return document.procedures.length;
  return document.kind === 'tariff' ? document.codes.length : document.rows.length;
}
