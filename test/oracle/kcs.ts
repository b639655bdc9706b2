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
         substr("HS6 Code", 1, 2) as chapter, "Country of Origin" as origin, "Country of Departure" as departure, substr("Mode of Transport", 1, 1) as mode,
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

/** The class of a unit value: tenths of the natural logarithm of won for a gram. */
const UNIT_VALUE = 'floor(10 * ln(value::double / grams::double))::bigint';

/**
 * Quality, in long form. The file has no description (2), no nature of transaction (4), no quantity (64, so not
 * expected), no reserved chapter; freight is never declared, so every item is flagged (VAL.05). Unspecific modes are 0 and 6.
 */
const quality = (period: string): string => `
  select ${period} as period, office, null as flow, null as chapter, null as hs6, 'events' as measure, count(*)::varchar as amount from counted group by all
  union all select ${period}, office, null, null, null, 'refused', count(*)::varchar from declarations join known using (id) where price4 <= 0 or not listed group by all
  union all select ${period}, office, 'IMPORT', chapter, null, 'value', sum(value)::varchar from counted group by all
  union all select ${period}, office, 'IMPORT', chapter, null, 'flagged', count(*)::varchar from counted group by all
  union all select ${period}, office, 'IMPORT', chapter, null, 'residualValue', sum(value)::varchar from counted where origin = 'ZZ' group by all
  union all select ${period}, office, 'IMPORT', chapter, null,
    'fields.191.' || (6 + case when grams = 0 then 8 else 0 end + case when origin = 'ZZ' then 16 else 0 end
      + case when departure = 'ZZ' then 32 else 0 end + case when mode in ('0', '6') then 128 else 0 end), count(*)::varchar from counted group by all
  union all select ${period}, null, 'IMPORT', null, hs6, 'unitValue.KGM.' || ${UNIT_VALUE}, count(*)::varchar from counted where grams > 0 and value > 0 group by all`;

/** Every cell of revenue, statistics and quality by day and month, by all dimensions. `tariff`: a six-digit table that is loaded. */
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
  for (const grain of ['day', 'month'] as const) {
    for (const row of (await connection.runAndReadAll(quality(grain))).getRowObjectsJson()) {
      const dimensions = Object.fromEntries(['office', 'flow', 'chapter', 'hs6'].flatMap((name) => (row[name] === null ? [] : [[name, row[name] as string]])));
      rows.push({ view: 'quality', grain, period: row['period'] as string, dimensions, measures: { [row['measure'] as string]: BigInt(row['amount'] as string) } });
    }
  }
  const idsOf = async (condition: string): Promise<string[]> => (await connection.runAndReadAll(`select id from declarations join known using (id) where ${condition} order by id`)).getRowObjectsJson().map((row) => row['id'] as string);
  const refused = { 'E-VAL-NONPOSITIVE': await idsOf('price4 <= 0'), 'E-HS-UNKNOWN': await idsOf('price4 > 0 and not listed') };
  const [{ n }] = (await connection.runAndReadAll('select count(*)::varchar as n from counted')).getRowObjectsJson() as [{ n: string }];
  return { rows, counted: Number(n), refused };
}

export interface UnitValueRow { readonly hs6: string; readonly compared: number; readonly outliers: number }

/**
 * Unit values of one month that stand out (UNIT.07): |0.6745 (class - median) / MAD| > 3.5, over the twelve months that
 * end with it, by commodity, of fewer than twenty values by heading; a MAD below one class counts as one.
 */
export async function kcsUnitValues(file: string, tariff: string, month: string): Promise<UnitValueRow[]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  for (const sql of [declarations(file), known(tariff), counted]) await connection.run(sql);
  const baseline = (name: string, key: string): string => `
    create table ${name} as with medians as (select ${key} as goods, median(class) as middle, count(*) as n from classes group by 1)
    select goods, any_value(middle) as middle, greatest(median(abs(class - middle)), 1) as mad, any_value(n) as n from classes join medians on goods = ${key} group by goods`;
  await connection.run(`create table classes as select hs6, month, ${UNIT_VALUE} as class from counted where grams > 0 and value > 0 and month <= '${month}' and month > strftime(cast('${month}-01' as date) - interval 12 month, '%Y-%m')`);
  await connection.run(baseline('by_hs6', 'hs6'));
  await connection.run(baseline('by_heading', 'left(hs6, 4)'));
  const rows = await connection.runAndReadAll(`
    with judged as (select c.hs6, c.class, case when s.n >= 20 then s.middle when h.n >= 20 then h.middle end as middle, case when s.n >= 20 then s.mad else h.mad end as mad
      from classes c join by_hs6 s on s.goods = c.hs6 join by_heading h on h.goods = left(c.hs6, 4) where c.month = '${month}')
    select hs6, count(*)::int as compared, count(*) filter (abs(0.6745 * (class - middle) / mad) > 3.5)::int as outliers from judged where middle is not null group by hs6 order by hs6`);
  return rows.getRowObjectsJson() as unknown as UnitValueRow[];
}
