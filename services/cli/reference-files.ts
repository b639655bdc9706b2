/** Files that people load: packs and lists as JSON, tables as CSV, each made into a document. Faults name line and column. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parse } from 'csv-parse/sync';
import { usage } from './failure';

export const fileKinds = ['pack', 'list', 'tariff', 'rates', 'conversion'] as const;
export type FileKind = (typeof fileKinds)[number];

export interface FileOptions {
  /** Where the data comes from; default: the file's name. */
  readonly source?: string;
  /** Of a tariff table; default: the year in the file's name. */
  readonly edition?: string;
}
/** A document without its version, which is counted on where the file names none. */
export type Unversioned = Readonly<Record<string, unknown>> & { readonly id: string; readonly version?: string };

type Row = Readonly<Record<string, string>>;

/** @throws CommandFailure that names the file, and the line where it is known. */
export function documentFromFile(kind: FileKind, file: string, options: FileOptions): Unversioned {
  const head = { validFrom: null, validTo: null, source: options.source ?? basename(file) };
  switch (kind) {
    case 'pack': return jsonDocument(file, 'pack');
    case 'list': return jsonDocument(file, 'watchlist');
    case 'tariff': {
      const edition = options.edition ?? /(?:19|20)\d\d/.exec(basename(file))?.[0];
      if (edition === undefined) throw usage('which edition of the Harmonized System is it? Say --edition 2022');
      return { kind: 'tariff', id: `tariff-${edition}`, ...head, edition, codes: rows(file, ['hs6']).map((row) => row['hs6']) };
    }
    case 'rates': return { kind: 'rates', id: 'official-rates', ...head, rows: rows(file, ['currency', 'validFrom', 'validTo', 'homePerUnit']).map(({ currency, validFrom, validTo, homePerUnit }) => ({ currency, validFrom: validFrom || null, validTo: validTo || null, homePerUnit })) };
    case 'conversion': return conversion(file, head);
  }
}

/** Columns hs<edition> say between which editions; what is looked up is the code of the older one. */
function conversion(file: string, head: Readonly<Record<string, unknown>>): Unversioned {
  const table = rows(file, ['relationship']);
  const editions = Object.keys(table[0] ?? {}).flatMap((column) => /^hs(\d{4})$/.exec(column)?.[1] ?? []).sort();
  const [from, to] = editions;
  if (from === undefined || to === undefined || editions.length !== 2) throw usage(`${file}: needs two columns such as hs2017 and hs2022`);
  return {
    kind: 'conversion', id: `hs${from}-to-hs${to}`, ...head, from, to,
    rows: table.map((row) => ({ from: row[`hs${from}`], to: row[`hs${to}`], relationship: row['relationship'] })),
  };
}

function jsonDocument(file: string, kind: string): Unversioned {
  let document: unknown;
  try {
    document = JSON.parse(readText(file)) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) throw usage(`${file} is no JSON: ${error.message}`);
    throw error;
  }
  const found = typeof document === 'object' && document !== null ? (document as { kind?: unknown; id?: unknown; version?: unknown }) : {};
  if (found.kind !== kind) throw usage(`${file} is no ${kind}: its "kind" is ${JSON.stringify(found.kind) ?? 'missing'}`);
  if (typeof found.id !== 'string' || typeof found.version !== 'string') throw usage(`${file} needs an "id" and a "version"`);
  return document as Unversioned;
}

function rows(file: string, needed: readonly string[]): Row[] {
  try {
    const table: Row[] = parse(readText(file), { columns: true, bom: true, trim: true, skip_empty_lines: true });
    const missing = needed.filter((column) => !(column in (table[0] ?? {})));
    if (table.length === 0) throw usage(`${file} has no rows`);
    if (missing.length > 0) throw usage(`${file} lacks the column ${missing.join(', ')}; it has ${Object.keys(table[0] ?? {}).join(', ')}`);
    return table;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code?.startsWith('CSV_')) throw usage(`${file}: ${message}`);
    throw error;
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw usage(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
}
