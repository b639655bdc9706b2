/**
 * The SQL of the NDJSON oracle: which version of a declaration stands, what it says of trade and of revenue.
 * Written from design §3, §4 and exactness §8, §14, §15. The rules that are data (procedures, incoterms, units,
 * tax types, special and residual codes) come from the definition pack as tables.
 *
 * Units: `…4` in 0.0001 of a currency, `…6` in 0.000001 kg or unit, `rate10` in 10^-10 home units per foreign unit.
 */
import { quoted } from './figures';

const amount = 'STRUCT(amount VARCHAR, currency VARCHAR)';
const item = `STRUCT(itemNumber VARCHAR, commodityCode VARCHAR, originCountry VARCHAR, netMassKg VARCHAR,
  supplementaryQuantity STRUCT(unit VARCHAR, "value" VARCHAR), invoiceAmount ${amount}, freightAmount ${amount}, insuranceAmount ${amount},
  taxes STRUCT("type" VARCHAR, assessed VARCHAR, relief VARCHAR)[])`;
const event = `{eventId: 'VARCHAR', declarationId: 'VARCHAR', "version": 'BIGINT', status: 'VARCHAR', occurredAt: 'VARCHAR', acceptedAt: 'VARCHAR', office: 'VARCHAR',
  flow: 'VARCHAR', "procedure": 'VARCHAR', incoterm: 'VARCHAR', transportMode: 'VARCHAR', partnerCountry: 'VARCHAR',
  items: '${item}[]', payments: 'STRUCT(taxType VARCHAR, kind VARCHAR, amount VARCHAR, paidAt VARCHAR)[]'}`;

/** design §3: the JSON form; decimals and instants stay text until what is refused is out. `refused` names versions, `refused_ids` event ids. */
export const events = (ndjsonPaths: readonly string[]): string => `
  create table lines as select * from read_json([${ndjsonPaths.map(quoted).join(', ')}], format = 'newline_delimited', columns = ${event});
  create table events as
  select distinct * from lines l
  where not exists (from refused r where r.declaration_id = l.declarationId and r.version = l."version" and r.event_id = l.eventId) and l.eventId not in (from refused_ids);`;

/** design §3, §4 and domain §1 to §3 in rule ids: the pack and the profile as tables. `first_pattern`: the order of the file decides between equals. */
export const pack = (packPath: string, tradeSystem: string): string => `
  create table pack as select * from read_json(${quoted(packPath)}, columns = {
    procedures: 'STRUCT(pattern VARCHAR, "${tradeSystem}" VARCHAR)[]', incoterms: 'STRUCT(code VARCHAR, importCif VARCHAR[], exportFob VARCHAR[])[]',
    units: 'STRUCT(code VARCHAR, canonical VARCHAR, numerator VARCHAR, denominator VARCHAR)[]', taxes: 'STRUCT(total VARCHAR[], nonTax VARCHAR[])',
    specialCodes: 'STRUCT(hs VARCHAR, code VARCHAR)[]', residualChapters: 'VARCHAR[]', residualHs6: 'VARCHAR'});
  create table procedures as select p.pattern as pattern, p."${tradeSystem}" as verdict, n as place from (select unnest(procedures) as p, generate_subscripts(procedures, 1) as n from pack);
  create table incoterms as select t.code as code, t.importCif as import_steps, t.exportFob as export_steps from (select unnest(incoterms) as t from pack);
  create table units as select u.code as code, u.canonical as canonical, u.numerator::hugeint as numerator, u.denominator::hugeint as denominator from (select unnest(units) as u from pack);
  create table special as select s.hs as hs from (select unnest(specialCodes) as s from pack) where s.code like 'X-%';
  create table residual as select unnest(residualChapters) as chapter from pack;`;

/**
 * design §3, `version`, and exactness §14: the highest (version, occurredAt, eventId) stands. design §3, `acceptedAt`, and
 * exactness §8: the period is that of the lowest version that has a date, whatever its status.
 */
export const standing = (timeZone: string): string => `
  create table standing as
  select * from events qualify row_number() over (partition by declarationId order by "version" desc, instant(occurredAt) desc, eventId desc) = 1;
  create table acceptance as
  select declarationId as id, timezone(${quoted(timeZone)}, instant(acceptedAt)) as moment from events where acceptedAt is not null
  qualify row_number() over (partition by declarationId order by "version", instant(occurredAt) desc, eventId desc) = 1;`;

