/** Made-up figures that look like a small administration's, the same for the same question. */
interface Question { readonly view: string; readonly period: string; readonly by: readonly string[]; readonly where: Readonly<Record<string, string>>; readonly adjustments: boolean }

const values: Readonly<Record<string, readonly string[]>> = {
  office: ['KIN01', 'KIN02', 'MAT01', 'LUB01', 'KOL03', 'GOM02', 'BKV01', 'KSI04'],
  taxType: ['CUD', 'VAT', 'EXC'], taxGroup: ['excise', 'international-trade', 'vat'], chapter: ['02', '10', '27', '30', '72', '84', '85', '87'],
  origin: ['AE', 'BE', 'CN', 'FR', 'IN', 'JP', 'TZ', 'ZA'], partner: ['AE', 'BE', 'CN', 'FR', 'IN', 'JP', 'TZ', 'ZA'], procedure: ['4000', '4051', '7000'],
  flow: ['EXPORT', 'IMPORT'], hs6: ['020714', '100630', '271012', '300490', '720851', '843149', '851713', '870323'], transportMode: ['1', '3', '4'],
};
const weights = [53, 41, 29, 23, 17, 11, 7, 3];

/** A number between 0 and 1 that belongs to a text. */
export function drawn(text: string): number {
  let hash = 2166136261;
  for (const character of text) hash = Math.imul(hash ^ character.charCodeAt(0), 16777619);
  hash = Math.imul(hash ^ (hash >>> 15), 2246822507);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

const scaleOf: Readonly<Record<string, number>> = { year: 12_000, quarter: 3_000, month: 1_000, day: 34, hour: 2, rolling: 40 };

function combinations(by: readonly string[], where: Readonly<Record<string, string>>): readonly (readonly string[])[] {
  return by.reduce<readonly (readonly string[])[]>((rows, dimension) => rows.flatMap((row) => (where[dimension] === undefined ? values[dimension] ?? [] : [where[dimension]]).map((value) => [...row, value])), [[]]);
}

const money = (minor: number): string => `${minor < 0 ? '-' : ''}${Math.floor(Math.abs(minor) / 100)}.${String(Math.abs(minor) % 100).padStart(2, '0')}`;

function measures(view: string, key: string, size: number): Record<string, number> {
  const spread = (name: string): number => Math.round(size * (0.6 + 0.8 * drawn(`${key} ${name}`)));
  if (view === 'revenue') return { assessed: spread('assessed'), relief: Math.round(spread('relief') / 12), collected: Math.round(spread('collected') * 0.9), refunded: Math.round(spread('refunded') / 90), deposits: Math.round(spread('deposits') / 30), lines: Math.round(spread('lines') / 1_900_000) };
  return { value: spread('value') * 9, netMassKg: spread('mass'), items: Math.round(spread('items') / 2_100_000) };
}

const shown = (sums: Readonly<Record<string, number>>): Record<string, string | number> =>
  Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, name === 'lines' || name === 'items' ? sum : name === 'netMassKg' ? `${Math.floor(sum / 1000)}.${String(sum % 1000).padStart(3, '0')}` : money(sum)]));

function periodOf(period: string, at: string | undefined): { kind: string; length?: string; from: string; to: string } {
  const [kind = '', value = ''] = period.split(':', 2);
  const to = at ?? new Date(Math.floor(Date.now() / 60_000) * 60_000).toISOString();
  if (kind === 'rolling') return { kind, length: value, from: new Date(Date.parse(to) - 86_400_000).toISOString(), to };
  const start = `${value.slice(0, 4)}-${/-\d\d/.test(value) ? value.slice(5, 7) : '01'}-01T00:00:00+01:00`;
  const from = new Date(start);
  return { kind, from: from.toISOString(), to: new Date(from.getTime() + 31 * 86_400_000).toISOString() };
}

export function madeUpFigures({ view, period, by, where, adjustments }: Question, at: string | undefined, closed: boolean): unknown {
  const size = (scaleOf[period.split(':')[0] ?? ''] ?? 1) * (adjustments ? -40 : 52_000_00) / Math.max(1, by.length) * (Object.keys(where).length > 0 ? 0.2 : 1);
  const rows = combinations(by, where).map((row) => {
    const weight = row.reduce((product, value, index) => product * ((weights[(values[by[index] ?? ''] ?? []).indexOf(value)] ?? 5) / 50), 1);
    return { dimensions: Object.fromEntries(by.map((dimension, index) => [dimension, row[index] as string])), sums: measures(view, `${period} ${at ?? ''} ${row.join('|')}`, Math.round(size * weight)) };
  });
  const totals: Record<string, number> = {};
  for (const { sums } of rows) for (const [name, sum] of Object.entries(sums)) totals[name] = (totals[name] ?? 0) + sum;
  const seal = { period: '2026-02', closedBy: 'M. Ilunga', closedAt: '2026-03-05T08:12:00.000Z', digest: '9f2c61d0a77e4be18fd2c9a4510c37b6', offsets: {} };
  return {
    view, period: periodOf(period, at), by, where, currency: 'CDF', status: closed ? 'closed' : 'provisional', definitions: 'imts2010@1.0.0',
    asOf: { streamTime: new Date().toISOString(), offsets: { 'customs.declarations.enriched.v1/0': '120345', 'customs.declarations.enriched.v1/1': '119872', 'customs.declarations.enriched.v1/2': '121004', 'customs.declarations.enriched.v1/3': '120511', 'customs.declarations.rejected.v1/0': '411', 'customs.declarations.rejected.v1/1': '398' } },
    ...(closed ? { closed: [seal], adjusted: true, ...(adjustments ? { onlyAdjustments: true } : {}) } : {}),
    rows: rows.map(({ dimensions, sums }) => ({ ...dimensions, ...shown(sums) })), totals: shown(totals),
  };
}
