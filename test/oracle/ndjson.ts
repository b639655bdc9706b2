/**
 * What a file of events must come to, in SQL: written from design §3 and §4 and exactness.md §8 and §14,
 * sharing nothing with the services but the definition pack, which is data. Which events have to be refused is
 * given: whoever made the file knows.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { IndependentRow } from '../support/redis-cells';

export interface OracleProfile { readonly id: string; readonly minorUnits: number; readonly utcOffsetHours: number }

const schemas = join(__dirname, '../../schemas');
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const list = (codes: readonly string[]): string => `(${codes.map(quoted).join(', ') || 'null'})`;

const macros = `
  create macro amount4(t) as (cast(t as decimal(24,4)) * 10000::decimal(5,0))::hugeint;
  create macro measure6(t) as (cast(t as decimal(24,6)) * 1000000::decimal(7,0))::hugeint;
  create macro half_up(x, unit) as sign(x)::hugeint * ((abs(x) + unit // 2) // unit);
  create macro local_time(t, hours) as cast(replace(replace(t, 'T', ' '), 'Z', '') as timestamp) + to_hours(hours);`;

/** exactness §14: the highest (version, occurredAt, eventId) stands; §8: the lowest version with an acceptance date sets it. */
const versions = (file: string, refusedFile: string): string => `
  create table events as
  select distinct json->>'declarationId' as id, (json->>'version')::int as version, json->>'eventId' as event, json->>'status' as status,
         json->>'occurredAt' as occurred, json->>'acceptedAt' as accepted, json->>'office' as office, json->>'flow' as flow, json->>'procedure' as procedure,
         json->>'natureOfTransaction' as nature, json->>'incoterm' as incoterm, json->>'transportMode' as mode, json->>'partnerCountry' as partner, json->'items' as items, json->'payments' as payments
  from read_ndjson_objects(${quoted(file)}) where json::varchar not in (select json::varchar from read_ndjson_objects(${quoted(refusedFile)}));
  create table standing as select * from events qualify row_number() over (partition by id order by version desc, occurred desc, event desc) = 1;
  create table acceptance as select id, accepted as accepted_at from events where accepted is not null
    qualify row_number() over (partition by id order by version, occurred desc, event desc) = 1;`;

/** §4: LODGED is not counted; CANCELLED takes everything back but payments, for which its items go on to weigh. */
const items = (pack: Pack, minor: number): string => `
  create table items as
  select s.id, s.status, s.office, s.flow, s.procedure, s.nature, s.incoterm, s.mode, s.partner, a.accepted_at, n, item,
         case when left((item->>'commodityCode'), 2) in ${list(pack.residualChapters)} then '999999' else left(item->>'commodityCode', 6) end as hs6,
         item->>'originCountry' as origin
  from (select *, unnest(json_extract(items, '$[*]')) as item, unnest(range(json_array_length(items)::bigint)) as n from standing where status <> 'LODGED') s
  left join acceptance a on a.id = s.id;
  create table taxes as
  select id, n, status, office, procedure, hs6, origin, accepted_at, tax->>'type' as type,
         half_up(amount4(tax->>'assessed'), ${minor}) as assessed, half_up(amount4(tax->>'relief'), ${minor}) as relief
  from (select *, unnest(json_extract(item, '$.taxes[*]')) as tax from items);`;

