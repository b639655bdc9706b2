/** Made-up explanations of the figures that a page was shown: declarations whose amounts add up to the figure exactly. */
import { drawn } from './console-figures';

type Amount = string | number;
export interface ShownFigures { readonly view: string; readonly by: readonly string[]; readonly where: Readonly<Record<string, string>>; readonly rows: readonly Readonly<Record<string, Amount>>[]; readonly totals: Readonly<Record<string, Amount>>; readonly closed?: object; readonly [name: string]: unknown }

const DECLARATIONS = 40;
const ADJUSTMENT = -1_234_50n;
const codes = [['W-ORIGIN-CODE'], [], ['W-UNIT-DEPRECATED', 'W-REV-PREF-NO-PROOF'], []] as const;

const unitsOf = (amount: Amount): bigint => BigInt(String(amount).replace('.', ''));
/** As the measure that it is of is written: with as many decimals. */
function written(units: bigint, like: Amount): Amount {
  if (typeof like === 'number') return Number(units);
  const places = like.length - like.indexOf('.') - 1;
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** Largest first. */
function parts(total: bigint, count: number): bigint[] {
  const weights = Array.from({ length: count }, (_, place) => BigInt(count * 3 - place * 3 + 1));
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  const amounts = weights.map((weight) => (total * weight) / whole);
  amounts[0] = (amounts[0] ?? 0n) + total - amounts.reduce((sum, amount) => sum + amount, 0n);
  return amounts;
}

/** The row of the figures that a question means; undefined: none. */
function meant(figures: ShownFigures, where: Readonly<Record<string, string>>): Readonly<Record<string, Amount>> | undefined {
  const of = Object.keys(where).filter((dimension) => !(dimension in figures.where));
  return of.length === 0 ? figures.totals : figures.rows.find((row) => of.every((dimension) => row[dimension] === where[dimension]));
}

export function madeUpExplanation(figures: ShownFigures, where: Readonly<Record<string, string>>, measure: string, from: number, limit: number, sees: { readonly hits: boolean; readonly log: boolean }): object {
  const like = meant(figures, where)?.[measure] ?? 0;
  const [shown, since] = [unitsOf(like), figures.closed ? ADJUSTMENT : 0n];
  const amounts = parts(shown + since, DECLARATIONS);
  const listed = amounts.slice(from, from + limit);
  const behind = amounts.slice(from + limit).reduce((sum, amount) => sum + amount, 0n);
  const of = (units: bigint): object => ({ [measure]: written(units, like) });
  const { view, period, currency, status, definitions, asOf, closed } = figures;
  return {
    view, period, where, currency, status, definitions, asOf, figure: of(shown), ...(closed ? { closed, adjustment: of(since) } : {}), current: of(shown + since), explained: of(shown + since), addsUp: true, differences: [],
    declarations: DECLARATIONS, contributions: listed.map((amount, place) => contribution(from + place, of(amount), where, sees)),
    ...(from + limit < DECLARATIONS ? { remaining: { declarations: DECLARATIONS - from - limit, amounts: of(behind) } } : {}),
    revisions: from > 0 || !sees.log ? null : [3, 2, 1].map((age, place) => ({ revision: place + 1, generation: 0, at: `2026-02-1${place}T08:00:00.000Z`, status: 'provisional', amounts: of(shown + since - BigInt((age - 1) * 7_000)), offsets: { 'customs.declarations.enriched.v1/0': String(100_000 + place), 'customs.declarations.enriched.v1/1': String(99_000 + place) } })),
    next: from + limit < DECLARATIONS ? `made-up.${from + limit}` : null, logRead: sees.log,
  };
}

function contribution(number: number, amounts: object, where: Readonly<Record<string, string>>, { hits, log }: { readonly hits: boolean; readonly log: boolean }): object {
  const payments = Array.from({ length: number % 3 }, (_, place) => ({ taxType: 'CUD', measure: 'collected', amount: `${1_000 + number * 37 + place}.25`, paidAt: `2026-02-0${place + 1}T10:00:00.000Z` }));
  return {
    declarationId: `CD-2026-${String(410_000 + number * 17)}`, version: 1 + (number % 3), status: number % 5 === 4 ? 'RELEASED' : 'ACCEPTED', office: where['office'] ?? (drawn(`explained ${number}`) > 0.5 ? 'KIN01' : 'MAT01'), amounts,
    countsAt: ['2026-02-03T09:12:00.000Z'], datesInAll: 1, raw: { topic: 'customs.declarations.raw.v1', partition: number % 4, offset: 88_000 + number * 91 }, counted: { topic: 'customs.declarations.enriched.v1', partition: number % 4, offset: 87_100 + number * 90 },
    payments, paymentsInAll: payments.length,
    details: log ? { definitions: 'imts2010@1.0.0', referenceSet: '0123456789abcdef', codes: codes[number % codes.length], hits: hits ? (number === 1 ? [{ itemNumber: 2, listId: 'EU2', listVersion: '2026.1', rowId: 'EU2-02', substance: 'Acetone', level: 4, evidence: ['cas'] }] : []) : null } : null,
  };
}

export function madeUpTrace(declarationId: string, precursors: boolean): object {
  const cell = (view: string, grain: string, period: string, where: object, measure: string, amount: Amount, unit?: string) => ({ view, grain, period, where, measure, amount, ...(unit === undefined ? {} : { unit }) });
  const revenue = { office: 'KIN01', taxType: 'CUD', chapter: '87' };
  const trade = { flow: 'IMPORT', hs6: '870323', partner: 'JP', office: 'KIN01' };
  const cells = [
    cell('revenue', 'month', '2026-02', revenue, 'assessed', '4820.50'), cell('revenue', 'month', '2026-02', revenue, 'collected', '4820.50'), cell('revenue', 'month', '2026-02', revenue, 'lines', 1), cell('revenue', 'day', '2026-02-03', revenue, 'assessed', '4820.50'),
    cell('statistics', 'day', '2026-02-03', trade, 'value', '48205.00'), cell('statistics', 'day', '2026-02-03', trade, 'netMassKg', '1310.000'), cell('statistics', 'day', '2026-02-03', trade, 'quantity', '1.000', 'NMB'),
    ...(precursors ? [cell('precursors', 'month', '2026-02', { list: 'EU2', substance: 'acetone', flow: 'IMPORT', partner: 'JP', level: '4' }, 'items', 1)] : []), cell('operations', 'day', '2026-02-03', { office: 'KIN01', stage: 'ACCEPTED' }, 'accepted', 1), cell('operations', 'minute', '2026-02-03T10:12', { office: 'KIN01', stage: 'ACCEPTED' }, 'accepted', 1),
  ];
  const version = (number: number, status: string, outcome: string, codesOf: readonly string[], changed: number) => ({ at: `2026-02-0${number + 2}T09:12:00.000Z`, raw: { partition: 1, offset: 88_000 + number }, version: number, status, occurredAt: `2026-02-0${number + 2}T09:11:00.000Z`, outcome, codes: codesOf, changed });
  return { declarationId, currency: 'CDF', version: 2, status: 'RELEASED', cells, cellsInAll: cells.length + 24, history: [version(1, 'ACCEPTED', 'counted', ['W-ORIGIN-CODE'], 30), version(2, 'RELEASED', 'counted', [], 4)], historyMissing: null };
}
