/** Made-up alerts, refusals, services and passing declarations for the console's page. */
import { drawn } from './console-figures';

const substances = [['Acetic anhydride', '1988', 'T1-ACA'], ['Potassium permanganate', '1988', 'T1-KMN'], ['Acetone', '1988', 'T2-ACE'], ['Ephedrine', '1988', 'T1-EPH'], ['Ammonium nitrate', 'EXP', 'EX-AMN'], ['Toluene', '1988', 'T2-TOL']] as const;
const offices = ['KIN01', 'MAT01', 'LUB01', 'GOM02'];
const partners = ['CN', 'IN', 'BE', 'ZA', 'TZ'];
const pick = <Value>(from: readonly Value[], key: string): Value => from[Math.floor(drawn(key) * from.length)] as Value;
const ago = (milliseconds: number): string => new Date(Date.now() - milliseconds).toISOString();

export interface MadeUpAlert { readonly alertId: string; readonly level: number; readonly listId: string; readonly substance: string; readonly office: string; decision: { state: string; reason: string; by: string; at: string } | null; readonly [name: string]: unknown }

export function madeUpAlert(number: number): MadeUpAlert {
  const [substance, listId, rowId] = pick(substances, `substance ${number}`);
  const level = 3 + Math.floor(drawn(`level ${number}`) * 3);
  const evidence = level === 5 ? ['hs-own', 'cas', 'name'] : level === 4 ? ['hs-own', 'notice-missing'] : ['name', 'hs-misfit'];
  const itemNumber = 1 + (number % 3);
  return {
    alertId: `a${String(number).padStart(31, '0')}`, declarationId: `CD-2026-${100_000 + number}`, version: 1 + (number % 2), itemNumber, at: ago(number * 1_260_000 + 90_000), office: pick(offices, `office ${number}`),
    flow: number % 4 === 0 ? 'EXPORT' : 'IMPORT', partner: pick(partners, `partner ${number}`), level, listId, listVersion: '2026.1', rowId, substance, evidence, lookBack: number % 9 === 0,
    explanation: `Item ${itemNumber} matches ${substance} (${listId} ${rowId}, version 2026.1) at level ${level}: ${evidence.join(', ')}`,
    decision: number % 5 === 0 ? { state: 'cleared', reason: 'End user visited; licence 4471 is in the file.', by: 'A. Mbuyi', at: ago(number * 1_000_000) } : number % 7 === 0 ? { state: 'held', reason: 'Sample sent to the laboratory.', by: 'A. Mbuyi', at: ago(number * 1_100_000) } : null,
  };
}

export function madeUpUsual(unknown: boolean) {
  const byMonth = Array.from({ length: 12 }, (_, place) => {
    const items = place === 3 ? 0 : 9 + Math.floor(drawn(`usual ${place}`) * 18);
    return { month: `${place < 4 ? 2025 : 2026}-${String(((place + 8) % 12) + 1).padStart(2, '0')}`, items, netMassKg: `${items * (180 + place * 9)}.000`, value: `${items * 4_211_000}.00`, meanKg: items === 0 ? null : `${180 + place * 9}.000` };
  });
  return { months: 12, currency: 'CDF', items: 214, netMassKg: '48210.500', value: '912004410.25', meanKg: '225.283', medianOfMonthsKg: '234.000', highestMonth: { month: '2026-08', meanKg: '279.000' }, timesMean: unknown ? null : '8.4', byMonth };
}

const codes = [
  ['standardize', 'E-VAL-NO-RATE', 'No official exchange rate is loaded for the currency on the acceptance date.'], ['standardize', 'E-HS-UNKNOWN', 'The commodity code is malformed or not in the edition in force.'],
  ['ingest', 'E-DECODE-FRAME', 'The value is not framed as schema id and Avro. Correct the gateway’s serializer.'], ['standardize', 'E-REV-ARITH', 'The amount assessed is not base × rate.'],
] as const;

