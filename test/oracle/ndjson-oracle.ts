/**
 * What a file of events must come to: SQL over NDJSON (the clauses and their sources are in ndjson-sql.ts). Which events have to be
 * refused is given: whoever made the file knows. The order of the lines makes no difference.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { factsTable, figuresOf, quoted, rowsOf, withDatabase, type FigureRow } from './figures';
import * as sql from './ndjson-sql';

const schemas = join(__dirname, '../../schemas');

export interface OracleProfile {
  readonly currency: string;
  /** ISO 4217 minor units of the home currency. */
  readonly currencyExponent: number;
  readonly timeZone: string;
  readonly reporter: string;
  readonly tradeSystem: 'general' | 'special-strict' | 'special-relaxed';
  readonly depositTaxTypes: readonly string[];
}

/** Names one event; eventId alone is not enough where the fault is in the eventId. */
export interface EventKey { readonly declarationId: string; readonly version: number; readonly eventId: string }

/** An official rate (`rates` pack, design §4): home units for one unit, dates in the profile's zone, both included. */
export interface OracleRate { readonly currency: string; readonly validFrom: string; readonly validTo: string | null; readonly homePerUnit: string }

export interface OracleOptions {
  readonly rates?: readonly OracleRate[];
  readonly packPath?: string;
  /** domain REV.09 leaves room: does a total code that stands without its parts count as revenue? Not unless asked for: "never sum TOT with its parts", and a cube sums. */
  readonly countTotals?: boolean;
}

/** A shipped profile, read as plain JSON. */
export function readOracleProfile(id: string): OracleProfile {
  const { currency, minorUnits, timeZone, reporter, tradeSystem, depositTaxTypes, procedureOverrides } =
    JSON.parse(readFileSync(join(schemas, 'profiles', `${id}.json`), 'utf8')) as Omit<OracleProfile, 'currencyExponent'> & { minorUnits: number; procedureOverrides: object };
  if (Object.keys(procedureOverrides).length > 0) throw new Error(`${id}: procedureOverrides are not known to the oracle`);
  return { currency, currencyExponent: minorUnits, timeZone, reporter, tradeSystem, depositTaxTypes };
}

/** The keys of the events in a file of lines, for instance of those that a generator has spoiled. */
export async function eventKeysOf(ndjsonPath: string): Promise<EventKey[]> {
  return withDatabase(async (connection) => {
    const keys = await rowsOf(connection, `select distinct declarationId, "version"::integer as version, eventId
      from read_json(${quoted(ndjsonPath)}, format = 'newline_delimited', columns = {declarationId: 'VARCHAR', "version": 'BIGINT', eventId: 'VARCHAR'})`);
    return keys as unknown as EventKey[];
  });
}

async function giveRefused(connection: DuckDBConnection, refused: ReadonlySet<string> | readonly EventKey[]): Promise<void> {
  await connection.run('create table refused(declaration_id varchar, version bigint, event_id varchar); create table refused_ids(event_id varchar);');
  const byId = refused instanceof Set;
  const appender = await connection.createAppender(byId ? 'refused_ids' : 'refused');
  for (const key of refused as Iterable<string | EventKey>) {
    if (typeof key === 'string') {
      appender.appendVarchar(key);
    } else {
      appender.appendVarchar(key.declarationId);
      appender.appendBigInt(BigInt(key.version));
      appender.appendVarchar(key.eventId);
    }
    appender.endRow();
  }
  appender.closeSync();
}

/** The home currency is worth one of itself; a rate is kept in 10^-10. */
async function giveRates(connection: DuckDBConnection, home: string, rates: readonly OracleRate[]): Promise<void> {
  await connection.run('create table rates(currency varchar, valid_from date, valid_to date, rate10 hugeint)');
  for (const { currency, validFrom, validTo, homePerUnit } of [{ currency: home, validFrom: '0001-01-01', validTo: null, homePerUnit: '1' }, ...rates]) {
    await connection.run(`insert into rates values (${quoted(currency)}, ${quoted(validFrom)}, ${quoted(validTo ?? '9999-12-31')},
      whole(cast(${quoted(homePerUnit)} as decimal(30,12)) * 10000000000::decimal(11,0), ${quoted(homePerUnit)}))`);
  }
}

/** Every cell of revenue and statistics by day and by month. `refused`: event ids, or keys of events, that must be refused and so count nowhere. */
export async function ndjsonFigures(
  ndjsonPath: string | readonly string[], profile: OracleProfile, refused: ReadonlySet<string> | readonly EventKey[] = [], options: OracleOptions = {},
): Promise<FigureRow[]> {
  const { currency, currencyExponent, timeZone, tradeSystem, depositTaxTypes } = profile;
  const countTotals = options.countTotals ?? false;
  return withDatabase(async (connection) => {
    await giveRefused(connection, refused);
    await giveRates(connection, currency, options.rates ?? []);
    const statements = [
      factsTable, sql.events(typeof ndjsonPath === 'string' ? [ndjsonPath] : ndjsonPath), sql.pack(options.packPath ?? join(schemas, 'reference/imts2010-1.0.0.json'), tradeSystem),
      sql.standing(timeZone), sql.items(timeZone), sql.statistics(currencyExponent),
      sql.taxLines(currencyExponent, depositTaxTypes, countTotals), sql.payments(currencyExponent, timeZone, countTotals),
    ];
    for (const statement of statements) await connection.run(statement);
    const doubts = await rowsOf(connection, sql.doubts);
    if (doubts.length > 0) throw new Error(`events that cannot be counted and are not named as refused: ${doubts.map(({ id, doubt }) => `${id}: ${doubt}`).join('; ')}`);
    return figuresOf(connection);
  });
}