/**
 * design §3, `status`: LODGED is not counted. `counted`: CANCELLED keeps its payments alone, whose share by items needs its items.
 * domain HS.04: a code of a residual chapter counts as the residual code. `place`: position in the list, from 1.
 * design §3, `acceptedAt`: exchange rates go by the version's own date (`rate_day`), periods by `moment`.
 */
export const items = (timeZone: string): string => `
  create table items as
  select id, place, counted, office, flow, "procedure", incoterm, mode, partner, moment, rate_day, i.originCountry as origin,
         case when left(i.commodityCode, 2) in (from residual) then (select residualHs6 from pack) else left(i.commodityCode, 6) end as hs6,
         i.netMassKg as mass, i.supplementaryQuantity.unit as unit, i.supplementaryQuantity."value" as quantity,
         i.invoiceAmount as invoice, i.freightAmount as freight, i.insuranceAmount as insurance, i.taxes as taxes
  from (select s.declarationId as id, s.status <> 'CANCELLED' as counted, s.office, s.flow, s."procedure", s.incoterm, s.transportMode as mode, s.partnerCountry as partner,
               a.moment, cast(timezone(${quoted(timeZone)}, instant(coalesce(s.acceptedAt, s.occurredAt))) as date) as rate_day,
               unnest(s.items) as i, generate_subscripts(s.items, 1) as place
        from standing s left join acceptance a on a.id = s.declarationId where s.status <> 'LODGED');`;

/**
 * domain VAL.01 to VAL.03 with the pack's matrix: imports CIF, exports FOB; a null incoterm takes the invoice as it is (design §3).
 * design §4: sums and conversion are exact, one rounding at the end; X- codes (coverage by procedure, special codes) leave an item out.
 * domain §1.3: the pattern with the fewest wildcards decides. domain UNIT.01: a fixed factor to the canonical unit; a unit
 * outside the table is a tariff quantity, not a statistical one (domain §2.3), and counts nowhere.
 */
export const statistics = (currencyExponent: number): string => `
  create table coverage as
  select "procedure", verdict from (select distinct "procedure" from items where counted) join procedures on regexp_full_match("procedure", replace(pattern, '.', '[0-9]'))
  qualify row_number() over (partition by "procedure" order by length(pattern) - length(replace(pattern, '.', '')), place) = 1;
  create table valued as
  select i.*, c.verdict, t.code as term, u.canonical, u.numerator, u.denominator, ri.rate10 as invoice_rate, rf.rate10 as freight_rate, rs.rate10 as insurance_rate,
         case when i.incoterm is null then []::varchar[] when i.flow = 'IMPORT' then t.import_steps else t.export_steps end as steps,
         case when list_contains(steps, '+freight') then 1 when list_contains(steps, '-freight') then -1 else 0 end as freight_sign,
         case when list_contains(steps, '+insurance') then 1 when list_contains(steps, '-insurance') then -1 else 0 end as insurance_sign
  from items i left join coverage c on c."procedure" = i."procedure" left join incoterms t on t.code = i.incoterm left join units u on u.code = i.unit
  left join rates ri on ri.currency = i.invoice.currency and i.rate_day between ri.valid_from and ri.valid_to
  left join rates rf on rf.currency = i.freight.currency and i.rate_day between rf.valid_from and rf.valid_to
  left join rates rs on rs.currency = i.insurance.currency and i.rate_day between rs.valid_from and rs.valid_to
  where i.counted;
  create table statistics as
  select moment, [flow, hs6, left(hs6, 2), case flow when 'IMPORT' then origin else partner end, office, mode] as dims, canonical as unit,
         half_up(scaled4(invoice.amount) * invoice_rate
           + freight_sign * coalesce(scaled4(freight.amount) * freight_rate, 0) + insurance_sign * coalesce(scaled4(insurance.amount) * insurance_rate, 0),
           1${'0'.repeat(14 - currencyExponent)}::hugeint) as "value",
         half_up(scaled6(mass), 1000) as grams, half_up(scaled6(quantity) * numerator, denominator * 1000) as thousandths
  from valued where verdict = 'count' and hs6 not in (from special);
  insert into facts
  select 'statistics', moment, dims, 'value', "value" from statistics
  union all select 'statistics', moment, dims, 'netMassKg', grams from statistics
  union all select 'statistics', moment, dims, 'items', 1 from statistics
  union all select 'statistics', moment, dims, 'quantity.' || unit, thousandths from statistics where thousandths is not null;`;