/** §4: only items that coverage by procedure counts; value CIF for imports, FOB for exports, rounded once. */
const statistics = (minor: number, hours: number): string => `
  create table coverage as
  select procedure, verdict from (
    select distinct i.procedure, p.general as verdict, row_number() over (partition by i.procedure order by contains(p.pattern, '.')) as choice
    from (select distinct procedure from items) i join procedures p on regexp_full_match(i.procedure, replace(p.pattern, '.', '[0-9]'))) where choice = 1;
  create table statistics as
  select i.flow, i.hs6, left(i.hs6, 2) as chapter, case i.flow when 'IMPORT' then i.origin else i.partner end as partner, i.office, i.mode, local_time(i.accepted_at, ${hours}) as moment,
         half_up(amount4(i.item->'invoiceAmount'->>'amount')
           + coalesce(case i.flow when 'IMPORT' then t.import_freight else t.export_freight end, 0) * coalesce(amount4(i.item->'freightAmount'->>'amount'), 0)
           + coalesce(case i.flow when 'IMPORT' then t.import_insurance else t.export_insurance end, 0) * coalesce(amount4(i.item->'insuranceAmount'->>'amount'), 0), ${minor}) as value,
         half_up(measure6(i.item->>'netMassKg'), 1000) as grams,
         i.origin, i.partner as declared_partner, i.nature, (i.item->>'description') as description, (i.item->'supplementaryQuantity'->>'unit') as declared_unit,
         u.canonical as unit, half_up(measure6(i.item->'supplementaryQuantity'->>'value') * u.numerator::hugeint, u.denominator::hugeint * 1000) as thousandths
  from items i join coverage c on c.procedure = i.procedure and c.verdict = 'count'
  left join incoterms t on t.code = i.incoterm
  left join units u on u.code = (i.item->'supplementaryQuantity'->>'unit')
  where i.status <> 'CANCELLED' and i.hs6 not in (select hs from special);`;

/** §4: deposits are kept apart; a payment is shared over the items by what is assessed of its tax type. */
const revenue = (pack: Pack, minor: number, hours: number): string => `
  create table lines as
  select office, type, left(hs6, 2) as chapter, origin, procedure, local_time(accepted_at, ${hours}) as moment, assessed, relief from taxes
  where status <> 'CANCELLED' and type not in ${list([...pack.taxes.total, ...pack.taxes.nonTax, ...pack.taxes.deposit])};
  create table payments as
  select id, row_number() over () as number, payment->>'taxType' as type, half_up(amount4(payment->>'amount'), ${minor}) as amount, payment->>'paidAt' as paid,
         case when (payment->>'kind') = 'DEPOSIT' or (payment->>'taxType') in ${list(pack.taxes.deposit)} then 'deposits' when (payment->>'kind') = 'REFUND' then 'refunded' else 'collected' end as measure
  from (select id, unnest(json_extract(payments, '$[*]')) as payment from standing where status <> 'LODGED') where (payment->>'taxType') not in ${list(pack.taxes.total)};
  create table weights as
  select p.number, p.amount, p.type, p.measure, p.paid, i.n, i.office, i.hs6, i.origin, i.procedure,
         coalesce((select sum(greatest(t.assessed, 0)) from taxes t where t.id = p.id and t.n = i.n and t.type = p.type), 0)::hugeint as weight
  from payments p join items i on i.id = p.id;
  create table shares as
  select *, case when total = 0 then case when n = 0 then amount else 0 end else amount * weight // total end as share,
         row_number() over (partition by number order by weight desc, n) as rank
  from (select *, sum(weight) over (partition by number)::hugeint as total from weights);
  create table collected as
  select office, type, left(hs6, 2) as chapter, origin, procedure, local_time(paid, ${hours}) as moment, measure,
         share + case when rank = 1 and total > 0 then amount - sum(share) over (partition by number)::hugeint else 0 end as amount
  from shares;`;

/** Quality, in long form: what is expected of an item and missing, as sums of bits; unit values in tenths of the natural logarithm. */
const quality = (pack: Pack, file: string, refusedFile: string, hours: number): string => `
  create table arrivals as
  select json->>'declarationId' as id, (json->>'version')::int as version, json->>'office' as office, local_time(json->>'occurredAt', ${hours}) as moment
  from read_ndjson_objects(${quoted(file)}) where json::varchar not in (select json::varchar from read_ndjson_objects(${quoted(refusedFile)}));
  create table repeats as
  select s.office, local_time(s.occurred, ${hours}) as moment, r.repeated from standing s join (select id, count(*) - count(distinct version) as repeated from arrivals group by id) r on r.id = s.id where r.repeated > 0;
  create table checked as
  select *, ${pack.expectedFields.filter((field) => field !== 'supplementaryQuantity').reduce((sum, field) => sum + fieldBit(field), 0)} + case when declared_unit is null then 0 else 64 end as expected,
         case when hs6 = '999999' then 1 else 0 end + case when trim(coalesce(description, '')) = '' then 2 else 0 end + case when trim(coalesce(nature, '')) = '' then 4 else 0 end
         + case when grams = 0 and hs6 <> '271600' then 8 else 0 end + case when origin = 'ZZ' then 16 else 0 end + case when declared_partner = 'ZZ' then 32 else 0 end
         + case when declared_unit is not null and unit is null then 64 else 0 end + case when mode in ('0', '6') then 128 else 0 end as missing,
         case when coalesce(thousandths, 0) > 0 then unit else 'KGM' end as uv_unit, case when coalesce(thousandths, 0) > 0 then thousandths else grams end as uv_quantity
  from statistics;`;
