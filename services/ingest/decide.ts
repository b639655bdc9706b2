/**
 * Is the declaration usable at all? Identity, structure, magnitudes and dates only: what a code means is
 * for standardize to judge. Party ids end here and go on as keyed tokens.
 */
import { AMOUNT_SCALE, MEASURE_SCALE, powerOfTen } from '../domain/decimal';
import type { AcceptedDeclaration, Item, Origin, Payment, RawDeclaration, Tax } from '../domain/declaration';
import type { Outcome, Refusal } from '../domain/outcome';
import type { ResultCode } from '../domain/result-codes';
import { limits } from '../limits';

export type Pseudonymise = (purpose: 'declarant' | 'trader' | 'counterparty', id: string) => string;

/** In units of the second decimal, which most currencies have; standardize judges the home currency exactly. */
const largestAmount = limits.amountMinorUnits * powerOfTen(AMOUNT_SCALE - 2);
const largestMeasure = limits.quantityThousandths * powerOfTen(MEASURE_SCALE - 3);
const noAlerts: readonly never[] = [];

class Findings {
  readonly refusals: Refusal[] = [];
  add(code: ResultCode, field: string, message: string): void { this.refusals.push({ code, field, message }); }
}

const damaged = (text: string): boolean => text.includes('\ufffd') || text.includes('\0');

/** Emits the declaration with tokens in place of party ids, or everything that makes it unusable. */
export function decideIngest(raw: RawDeclaration, origin: Origin, pseudonymise: Pseudonymise): Outcome<AcceptedDeclaration> {
  const found = new Findings();
  checkIdentity(raw, found);
  checkDates(raw, origin, found);
  checkPayments(raw, found);
  if (raw.status !== 'CANCELLED') checkItems(raw, found);
  checkRows(raw, found);
  if (found.refusals.length > 0) {
    const { declarationId, version, office, occurredAt } = raw;
    return { kind: 'reject', refusals: found.refusals, identity: { declarationId, version, office, occurredAt } };
  }
  return { kind: 'emit', key: raw.declarationId, alerts: noAlerts, addition: acceptedOf(raw, origin, pseudonymise) };
}

/** Field by field: a copy with exceptions costs ten times as much. */
function acceptedOf(raw: RawDeclaration, origin: Origin, pseudonymise: Pseudonymise): AcceptedDeclaration {
  return {
    origin, eventId: raw.eventId, declarationId: raw.declarationId, version: raw.version, status: raw.status,
    occurredAt: raw.occurredAt, acceptedAt: raw.acceptedAt, office: raw.office, flow: raw.flow, procedure: raw.procedure,
    natureOfTransaction: raw.natureOfTransaction, incoterm: raw.incoterm, transportMode: raw.transportMode, partnerCountry: raw.partnerCountry,
    declarantToken: pseudonymise('declarant', raw.declarantId),
    traderToken: pseudonymise('trader', raw.traderId),
    counterpartyToken: raw.counterpartyId === null ? null : pseudonymise('counterparty', raw.counterpartyId),
    items: raw.items, payments: raw.payments,
  };
}

function checkIdentity(raw: RawDeclaration, found: Findings): void {
  checkText('declarationId', raw.declarationId, limits.declarationIdLength, found);
  checkText('eventId', raw.eventId, limits.eventIdLength, found);
  checkText('office', raw.office, limits.codeLength, found);
  if (raw.version < 1) found.add('E-ID-MISSING', 'version', `is ${raw.version}; versions count from 1`);
}

function checkText(field: string, text: string, length: number, found: Findings): void {
  if (text === '') found.add('E-ID-MISSING', field, 'is empty');
  else if (damaged(text)) found.add('E-DECODE-CONTENT', field, 'holds bytes that are not UTF-8');
  else if (text.length > length) found.add('E-ID-LENGTH', field, `has ${text.length} characters, at most ${length} are allowed`);
}

function checkDates(raw: RawDeclaration, origin: Origin, found: Findings): void {
  checkDate('occurredAt', raw.occurredAt, origin, found);
  if (raw.acceptedAt !== null) checkDate('acceptedAt', raw.acceptedAt, origin, found);
  else if (raw.status === 'ACCEPTED' || raw.status === 'RELEASED') found.add('E-TIME-ACCEPTANCE-MISSING', 'acceptedAt', `is null although the status is ${raw.status}`);
  for (let index = 0; index < raw.payments.length; index++) {
    const { paidAt } = raw.payments[index] as Payment;
    if (paidAt > origin.timestamp + limits.futureToleranceMs || paidAt < limits.earliestDateMs) checkDate(`payments[${index}].paidAt`, paidAt, origin, found);
  }
}

/** The clock is the broker's: a replay a year later must judge as live did. */
function checkDate(field: string, at: number, origin: Origin, found: Findings): void {
  if (at > origin.timestamp + limits.futureToleranceMs) found.add('E-TIME-FUTURE', field, 'lies more than 24 hours after the record arrived at the broker');
  else if (at < limits.earliestDateMs) found.add('E-TIME-PAST', field, 'lies before 1988');
}

