/**
 * What the Korean open data must come to: SQL over the CSV file, written from design §3 (the mapping of
 * `kcs-csv`) and §4 (what is refused, counted, rounded). Lists of codes are read from schemas/reference as data.
 */
import { join } from 'node:path';
import { factsTable, figuresOf, quoted, rowsOf, withDatabase, type FigureRow, type RefusedDeclaration } from './figures';

export interface KcsProfile {
  /** Of the home currency, ISO 4217: 0 for KRW. */
  readonly currencyExponent: number;
  /** IANA name. The file has local dates, so that every zone must give the same days. */
  readonly timeZone: string;
}

export interface KcsFigures {
  readonly rows: FigureRow[];
  readonly refused: RefusedDeclaration[];
  /** Lines of the file, each a declaration. */
  readonly received: number;
}

const reference = join(__dirname, '../../schemas/reference');

/**
 * design §3, the paragraph on `kcs-csv`. Prices have up to 17 decimals and are rounded half up to 4 first (`price4`,
 * in 0.0001 won); the duty is base × rate / 100 half up to whole won; `rate4` in 0.0001 per cent, `mass6` in milligrams.
 */
const declarations = (csvPath: string, timeZone: string): string => `
  create table declarations as
  select 'KCS-' || "Declaration ID" as id,
         timezone(${quoted(timeZone)}, cast("Date" as timestamp)) as accepted_at,
         "Office ID" as office, "HS6 Code" as hs6, left("Mode of Transport", 1) as mode, "Country of Departure" as partner, "Country of Origin" as origin,
         floor(cast("Item Price" as decimal(38,18)) * 10000::decimal(5,0) + 0.5::decimal(2,1))::decimal(38,0)::hugeint as price4,
         scaled4("Tax Rate") as rate4, scaled6("Net Mass") as mass6
  from read_csv(${quoted(csvPath)}, all_varchar = true, header = true, nullstr = '');`;

/** design §4, "Where the rules leave room": what the built-in pack refuses, judged on exact values; lists in force on the acceptance date. */
const refusals = (timeZone: string): string => `
  create table headings as
  select unnest(r) as heading, f::date as valid_from, coalesce(t::date, date '9999-12-31') as valid_to
  from read_json([${['hs-headings-2017.json', 'hs-headings-2022.json'].map((name) => quoted(join(reference, name))).join(', ')}],
    columns = {rows: 'VARCHAR[]', validFrom: 'VARCHAR', validTo: 'VARCHAR'}) as j(r, f, t);
  create table countries as
  select unnest(rows).code as code from read_json(${quoted(join(reference, 'countries.json'))}, columns = {rows: 'STRUCT(code VARCHAR)[]'}) union select 'ZZ';
  create table modes as
  select unnest(transportModes).code as code from read_json(${quoted(join(reference, 'imts2010-1.0.0.json'))}, columns = {transportModes: 'STRUCT(code VARCHAR)[]'});
  create table findings as
  select id, 1 as place, 'E-VAL-NONPOSITIVE' as code from declarations where price4 <= 0
  union all select id, 2, 'E-QTY-NONPOSITIVE' from declarations where mass6 < 0
  union all select id, 3, 'E-PTR-CODE' from declarations where origin not in (from countries) or partner not in (from countries)
  union all select id, 4, 'E-MOT-CODE' from declarations where mode not in (from modes)
  union all select id, 5, 'E-HS-UNKNOWN' from declarations d where not exists (from headings h where h.heading = left(d.hs6, 4)
    and cast(timezone(${quoted(timeZone)}, d.accepted_at) as date) between h.valid_from and h.valid_to);`;

/** design §4: one line of duty and one item a declaration, CIF as invoiced; rounding once, to the minor unit (value) and to the gram (mass). */
const facts = ({ currencyExponent, timeZone }: KcsProfile): string => `
  ${factsTable}
  create table counted as
  select timezone(${quoted(timeZone)}, accepted_at) as moment,
         [office, 'CUD', left(hs6, 2), origin, '4000'] as revenue_dims, ['IMPORT', hs6, left(hs6, 2), origin, office, mode] as statistics_dims,
         half_up(price4 * rate4, 10000000000::hugeint) * ${10 ** currencyExponent} as assessed,
         half_up(price4, ${10 ** (4 - currencyExponent)}) as value, half_up(mass6, 1000) as grams
  from declarations where id not in (select id from findings);
  insert into facts
  select 'revenue', moment, revenue_dims, 'assessed', assessed from counted
  union all select 'revenue', moment, revenue_dims, 'lines', 1 from counted
  union all select 'statistics', moment, statistics_dims, 'value', value from counted
  union all select 'statistics', moment, statistics_dims, 'netMassKg', grams from counted
  union all select 'statistics', moment, statistics_dims, 'items', 1 from counted;`;

/** Residual chapters (W-HS-RESIDUAL) change the code that is counted; the data have none, and the mapping is not repeated here. */
const residual = `select id from declarations where left(hs6, 2) in ('77', '98', '99') limit 1`;

/** Every cell of revenue and statistics by day and by month, and what is refused, of a file in the form of `data/kcs-*.csv`. */
export async function kcsFigures(csvPath: string, profile: KcsProfile): Promise<KcsFigures> {
  return withDatabase(async (connection) => {
    await connection.run(declarations(csvPath, profile.timeZone));
    if ((await rowsOf(connection, residual)).length > 0) throw new Error('a commodity code of chapter 77, 98 or 99: the KCS oracle does not know the residual code');
    await connection.run(refusals(profile.timeZone));
    await connection.run(facts(profile));
    const refused = await rowsOf(connection, 'select id, list(code order by place) as codes from findings group by id order by id');
    const [{ received }] = await rowsOf(connection, 'select count(*)::integer as received from declarations') as [{ received: number }];
    return {
      rows: await figuresOf(connection), received,
      refused: refused.map(({ id, codes }) => ({ declarationId: id as string, code: (codes as string[])[0] as string, codes: codes as string[] })),
    };
  });
}