const qualityFigures = (format: string): string => `
  select strftime(moment, '${format}') as period, office, null as flow, null as chapter, null as hs6, 'events' as measure, count(*)::varchar as amount from arrivals group by all
  union all select strftime(moment, '${format}'), office, null, null, null, 'repeated', sum(repeated)::varchar from repeats group by all
  union all select strftime(moment, '${format}'), office, flow, chapter, null, 'fields.' || expected || '.' || missing, count(*)::varchar from checked group by all
  union all select strftime(moment, '${format}'), office, flow, chapter, null, 'value', sum(value)::varchar from checked group by all
  union all select strftime(moment, '${format}'), office, flow, chapter, null, 'residualValue', sum(value)::varchar from checked where hs6 = '999999' or partner = 'ZZ' group by all
  union all select strftime(moment, '${format}'), null, flow, null, hs6, 'unitValue.' || uv_unit || '.' || floor(10 * ln(value::double / uv_quantity::double))::bigint, count(*)::varchar from checked where value > 0 and uv_quantity > 0 group by all`;

/** The fields in alphabetical order are the bits 1, 2, 4 … */
const fieldBit = (field: string): number => 2 ** ['commodityCode', 'description', 'natureOfTransaction', 'netMassKg', 'originCountry', 'partnerCountry', 'supplementaryQuantity', 'transportMode'].indexOf(field);

/** Long form: a row per cell and measure. */
const figures = (format: string): string => `
  select 'statistics' as view, strftime(moment, '${format}') as period, [flow, hs6, chapter, partner, office, mode] as dims, 'value' as measure, sum(value)::varchar as amount from statistics group by all
  union all select 'statistics', strftime(moment, '${format}'), [flow, hs6, chapter, partner, office, mode], 'netMassKg', sum(grams)::varchar from statistics group by all
  union all select 'statistics', strftime(moment, '${format}'), [flow, hs6, chapter, partner, office, mode], 'items', count(*)::varchar from statistics group by all
  union all select 'statistics', strftime(moment, '${format}'), [flow, hs6, chapter, partner, office, mode], 'quantity.' || unit, sum(thousandths)::varchar from statistics where unit is not null group by all
  union all select 'revenue', strftime(moment, '${format}'), [office, type, chapter, origin, procedure], 'assessed', sum(assessed)::varchar from lines group by all
  union all select 'revenue', strftime(moment, '${format}'), [office, type, chapter, origin, procedure], 'relief', sum(relief)::varchar from lines group by all
  union all select 'revenue', strftime(moment, '${format}'), [office, type, chapter, origin, procedure], 'lines', count(*)::varchar from lines group by all
  union all select 'revenue', strftime(moment, '${format}'), [office, type, chapter, origin, procedure], measure, sum(amount)::varchar from collected group by all`;

interface Pack {
  readonly residualChapters: readonly string[];
  readonly expectedFields: readonly string[];
  readonly taxes: { readonly total: readonly string[]; readonly nonTax: readonly string[]; readonly deposit: readonly string[] };
  readonly incoterms: readonly { readonly code: string; readonly importCif: readonly string[]; readonly exportFob: readonly string[] }[];
  readonly procedures: readonly { readonly pattern: string; readonly general: string }[];
  readonly units: readonly { readonly code: string; readonly canonical: string; readonly numerator: string; readonly denominator: string }[];
  readonly specialCodes: readonly { readonly hs: string; readonly code: string }[];
}

