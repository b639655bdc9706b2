/**
 * What both oracles end in: a table of facts, summed into cells by day and by month (design §4, "Grains").
 * Nothing here or in the oracles is imported from services/: they would agree on a mistake.
 */
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';

export type View = 'revenue' | 'statistics';
export type Grain = 'day' | 'month';

/**
 * One cell by all dimensions of its view. Measures in whole minor units, grams, thousandths of a unit, and
 * counts; `quantity.<unit>` by canonical unit. A measure that is zero is absent, and so is a cell of zeros (design §5).
 */
export interface FigureRow {
  readonly view: View;
  readonly grain: Grain;
  /** `2026-03-15` or `2026-03`, in the profile's time zone. */
  readonly period: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly measures: Readonly<Record<string, bigint>>;
}

/** Why a declaration version cannot be counted; `code` is the first of `codes`. */
export interface RefusedDeclaration { readonly declarationId: string; readonly code: string; readonly codes: readonly string[] }

/** design §4, the table of views. */
export const dimensionsOf: Readonly<Record<View, readonly string[]>> = {
  revenue: ['office', 'taxType', 'chapter', 'origin', 'procedure'],
  statistics: ['flow', 'hs6', 'chapter', 'partner', 'office', 'transportMode'],
};

/**
 * `half_up(x, y)`: x / y in whole numbers, halves away from zero (STYLE.md, "Numbers"), y above zero.
 * `scaled4(text)`, `scaled6(text)`: a decimal string as a whole number of 0.0001 or 0.000001; a longer one is an error, not a rounding.
 */
const macros = `
  set TimeZone = 'UTC';
  create macro half_up(x, y) as (sign(x)::hugeint * ((2 * abs(x::hugeint) + y::hugeint) // (2 * y::hugeint)))::hugeint;
  create macro whole(x, t) as case when x = floor(x) then x::decimal(38,0)::hugeint else error('more decimals than the schema has: ' || t) end;
  create macro scaled4(t) as whole(cast(t as decimal(38,12)) * 10000::decimal(5,0), t);
  create macro scaled6(t) as whole(cast(t as decimal(38,12)) * 1000000::decimal(7,0), t);
  create macro instant(t) as cast(t as timestamptz);`;

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** An empty database with the macros, closed again whatever happens. */
export async function withDatabase<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run(macros);
    const result = await work(connection);
    await refuseFloats(connection);
    return result;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** design §6: money and mass are whole numbers. DuckDB is quick to slip in a double; a table that has one is a bug of the oracle. */
async function refuseFloats(connection: DuckDBConnection): Promise<void> {
  const floats = await rowsOf(connection, `select table_name || '.' || column_name as name from duckdb_columns() where not internal and data_type similar to '.*(DOUBLE|FLOAT|REAL).*'`);
  if (floats.length > 0) throw new Error(`floating point in ${floats.map(({ name }) => name).join(', ')}`);
}

/** Rows with every value as text, lists as lists of text. */
export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  return (await connection.runAndReadAll(sql)).getRowObjectsJson();
}

/** `facts(view, moment, dims, measure, amount)`; `moment` is local time, `dims` in the order of `dimensionsOf`. */
export const factsTable = 'create table facts(view varchar, moment timestamp, dims varchar[], measure varchar, amount hugeint);';

const cells = `
  select view, grain, left(strftime(moment, '%Y-%m-%d'), case grain when 'day' then 10 else 7 end) as period, dims, measure, sum(amount)::varchar as amount
  from facts, (values ('day'), ('month')) as grains(grain)
  group by all having sum(amount) <> 0 order by view, grain, period, dims`;

/** The facts summed: every cell of both views by day and by month. */
export async function figuresOf(connection: DuckDBConnection): Promise<FigureRow[]> {
  const rows: FigureRow[] = [];
  let last = '';
  for (const { view, grain, period, dims, measure, amount } of await rowsOf(connection, cells)) {
    const values = dims as string[];
    const key = [view, grain, period, ...values].join('\u0000');
    if (key !== last) {
      const dimensions = Object.fromEntries(dimensionsOf[view as View].map((name, index) => [name, values[index] as string]));
      rows.push({ view: view as View, grain: grain as Grain, period: period as string, dimensions, measures: {} });
      last = key;
    }
    (rows[rows.length - 1] as { measures: Record<string, bigint> }).measures[measure as string] = BigInt(amount as string);
  }
  return rows;
}