function checkPayments(raw: RawDeclaration, found: Findings): void {
  if (raw.payments.length > limits.paymentsPerDeclaration) found.add('E-LIMIT-COUNT', 'payments', `are ${raw.payments.length}, at most ${limits.paymentsPerDeclaration} are allowed`);
  raw.payments.forEach(({ amount, taxType }, index) => {
    if (tooLarge(amount, largestAmount)) found.add('E-LIMIT-AMOUNT', `payments[${index}].amount`, uncountable);
    if (unusableCode(taxType)) addCode(taxType, `payments[${index}].taxType`, found);
  });
}

/** Each tax line and each item's share of each payment is a row. All rows of a declaration change in one script, which nobody may cut. */
function checkRows({ items, payments }: RawDeclaration, found: Findings): void {
  let taxLines = 0;
  for (let index = 0; index < items.length; index++) taxLines += (items[index] as Item).taxes.length;
  const rows = taxLines + items.length * payments.length;
  if (rows > limits.revenueRowsPerDeclaration) found.add('E-LIMIT-COUNT', 'items', `make ${rows} rows of revenue (${taxLines} tax lines, and ${items.length} items that share ${payments.length} payments), at most ${limits.revenueRowsPerDeclaration} (revenueRowsPerDeclaration) are allowed`);
  if (taxLines + payments.length <= limits.taxTypesPerDeclaration) return;
  const types = new Set(payments.map(({ taxType }) => taxType));
  for (const { taxes } of items) for (const { type } of taxes) types.add(type);
  if (types.size > limits.taxTypesPerDeclaration) found.add('E-LIMIT-COUNT', 'items', `and payments name ${types.size} types of tax, at most ${limits.taxTypesPerDeclaration} (taxTypesPerDeclaration) are allowed`);
}

function checkItems(raw: RawDeclaration, found: Findings): void {
  if (raw.items.length === 0) found.add('E-ITEM-MISSING', 'items', 'is empty');
  if (raw.items.length > limits.itemsPerDeclaration) found.add('E-LIMIT-COUNT', 'items', `are ${raw.items.length}, at most ${limits.itemsPerDeclaration} are allowed`);
  if (raw.items.length > 1 && new Set(raw.items.map(({ itemNumber }) => itemNumber)).size < raw.items.length) found.add('E-ITEM-NUMBER', 'items', 'two items have the same number');
  for (let index = 0; index < raw.items.length; index++) checkItem(raw.items[index] as Item, index, found);
}

/** Names of fields are put together only where something is wrong: millions of items are not. */
function checkItem(item: Item, index: number, found: Findings): void {
  const at = (field: string): string => `items[${index}].${field}`;
  if (item.itemNumber < 1) found.add('E-ITEM-NUMBER', at('itemNumber'), `is ${item.itemNumber}; items count from 1`);
  if (tooLarge(item.invoiceAmount.amount, largestAmount)) found.add('E-LIMIT-AMOUNT', at('invoiceAmount'), uncountable);
  if (item.freightAmount && tooLarge(item.freightAmount.amount, largestAmount)) found.add('E-LIMIT-AMOUNT', at('freightAmount'), uncountable);
  if (item.insuranceAmount && tooLarge(item.insuranceAmount.amount, largestAmount)) found.add('E-LIMIT-AMOUNT', at('insuranceAmount'), uncountable);
  if (tooLarge(item.netMassKg, largestMeasure)) found.add('E-LIMIT-QUANTITY', at('netMassKg'), uncountable);
  if (item.supplementaryQuantity && tooLarge(item.supplementaryQuantity.value, largestMeasure)) found.add('E-LIMIT-QUANTITY', at('supplementaryQuantity'), uncountable);
  if (item.taxes.length > limits.taxesPerItem) found.add('E-LIMIT-COUNT', at('taxes'), `are ${item.taxes.length}, at most ${limits.taxesPerItem} are allowed`);
  for (let line = 0; line < item.taxes.length; line++) checkTax(item.taxes[line] as Tax, (field) => at(`taxes[${line}].${field}`), found);
}

function checkTax({ type, base, assessed, relief }: Tax, at: (field: string) => string, found: Findings): void {
  if (unusableCode(type)) addCode(type, at('type'), found);
  if (tooLarge(base, largestAmount)) found.add('E-LIMIT-AMOUNT', at('base'), uncountable);
  if (tooLarge(assessed, largestAmount)) found.add('E-LIMIT-AMOUNT', at('assessed'), uncountable);
  if (tooLarge(relief, largestAmount)) found.add('E-LIMIT-AMOUNT', at('relief'), uncountable);
}

const tooLarge = (amount: bigint, largest: bigint): boolean => amount > largest || amount < -largest;
const uncountable = 'is larger than can be counted exactly';
/** No table says which types of tax there are: only their form is checked, and how many one declaration names. */
const unusableCode = (code: string): boolean => code === '' || code.length > limits.codeLength || damaged(code);
function addCode(code: string, field: string, found: Findings): void {
  if (damaged(code)) found.add('E-DECODE-CONTENT', field, 'holds bytes that are not UTF-8');
  else found.add('E-ID-LENGTH', field, `has ${code.length} characters, 1 to ${limits.codeLength} are allowed`);
}