/** One refusal each, from the 54th on. */
const rareCodes = [
  ['ingest', 'E-ID-MISSING', 'declarationId: is empty'], ['ingest', 'E-TIME-PAST', 'occurredAt: lies before 1988'], ['ingest', 'E-ITEM-NUMBER', 'items[0].itemNumber: is 0; items count from 1'],
  ['standardize', 'E-PTR-CODE', 'items[0].originCountry: "XX" is not in ISO 3166-1 on the acceptance date'], ['standardize', 'E-CPC-UNMAPPED', 'procedure: "40" is in no table; add it to the profile\'s map'],
  ['standardize', 'E-PTR-DEST-MISSING', Array.from({ length: 12 }, (_, item) => `items[${item}].partnerCountry: is empty; declare the last known destination, ZZ where it is not specified`).join('; ')],
] as const;

export function madeUpReject(number: number) {
  const [stage, code, message] = rareCodes[number - 54] ?? codes[number % 7 === 0 ? 2 : number % 3 === 0 ? 1 : number % 5 === 0 ? 3 : 0];
  return {
    rejectId: `r${String(number).padStart(31, '0')}`, stage, code, message, topic: 'customs.declarations.raw.v1', partition: number % 4, offset: 40_000 + number * 13,
    ...(code === 'E-DECODE-FRAME' ? {} : { declarationId: code === 'E-ID-MISSING' ? '' : `CD-2026-${200_000 + number}` }), at: ago(number * 610_000), codes: number % 4 === 0 ? [code, 'W-MOT-UNSPECIFIC'] : [code],
  };
}

const acts = [
  ['sign-in', 'token', 'done', ''], ['decide:alerts', 'a0000000000000000000000000000012', 'done', 'held'], ['close:period', '2026-02', 'done', '9f2c61d0a77e4be18fd2c9a4510c37b641c7d2f09ab65e318fd2c9a4510c37b6'], ['redrive', 'E-VAL-NO-RATE of standardize', 'done', '34 sent, 2 alike, 0 gone from the log'],
  ['download', 'revenue month:2026-02', 'done', ''], ['redrive', '/api/v1/rejects/redrive', 'refused', ''], ['close:period', '2026-03', 'refused', '2026-03 is provisional: declarations of that month may still be on their way'], ['sign-in', 'token', 'refused', 'used before'], ['redrive', '12 refusals', 'failed', 'the reason is in the log of the console'],
] as const;

export function madeUpAct(number: number) {
  const [action, subject, outcome, detail] = acts[number % acts.length] as (typeof acts)[number];
  const by = action === 'sign-in' && outcome === 'refused' ? '' : pick(['A. Mbuyi', 'N. Mbala', 'M. Ilunga'], `act ${number}`);
  return { auditId: `audit-${number}`, at: ago(number * 2_711_000 + 40_000), by, roles: ['operator'], action, subject, outcome, detail };
}

export function madeUpTailRow(number: number) {
  const currency = pick(['USD', 'EUR', 'CDF'], `currency ${number}`);
  return {
    declarationId: `CD-2026-${300_000 + number}`, version: number % 9 === 0 ? 2 : 1, status: number % 11 === 0 ? 'RELEASED' : 'ACCEPTED', office: pick(offices, `tail ${number}`), flow: number % 4 === 0 ? 'EXPORT' : 'IMPORT',
    procedure: number % 4 === 0 ? '1000' : '4000', partner: pick(partners, `from ${number}`), at: number % 8 === 0 ? ago(3 * 86_400_000) : new Date().toISOString(), items: 1 + (number % 4), hs6: [pick(['870323', '300490', '271012', '100630', '851713'], `hs ${number}`)],
    invoice: { amount: `${1_000 + Math.floor(drawn(`invoice ${number}`) * 900_000)}.${String(number % 100).padStart(2, '0')}`, currency }, assessed: `${100_000 + Math.floor(drawn(`assessed ${number}`) * 90_000_000)}.00`,
    tokens: { declarant: 'd-4b1f', trader: 't-90ac' }, ...(number % 20 === 0 ? { dropped: 7 } : {}),
  };
}