/** A table of texts. */
const listed = (name: string, values: readonly string[]): string => `create table ${name}(code varchar); ${values.length > 0 ? `insert into ${name} values ${values.map((value) => `(${quoted(value)})`).join(', ')};` : ''}`;

/**
 * design §4: rounding once per tax line; `lines` counts zero ones too; deposit tax lines count nowhere but as the weight of
 * deposits; X-REV-NONTAX lines (domain REV.08) are no revenue. `totals`: whether a total without its parts counts (domain REV.09).
 */
export const taxLines = (currencyExponent: number, depositTaxTypes: readonly string[], countTotals: boolean): string => `
  ${listed('deposit_types', depositTaxTypes)}
  create table unrevenued as
  select code from deposit_types union select unnest(taxes.nonTax) from pack ${countTotals ? '' : 'union select unnest(taxes.total) from pack'};
  create table taxes as
  select id, place, counted, moment, [office, tax."type", left(hs6, 2), origin, "procedure"] as dims, tax."type" as "type",
         half_up(scaled4(tax.assessed), ${10 ** (4 - currencyExponent)}) as assessed, half_up(scaled4(tax.relief), ${10 ** (4 - currencyExponent)}) as relief
  from (select *, unnest(taxes) as tax from items);
  insert into facts
  select 'revenue', moment, dims, 'assessed', assessed from taxes where counted and "type" not in (from unrevenued)
  union all select 'revenue', moment, dims, 'relief', relief from taxes where counted and "type" not in (from unrevenued)
  union all select 'revenue', moment, dims, 'lines', 1 from taxes where counted and "type" not in (from unrevenued);`;

/**
 * design §4: payments in the period of paidAt, of cancelled declarations too; deposits are those of kind DEPOSIT or of a deposit tax
 * type; each is shared over the items by what is assessed of its tax type, remainder to the largest (the first of equals), all to the first item where nothing is.
 */
export const payments = (currencyExponent: number, timeZone: string, countTotals: boolean): string => `
  create table payments as
  select row_number() over () as number, id, p.taxType as "type", half_up(scaled4(p.amount), ${10 ** (4 - currencyExponent)}) as amount, timezone(${quoted(timeZone)}, instant(p.paidAt)) as moment,
         case when p.kind = 'DEPOSIT' or p.taxType in (from deposit_types) then 'deposits' when p.kind = 'REFUND' then 'refunded' else 'collected' end as measure
  from (select declarationId as id, unnest(payments) as p from standing where status <> 'LODGED')${countTotals ? '' : ' where p.taxType not in (select unnest(taxes.total) from pack)'};
  create table weights as select id, place, "type", sum(greatest(assessed, 0))::hugeint as weight from taxes group by all;
  create table shares as
  select p.*, [i.office, p."type", left(i.hs6, 2), i.origin, i."procedure"] as dims, coalesce(w.weight, 0)::hugeint as weight,
         (sum(coalesce(w.weight, 0)) over declared)::hugeint as total, row_number() over largest as rank
  from payments p join items i on i.id = p.id left join weights w on w.id = p.id and w.place = i.place and w."type" = p."type"
  window declared as (partition by p.number), largest as (partition by p.number order by coalesce(w.weight, 0) desc, i.place);
  create table shared as select *, case when total = 0 then 0 else (amount * weight) // total end::hugeint as share from shares;
  insert into facts
  select 'revenue', moment, dims, measure, share + case rank when 1 then amount - (sum(share) over (partition by number))::hugeint else 0 end from shared;`;

/** What an event that is said to be sound cannot be: the caller has forgotten a fault, or the oracle a rule. */
export const doubts = `
  select id, 'procedure ' || "procedure" || ' is not mapped' as doubt from valued where verdict is null
  union all select id, 'incoterm ' || incoterm || ' is unknown' from valued where incoterm is not null and term is null
  union all select id, 'no acceptance date' from valued where moment is null
  union all select id, 'no single rate for ' || invoice.currency from valued where invoice_rate is null
  union all select id, 'no freight or insurance where the incoterm needs it' from valued where (freight_sign <> 0 and freight_rate is null) or (insurance_sign <> 0 and insurance_rate is null)
  union all select id, 'an item counted twice: rates overlap' from valued group by id, place having count(*) > 1
  union all select distinct p.id, 'payments without items' from payments p where p.id not in (select id from items)
  union all select l.eventId, 'refused by a key that also names another event' from lines l join refused r on r.declaration_id = l.declarationId and r.version = l."version" and r.event_id = l.eventId
    group by l.eventId, l.declarationId, l."version" having count(distinct l) > 1
  limit 5`;
