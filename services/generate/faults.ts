/**
 * Faults that an event in the JSON form can express, each with the code that it must be refused with, the
 * first by stage, item and rule. What JSON cannot express (damaged Avro, alien schemas) is not here.
 */
import type { Profile } from '../reference/types';
import { minorOf, type DraftEvent, type DraftItem } from './draft';

export interface Fault {
  readonly name: string;
  readonly stage: 'ingest' | 'standardize';
  readonly code: string;
  /** Spoils an event that is in order; it may change everything but `office`. */
  readonly apply: (event: DraftEvent, profile: Profile) => void;
}

const first = (event: DraftEvent): DraftItem => event.items[0] as DraftItem;
/** An amount beyond 10^15 minor units even of currencies with two decimals (0.0001). */
const ABSURD_AMOUNT = 5e17;
/** 9 × 10^9 of a unit (0.000001): within the limit as it stands, in kilograms it is not. */
const ABSURD_QUANTITY = 9e15;
const LAST_DAY_OF_1987 = Date.UTC(1987, 11, 31, 12);
const FAR_FUTURE = Date.UTC(2099, 0, 1);

const ingestFaults: readonly Fault[] = ([
  ['no declaration id', 'E-ID-MISSING', (event) => { event.declarationId = ''; }],
  ['version 0', 'E-ID-MISSING', (event) => { event.version = 0; }],
  ['no event id', 'E-ID-MISSING', (event) => { event.eventId = ''; }],
  ['event id too long', 'E-ID-LENGTH', (event) => { event.eventId = event.eventId.padEnd(140, 'x'); }],
  ['declaration id too long', 'E-ID-LENGTH', (event) => { event.declarationId = event.declarationId.padEnd(90, '9'); }],
  ['tax type empty', 'E-ID-LENGTH', (event) => { first(event).taxes = [{ type: '', base: 0, rate: null, assessed: 0, relief: 0 }]; }],
  ['bytes that are not UTF-8', 'E-DECODE-CONTENT', (event) => { event.eventId += '\ufffd'; }],
  ['a NUL', 'E-DECODE-CONTENT', (event) => { event.eventId += '\0'; }],
  ['no items', 'E-ITEM-MISSING', (event) => { event.items = []; }],
  ['item number twice', 'E-ITEM-NUMBER', (event) => { event.items.push({ ...first(event) }); }],
  ['item number 0', 'E-ITEM-NUMBER', (event) => { first(event).itemNumber = 0; }],
  ['hundred tax lines', 'E-LIMIT-COUNT', (event) => { first(event).taxes = Array.from({ length: 100 }, () => ({ type: 'CUD', base: 0, rate: null, assessed: 0, relief: 0 })); }],
  ['absurd amount', 'E-LIMIT-AMOUNT', (event) => { first(event).invoice = ABSURD_AMOUNT; }],
  ['absurd payment', 'E-LIMIT-AMOUNT', (event) => { event.payments = [{ taxType: 'VAT', kind: 'PAYMENT', amount: ABSURD_AMOUNT, paidAt: event.occurredAt }]; }],
  ['came into being in the future', 'E-TIME-FUTURE', (event) => { event.occurredAt = FAR_FUTURE; }],
  ['accepted in the future', 'E-TIME-FUTURE', (event) => { event.acceptedAt = FAR_FUTURE; }],
  ['accepted before 1988', 'E-TIME-PAST', (event) => { event.acceptedAt = LAST_DAY_OF_1987; }],
  ['came into being before 1988', 'E-TIME-PAST', (event) => { event.occurredAt = LAST_DAY_OF_1987; }],
  ['no acceptance date', 'E-TIME-ACCEPTANCE-MISSING', (event) => { event.acceptedAt = null; }],
] satisfies [string, string, Fault['apply']][]).map(([name, code, apply]) => ({ name, stage: 'ingest', code, apply }));

