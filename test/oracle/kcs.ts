/**
 * What the Korean open data must come to, in SQL over the CSV: written from design §3 (how the file is read)
 * and §4 (what is counted, how it is rounded), sharing nothing with the services but the names of measures.
 */
import { DuckDBInstance } from '@duckdb/node-api';
import type { IndependentRow } from '../support/redis-cells';

/** Prices have up to 17 decimals: exact to 18, so that a half is a half. */
const PRICE = 'decimal(38,18)';

export interface KcsOracle {
  readonly rows: readonly IndependentRow[];
  readonly counted: number;
  /** Ids by the code that refuses them. */
  readonly refused: Readonly<Record<'E-VAL-NONPOSITIVE' | 'E-HS-UNKNOWN', readonly string[]>>;
}

/**
 * KRW has no minor unit: amounts are whole won, masses 0.001 kg. design §3: the price is rounded half up to 4
 * decimals first, the duty is base × rate / 100 rounded half up to whole won; §4: a value of zero or less is
 * refused, judged on the exact value; the value is rounded half up to the minor unit once per item.
 */
const declarations = (file: string): string => `
  create table declarations as
  select 'KCS-' || "Declaration ID" as id, "Date" as day, substr("Date", 1, 7) as month, "Office ID" as office, "HS6 Code" as hs6,
         substr("HS6 Code", 1, 2) as chapter, "Country of Origin" as origin, substr("Mode of Transport", 1, 1) as mode,
         floor(cast("Item Price" as ${PRICE}) * 10000 + 0.5)::hugeint as price4,
         (cast("Tax Rate" as decimal(12,4)) * 10000)::hugeint as rate4,
         (floor(cast("Net Mass" as decimal(24,6)) * 1000 + 0.5))::hugeint as grams
  from read_csv('${file.replaceAll("'", "''")}', all_varchar = true, header = true)`;

/** Where a six-digit table is loaded, a code must be in it; national and reserved chapters are no codes of the table (HS.04). */
const known = (tariff: string | undefined): string => `
  create table known as
  select id, ${tariff === undefined ? 'true' : `hs6 in (select hs6 from read_csv('${tariff.replaceAll("'", "''")}', all_varchar = true, header = true)) or chapter in ('77', '98', '99')`} as listed
  from declarations`;

/** Of positive numbers: half up and half away from zero are the same. price4 is in 0.0001 won, rate4 in 0.0001 per cent. */
const counted = `
  create table counted as
  select *, ((price4 + 5000) // 10000) as value,
         ((price4 * rate4 + 5000000000) // 10000000000) as assessed
  from declarations join known using (id) where price4 > 0 and listed`;

const figures = (period: string): string => `
  select 'revenue' as view, ${period} as period, [office, 'CUD', chapter, origin, '4000'] as dims,
         sum(assessed)::varchar as m1, '0' as m2, count(*)::varchar as m3 from counted group by all
  union all
  select 'statistics', ${period}, ['IMPORT', hs6, chapter, origin, office, mode], sum(value)::varchar, sum(grams)::varchar, count(*)::varchar from counted group by all`;

const dimensionNames = {
  revenue: ['office', 'taxType', 'chapter', 'origin', 'procedure'],
  statistics: ['flow', 'hs6', 'chapter', 'partner', 'office', 'transportMode'],
} as const;

/** Every cell of revenue and statistics by day and month, by all dimensions of the view. `tariff`: a six-digit table that is loaded. */
export async function kcsOracle(file: string, tariff?: string): Promise<KcsOracle> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run(declarations(file));
  await connection.run(known(tariff));
  await connection.run(counted);
  const rows: IndependentRow[] = [];
  for (const grain of ['day', 'month'] as const) {
    for (const row of (await connection.runAndReadAll(figures(grain))).getRowObjectsJson()) {
      const view = row['view'] as 'revenue' | 'statistics';
      const values = row['dims'] as string[];
      const [m1, m2, m3] = [BigInt(row['m1'] as string), BigInt(row['m2'] as string), BigInt(row['m3'] as string)];
      rows.push({
        view, grain, period: row['period'] as string,
        dimensions: Object.fromEntries(dimensionNames[view].map((name, index) => [name, values[index] as string])),
        measures: view === 'revenue' ? { assessed: m1, relief: m2, lines: m3 } : { value: m1, netMassKg: m2, items: m3 },
      });
    }
  }
  const idsOf = async (condition: string): Promise<string[]> => (await connection.runAndReadAll(`select id from declarations join known using (id) where ${condition} order by id`)).getRowObjectsJson().map((row) => row['id'] as string);
  const refused = { 'E-VAL-NONPOSITIVE': await idsOf('price4 <= 0'), 'E-HS-UNKNOWN': await idsOf('price4 > 0 and not listed') };
  const [{ n }] = (await connection.runAndReadAll('select count(*)::varchar as n from counted')).getRowObjectsJson() as [{ n: string }];
  return { rows, counted: Number(n), refused };
}
