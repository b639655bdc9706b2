/**
 * Is the declaration usable at all? Identity, structure, magnitudes and dates only: what a code means is
 * for standardize to judge. Party ids end here and go on as keyed tokens.
 */
import { AMOUNT_SCALE, MEASURE_SCALE, powerOfTen } from '../domain/decimal';
import type { AcceptedDeclaration, Item, Origin, RawDeclaration } from '../domain/declaration';
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
  if (found.refusals.length > 0) {
    const { declarationId, version, office, occurredAt } = raw;
    return { kind: 'reject', refusals: found.refusals, identity: { declarationId, version, office, occurredAt } };
  }
  const { declarantId, traderId, counterpartyId, ...declared } = raw;
  return {
    kind: 'emit', key: raw.declarationId, alerts: noAlerts,
    addition: {
      ...declared, origin,
      declarantToken: pseudonymise('declarant', declarantId),
      traderToken: pseudonymise('trader', traderId),
      counterpartyToken: counterpartyId === null ? null : pseudonymise('counterparty', counterpartyId),
    },
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
  raw.payments.forEach(({ paidAt }, index) => checkDate(`payments[${index}].paidAt`, paidAt, origin, found));
}

/** The clock is the broker's: a replay a year later must judge as live did. */
function checkDate(field: string, at: number, origin: Origin, found: Findings): void {
  if (at > origin.timestamp + limits.futureToleranceMs) found.add('E-TIME-FUTURE', field, 'lies more than 24 hours after the record arrived at the broker');
  else if (at < limits.earliestDateMs) found.add('E-TIME-PAST', field, 'lies before 1988');
}

function checkPayments(raw: RawDeclaration, found: Findings): void {
  if (raw.payments.length > limits.paymentsPerDeclaration) found.add('E-LIMIT-COUNT', 'payments', `are ${raw.payments.length}, at most ${limits.paymentsPerDeclaration} are allowed`);
  raw.payments.forEach(({ amount, taxType }, index) => {
    checkAmount(`payments[${index}].amount`, amount, found);
    checkCode(`payments[${index}].taxType`, taxType, found);
  });
}

function checkItems(raw: RawDeclaration, found: Findings): void {
  if (raw.items.length === 0) found.add('E-ITEM-MISSING', 'items', 'is empty');
  if (raw.items.length > limits.itemsPerDeclaration) found.add('E-LIMIT-COUNT', 'items', `are ${raw.items.length}, at most ${limits.itemsPerDeclaration} are allowed`);
  if (raw.items.length > 1 && new Set(raw.items.map(({ itemNumber }) => itemNumber)).size < raw.items.length) found.add('E-ITEM-NUMBER', 'items', 'two items have the same number');
  raw.items.forEach((item, index) => checkItem(item, `items[${index}]`, found));
}

function checkItem(item: Item, at: string, found: Findings): void {
  if (item.itemNumber < 1) found.add('E-ITEM-NUMBER', `${at}.itemNumber`, `is ${item.itemNumber}; items count from 1`);
  checkAmount(`${at}.invoiceAmount`, item.invoiceAmount.amount, found);
  if (item.freightAmount) checkAmount(`${at}.freightAmount`, item.freightAmount.amount, found);
  if (item.insuranceAmount) checkAmount(`${at}.insuranceAmount`, item.insuranceAmount.amount, found);
  checkMeasure(`${at}.netMassKg`, item.netMassKg, found);
  if (item.supplementaryQuantity) checkMeasure(`${at}.supplementaryQuantity`, item.supplementaryQuantity.value, found);
  if (item.taxes.length > limits.taxesPerItem) found.add('E-LIMIT-COUNT', `${at}.taxes`, `are ${item.taxes.length}, at most ${limits.taxesPerItem} are allowed`);
  for (const [index, tax] of item.taxes.entries()) {
    checkCode(`${at}.taxes[${index}].type`, tax.type, found);
    checkAmount(`${at}.taxes[${index}].base`, tax.base, found);
    checkAmount(`${at}.taxes[${index}].assessed`, tax.assessed, found);
    checkAmount(`${at}.taxes[${index}].relief`, tax.relief, found);
  }
}

function checkCode(field: string, code: string, found: Findings): void {
  if (code === '' || code.length > limits.codeLength) found.add('E-ID-LENGTH', field, `has ${code.length} characters, 1 to ${limits.codeLength} are allowed`);
}

function checkAmount(field: string, amount: bigint, found: Findings): void {
  if (amount > largestAmount || amount < -largestAmount) found.add('E-LIMIT-AMOUNT', field, 'is larger than can be counted exactly');
}

function checkMeasure(field: string, measure: bigint, found: Findings): void {
  if (measure > largestMeasure || measure < -largestMeasure) found.add('E-LIMIT-QUANTITY', field, 'is larger than can be counted exactly');
}
