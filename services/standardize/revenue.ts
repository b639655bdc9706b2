/** Duty and tax lines, and payments (REV rules). Checked on declared, unrounded amounts, due before relief. */
import { AMOUNT_SCALE, divideHalfUp, powerOfTen, RATE_SCALE } from '../domain/decimal';
import type { AcceptedDeclaration, Item, Payment, StandardPayment, StandardTax, Tax } from '../domain/declaration';
import type { InForce, Profile } from '../reference/types';
import type { AppliedRules } from './applied-rules';
import type { Findings } from './findings';
import { add, declared, minorUnits, negative, type Exact } from './value';

/** Base × rate has both scales, and two more digits for the per cent. */
const PRODUCT_SCALE = AMOUNT_SCALE + RATE_SCALE + 2;
const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);
const noTaxes: readonly StandardTax[] = [];

/** Rounds the lines of an item, each once. `value`: exact statistical value, undefined when it was refused. */
export function standardTaxes(item: Item, value: Exact | undefined, { inForce, profile }: AppliedRules, found: Findings): readonly StandardTax[] {
  if (item.taxes.length === 0) return noTaxes;
  return item.taxes.map((tax, index): StandardTax => {
    const field = `taxes[${index}]`;
    if (inForce.pack.taxes.total.includes(tax.type)) {
      if (item.taxes.length > 1) found.refuse('E-REV-TOTAL-CODE', `${field}.type`, `is ${tax.type}, a total, beside its parts; leave it out`);
    } else if (tax.ratePercent !== null) {
      checkArithmetic(tax, tax.ratePercent, field, profile, found);
      if (value !== undefined) checkBase(item, tax, value, field, inForce, profile, found);
    }
    return {
      type: tax.type,
      assessed: minorUnits(declared(tax.assessed), profile, `${field}.assessed`, found),
      relief: minorUnits(declared(tax.relief), profile, `${field}.relief`, found),
      code: lineCode(tax.type, inForce, profile),
    };
  });
}

const lineCode = (type: string, { pack: { taxes } }: InForce, profile: Profile): StandardTax['code'] => {
  if (taxes.total.includes(type)) return 'X-REV-TOTAL';
  if (profile.depositTaxTypes.includes(type)) return 'X-REV-SECURITY';
  return taxes.nonTax.includes(type) ? 'X-REV-NONTAX' : null;
};

/** REV.01: assessed = base × rate, within one minor unit. */
function checkArithmetic(tax: Tax, rate: bigint, field: string, profile: Profile, found: Findings): void {
  const exact = tax.base * rate;
  const difference = magnitude(tax.assessed * powerOfTen(PRODUCT_SCALE - AMOUNT_SCALE) - exact);
  if (difference > powerOfTen(PRODUCT_SCALE - profile.minorUnits)) {
    found.refuse('E-REV-ARITH', `${field}.assessed`, 'is not base × rate by more than one minor unit');
    return;
  }
  const due = divideHalfUp(exact, powerOfTen(PRODUCT_SCALE - profile.minorUnits));
  if (divideHalfUp(tax.assessed, powerOfTen(AMOUNT_SCALE - profile.minorUnits)) !== due) found.flag('W-REV-ARITH');
}

/** REV.02: the base is the value and what is assessed of the taxes that belong to it, within one minor unit. */
function checkBase(item: Item, tax: Tax, value: Exact, field: string, inForce: InForce, profile: Profile, found: Findings): void {
  const chain = inForce.pack.baseChains.find((row) => row.tax === tax.type);
  if (!chain) return;
  let base = value;
  for (const other of item.taxes) if (chain.adds.includes(other.type)) base = add(base, declared(other.assessed));
  const difference = add(declared(tax.base), negative(base));
  if (magnitude(difference.units) > powerOfTen(difference.scale - profile.minorUnits)) {
    found.refuse('E-REV-BASE', `${field}.base`, `is not the customs value${chain.adds.map((type) => ` + ${type}`).join('')}`);
  }
}

/** Payments that count, rounded; totals are left out beside their parts. */
export function standardPayments({ payments }: AcceptedDeclaration, { inForce, profile }: AppliedRules, found: Findings): StandardPayment[] {
  checkRefunds(payments, found);
  return payments.flatMap((payment, index): StandardPayment[] => (inForce.pack.taxes.total.includes(payment.taxType) ? [] : [{
    taxType: payment.taxType,
    measure: measureOf(payment, profile),
    amount: minorUnits(declared(payment.amount), profile, `payments[${index}].amount`, found),
    paidAt: payment.paidAt,
  }]));
}

/** REV.07. Flagged and counted: the payment may stand in another declaration, and money that moved must not get lost. */
function checkRefunds(payments: readonly Payment[], found: Findings): void {
  if (!payments.some(({ kind }) => kind === 'REFUND')) return;
  const paid = new Map<string, bigint>();
  for (const { kind, taxType, amount } of payments) if (kind === 'PAYMENT') paid.set(taxType, (paid.get(taxType) ?? 0n) + amount);
  const left = new Map(paid);
  for (const { kind, taxType, amount } of payments) {
    if (kind !== 'REFUND') continue;
    left.set(taxType, (left.get(taxType) ?? 0n) - amount);
    if (!paid.has(taxType)) found.flag('W-REV-REFUND-ORPHAN');
    else if ((left.get(taxType) as bigint) < 0n) found.flag('W-REV-REFUND-GT-PAID');
  }
}

function measureOf({ kind, taxType }: Payment, profile: Profile): StandardPayment['measure'] {
  if (kind === 'DEPOSIT' || profile.depositTaxTypes.includes(taxType)) return 'DEPOSITS';
  return kind === 'REFUND' ? 'REFUNDED' : 'COLLECTED';
}