/** The tables of the pack, as tables. */
async function loadPack(connection: DuckDBConnection, file: string): Promise<Pack> {
  const pack = JSON.parse(readFileSync(file, 'utf8')) as Pack;
  const factor = (steps: readonly string[], part: string): number => (steps.includes(`+${part}`) ? 1 : steps.includes(`-${part}`) ? -1 : 0);
  const table = async (name: string, columns: string, rows: readonly string[]): Promise<void> => {
    await connection.run(`create table ${name}(${columns}); ${rows.length > 0 ? `insert into ${name} values ${rows.join(', ')}` : ''}`);
  };
  await table('procedures', 'pattern varchar, general varchar', pack.procedures.map(({ pattern, general }) => `(${quoted(pattern)}, ${quoted(general)})`));
  await table('units', 'code varchar, canonical varchar, numerator varchar, denominator varchar', pack.units.map((unit) => `(${[unit.code, unit.canonical, unit.numerator, unit.denominator].map(quoted).join(', ')})`));
  await table('special', 'hs varchar', pack.specialCodes.filter(({ code }) => code.startsWith('X-')).map(({ hs }) => `(${quoted(hs)})`));
  await table('incoterms', 'code varchar, import_freight int, import_insurance int, export_freight int, export_insurance int',
    pack.incoterms.map(({ code, importCif, exportFob }) => `(${quoted(code)}, ${factor(importCif, 'freight')}, ${factor(importCif, 'insurance')}, ${factor(exportFob, 'freight')}, ${factor(exportFob, 'insurance')})`));
  return pack;
}

const dimensionNames = {
  revenue: ['office', 'taxType', 'chapter', 'origin', 'procedure'],
  statistics: ['flow', 'hs6', 'chapter', 'partner', 'office', 'transportMode'],
} as const;

/** Every cell of revenue, statistics and quality by day and month, but those that need more than the file: what was refused, flagged, how late it came. `refusedFile`: the lines that must be refused, word for word. */
/** `packFile`: by which definitions; the built-in ones unless told otherwise. */
export async function ndjsonOracle(file: string, refusedFile: string, { minorUnits, utcOffsetHours }: OracleProfile, packFile = join(schemas, 'reference/imts2010-1.0.0.json')): Promise<IndependentRow[]> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const pack = await loadPack(connection, packFile);
  const minor = 10 ** (4 - minorUnits);
  for (const sql of [macros, versions(file, refusedFile), items(pack, minor), statistics(minor, utcOffsetHours), revenue(pack, minor, utcOffsetHours), quality(pack, file, refusedFile, utcOffsetHours)]) await connection.run(sql);
  const rows: IndependentRow[] = [];
  for (const [grain, format] of [['day', '%Y-%m-%d'], ['month', '%Y-%m']] as const) {
    for (const row of (await connection.runAndReadAll(figures(format))).getRowObjectsJson()) {
      const view = row['view'] as 'revenue' | 'statistics';
      const values = row['dims'] as string[];
      rows.push({
        view, grain, period: row['period'] as string,
        dimensions: Object.fromEntries(dimensionNames[view].map((name, index) => [name, values[index] as string])),
        measures: { [row['measure'] as string]: BigInt(row['amount'] as string) },
      });
    }
  }
  for (const [grain, format] of [['day', '%Y-%m-%d'], ['month', '%Y-%m']] as const) {
    for (const row of (await connection.runAndReadAll(qualityFigures(format))).getRowObjectsJson()) {
      const dimensions = Object.fromEntries(['office', 'flow', 'chapter', 'hs6'].flatMap((name) => (row[name] === null ? [] : [[name, row[name] as string]])));
      rows.push({ view: 'quality', grain, period: row['period'] as string, dimensions, measures: { [row['measure'] as string]: BigInt(row['amount'] as string) } });
    }
  }
  return rows;
}