export function madeUpStatus(troubled: boolean) {
  const names = ['ingest', 'standardize', 'enrich', 'aggregate', 'publish'];
  const services = names.map((name, place) => {
    const halted = troubled && name === 'standardize';
    const lag = halted ? { 0: 812, 1: 790, 2: 0, 3: 845 } : { 0: 0, 1: place === 3 ? 2 : 0, 2: 0, 3: 0 };
    const behind = Object.values(lag).reduce((sum, records) => sum + records, 0);
    return {
      name, pid: 4100 + place, state: halted ? 'halted' : 'running', lag, newestEventAt: ago(halted ? 341_000 : 1_800), lagDeclarations: behind, lagSeconds: halted ? 341 : behind > 0 ? 1 : 0,
      lagTrend: name === 'enrich' && troubled ? { direction: 'clearing', clearsInSeconds: 131, points: [0, 40, 900, 840, 700, 610, 480, 350] } : halted ? { direction: 'growing', clearsInSeconds: null, points: [0, 0, 90, 210, 900, 1_400, 2_000, 2_447] } : { direction: 'even', clearsInSeconds: null, points: [0, 3, 0, 2, 1, 0, behind] },
      lagByPartition: Object.fromEntries(Object.entries(lag).map(([partition, declarations]) => [partition, { declarations, seconds: declarations > 0 ? 341 : null, value: declarations > 0 ? `${declarations * 73_211}.50` : null }])),
      ...(halted ? { reason: '61 % of 1,204 records were refused with E-VAL-NO-RATE' } : {}),
      ...(name === 'aggregate' ? { pid: null, replicas: 2 } : {}),
    };
  });
  const console = { name: 'console', pid: 4200, state: 'running', lag: null, lagDeclarations: null, lagSeconds: null, newestEventAt: null, withoutLag: true, lagTrend: { direction: 'unknown', clearsInSeconds: null, points: [] } };
  const topic = (name: string, end: number) => ({ name, partitions: [0, 1, 2, 3].map((partition) => ({ partition, start: 0, end: end + partition * 37 })) });
  return {
    services: [...services, console], drained: !troubled, outside: [],
    books: { raw: 482_310, counted: 470_114, leftOut: 9_802, refused: 1_617, ignored: troubled ? 330 : 777, balanced: !troubled, leftOutByCode: {}, refusedByCode: {} },
    topics: [topic('customs.declarations.raw.v1', 120_500), topic('customs.declarations.accepted.v1', 120_100), topic('customs.declarations.standardized.v1', 119_950), topic('customs.declarations.enriched.v1', 119_950), topic('customs.declarations.rejected.v1', 380), topic('customs.alerts.precursors.v1', 44)],
  };
}

export function madeUpNow(troubled: boolean, alerts: boolean) {
  const minutes = Array.from({ length: 60 }, (_, place) => ({ minute: new Date(Date.now() + 3_600_000 - (59 - place) * 60_000).toISOString().slice(0, 16), declarations: 120 + Math.round(40 * Math.sin(place / 7) + 50 * drawn(`minute ${place}`)) }));
  const findings = [
    { code: 'service-halted', level: 'red', text: { en: 'standardize has halted: 61 % of 1,204 records were refused with E-VAL-NO-RATE. Load the exchange rates of today.', fr: 'standardize est arrêté : 61 % de 1 204 enregistrements refusés avec E-VAL-NO-RATE. Chargez les taux de change du jour.' }, runbook: 'stage-halted-refusals' },
    { code: 'lag', level: 'amber', text: { en: '2,447 declarations worth 179,147,317.00 CDF wait; the oldest for 5 min 41 s.', fr: '2 447 déclarations valant 179 147 317,00 CDF attendent ; la plus ancienne depuis 5 min 41 s.' }, runbook: 'lag-without-progress' },
  ];
  return {
    at: new Date().toISOString(), light: troubled ? { level: 'red', findings } : { level: 'green', findings: [] }, declarationsPerMinute: minutes.at(-1)?.declarations ?? 0, perMinute: minutes,
    revenue: { currency: 'CDF', today: '18423991250.75', lastHour: '1204551820.00', last24Hours: '28911034775.25', hourWeekEarlier: '1101380441.50', last24HoursWeekEarlier: '30120994310.00' },
    refusals: { lastHour: troubled ? 734 : 6, last24Hours: troubled ? 1_003 : 141 }, alerts: alerts ? { lastHour: 2, last24Hours: 31 } : null, newestEventAt: ago(1_800), newestEventAgeMs: 1_800, status: 'provisional',
  };
}