const standardizeFaults: readonly Fault[] = ([
  ['unknown terms of an import', 'E-VAL-CIF-MISSING', (event, profile) => { event.flow = 'IMPORT'; abroad(event, profile); event.incoterm = 'XXX'; }],
  ['FOB import without freight', 'E-VAL-CIF-MISSING', (event, profile) => { event.flow = 'IMPORT'; abroad(event, profile); event.incoterm = 'FOB'; for (const item of event.items) item.freight = null; }],
  ['CIF export without insurance', 'E-VAL-FOB-MISSING', (event, profile) => { event.flow = 'EXPORT'; abroad(event, profile); event.incoterm = 'CIF'; for (const item of event.items) [item.freight, item.insurance] = [0, null]; }],
  ['value of zero', 'E-VAL-NONPOSITIVE', (event) => { event.incoterm = null; event.nature = '11'; first(event).invoice = 0; }],
  ['value below zero', 'E-VAL-NONPOSITIVE', (event) => { event.incoterm = null; event.nature = null; first(event).invoice = -10_000; }],
  ['no currency', 'E-VAL-CURRENCY', (event) => { first(event).currency = ''; }],
  ['a currency that is none', 'E-VAL-CURRENCY', (event) => { first(event).currency = 'ZZZ'; }],
  ['a currency without a rate', 'E-VAL-NO-RATE', (event) => { Object.assign(first(event), { currency: 'MVR', invoice: 1_000_000 }); }],
  ['unknown procedure', 'E-CPC-UNMAPPED', (event) => { event.procedure = '9999'; }],
  ['malformed procedure', 'E-CPC-UNMAPPED', (event) => { event.procedure = '40'; }],
  ['unknown mode of transport', 'E-MOT-CODE', (event) => { event.transportMode = 'X'; }],
  ['unknown partner', 'E-PTR-CODE', (event) => { event.partner = 'QX'; }],
  ['unknown origin', 'E-PTR-CODE', (event) => { first(event).origin = 'XX'; }],
  ['no origin', 'E-PTR-ORIGIN-MISSING', (event) => { first(event).origin = ''; }],
  ['no destination', 'E-PTR-DEST-MISSING', (event) => { Object.assign(event, { flow: 'EXPORT', incoterm: null, partner: '' }); untaxed(event); }],
  ['export to oneself', 'E-PTR-SELF', (event, profile) => { Object.assign(event, { flow: 'EXPORT', incoterm: null, partner: profile.reporter }); untaxed(event); }],
  ['mass below zero', 'E-QTY-NONPOSITIVE', (event) => { first(event).netMass = -1_500_000; }],
  ['quantity below zero', 'E-QTY-NONPOSITIVE', (event) => { first(event).quantity = { unit: 'C62', value: -1_000_000 }; }],
  ['tonnes whose kilograms are beyond counting', 'E-LIMIT-QUANTITY', (event) => { first(event).quantity = { unit: 'TNE', value: ABSURD_QUANTITY }; }],
  ['boxes for a unit', 'E-UNIT-PACKAGING', (event) => { first(event).quantity = { unit: 'BX', value: 2_000_000 }; }],
  ['unknown heading', 'E-HS-UNKNOWN', (event) => { first(event).commodityCode = '009912'; }],
  ['too few digits', 'E-HS-UNKNOWN', (event) => { first(event).commodityCode = '87032'; }],
  ['letters in the code', 'E-HS-UNKNOWN', (event) => { first(event).commodityCode = '87O323'; }],
  ['duty that is not base × rate', 'E-REV-ARITH', (event, profile) => { duty(event, profile).assessed += 2 * minorOf(profile); }],
  ['base that is not the value', 'E-REV-BASE', (event, profile) => { const tax = duty(event, profile); Object.assign(tax, { base: tax.base + 10 * minorOf(profile), rate: 0, assessed: 0 }); }],
  ['total beside its parts', 'E-REV-TOTAL-CODE', (event, profile) => { duty(event, profile); first(event).taxes.push({ type: 'TOT', base: 0, rate: null, assessed: 0, relief: 0 }); }],
] satisfies [string, string, Fault['apply']][]).map(([name, code, apply]) => ({ name, stage: 'standardize', code, apply }));

export const faults: readonly Fault[] = [...ingestFaults, ...standardizeFaults];

/** A partner that an export may have too. */
const abroad = (event: DraftEvent, profile: Profile): void => { if (event.partner === profile.reporter) event.partner = 'ZZ'; };
const untaxed = (event: DraftEvent): void => { for (const item of event.items) item.taxes = []; };

/** The first item with one line of duty and nothing else, in order, on a value equal to the invoice. */
function duty(event: DraftEvent, profile: Profile): DraftItem['taxes'][number] {
  event.incoterm = null;
  untaxed(event);
  const item = first(event);
  item.invoice = 1_000_000 * minorOf(profile);
  const tax = { type: 'CUD', base: item.invoice, rate: 1_000, assessed: item.invoice / 10, relief: 0 };
  item.taxes = [tax];
  return tax;
}
