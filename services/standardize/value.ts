/**
 * Statistical value (VAL rules): CIF for imports, FOB for exports, exact until it is rounded once. Amounts in
 * home currency keep their four decimals; one in another currency brings the decimals of its rate with it.
 */
import { AMOUNT_SCALE, powerOfTen, rescale } from '../domain/decimal';
import type { AcceptedDeclaration, Item, Money } from '../domain/declaration';
import { DAY_MS } from '../domain/period';
import { limits } from '../limits';
import { EXCHANGE_RATE_SCALE, type Profile } from '../reference/types';
import type { AppliedRules } from './applied-rules';
import type { Findings } from './findings';

/** An exact amount of the home currency: units of 10^-scale. */
export interface Exact { readonly units: bigint; readonly scale: number }

export const add = (left: Exact, right: Exact): Exact => {
  const scale = Math.max(left.scale, right.scale);
  return { units: rescale(left.units, left.scale, scale) + rescale(right.units, right.scale, scale), scale };
};
export const negative = ({ units, scale }: Exact): Exact => ({ units: -units, scale });
/** An amount of the home currency, as declared. */
export const declared = (units: bigint): Exact => ({ units, scale: AMOUNT_SCALE });

/** Exact value in the home currency; undefined when refused. */
export function statisticalValue(declaration: AcceptedDeclaration, item: Item, rules: AppliedRules, found: Findings): Exact | undefined {
  const { pack } = rules.inForce;
  const invoice = homeAmount(item.invoiceAmount, 'invoiceAmount', rules, found);
  const exact = declaration.incoterm === null ? invoice : byIncoterm(declaration, item, invoice, rules, found);
  if (exact === undefined) return undefined;
  if (exact.units <= 0n) {
    if (declaration.natureOfTransaction === null || !pack.noPaymentNatures.includes(declaration.natureOfTransaction)) {
      found.refuse('E-VAL-NONPOSITIVE', 'invoiceAmount', 'makes a statistical value of zero or less; declare an estimated value, or the nature of transaction that says nothing was paid');
      return undefined;
    }
    found.flag('D-VAL-ESTIMATED');
  }
  return exact;
}

/** In home currency, by the official rate in force on the acceptance date where it is declared in another one (VAL.08, VAL.09). */
function homeAmount(money: Money, field: string, rules: AppliedRules, found: Findings): Exact | undefined {
  const { inForce, profile, atMs } = rules;
  const decimals = inForce.currencyMinorUnits(money.currency);
  if (decimals === undefined) {
    found.refuse('E-VAL-CURRENCY', `${field}.currency`, 'is no ISO 4217 currency on the acceptance date');
    return undefined;
  }
  if (money.amount % powerOfTen(AMOUNT_SCALE - decimals) !== 0n) found.flag('W-VAL-SCALE');
  const exact = converted(money, rules);
  if (exact === undefined) found.refuse('E-VAL-NO-RATE', `${field}.currency`, `is ${money.currency}, for which no official rate of that day is loaded; declare in ${profile.currency} or load the rate`);
  else if (money.currency !== profile.currency) {
    found.flag('D-VAL-CONVERTED');
    const rate = inForce.exchangeRate(money.currency);
    if (rate && atMs - rate.sinceMs >= inForce.pack.rateStaleDays * DAY_MS) found.flag('W-VAL-RATE-STALE');
  }
  return exact;
}

/** Undefined: there is no rate. */
export function converted({ amount, currency }: Money, { inForce, profile }: AppliedRules): Exact | undefined {
  if (currency === profile.currency) return declared(amount);
  const rate = inForce.exchangeRate(currency);
  return rate && { units: amount * rate.homePerUnit, scale: AMOUNT_SCALE + EXCHANGE_RATE_SCALE };
}

function byIncoterm(declaration: AcceptedDeclaration, item: Item, invoice: Exact | undefined, rules: AppliedRules, found: Findings): Exact | undefined {
  const imports = declaration.flow === 'IMPORT';
  const missing = imports ? 'E-VAL-CIF-MISSING' : 'E-VAL-FOB-MISSING';
  const terms = rules.inForce.incoterm(declaration.incoterm ?? '');
  if (!terms) {
    found.refuse(missing, 'incoterm', 'is no Incoterm: the value cannot be derived from the invoice');
    return undefined;
  }
  let value = invoice;
  const steps = imports ? terms.importCif : terms.exportFob;
  for (const step of steps) {
    const component = step.slice(1) === 'freight' ? item.freightAmount : item.insuranceAmount;
    if (component === null) {
      found.refuse(missing, `${step.slice(1)}Amount`, `is needed to derive the value from a ${terms.code} invoice`);
      value = undefined;
      continue;
    }
    const amount = homeAmount(component, `${step.slice(1)}Amount`, rules, found);
    if (value !== undefined) value = amount === undefined ? undefined : add(value, step[0] === '+' ? amount : negative(amount));
  }
  if (steps.length > 0) found.flag('D-VAL-INCOTERM');
  return value;
}

/** Rounds an exact amount to minor units, once, half up; refuses what a double could not hold. */
export function minorUnits({ units, scale }: Exact, profile: Profile, field: string, found: Findings): number {
  const rounded = rescale(units, scale, profile.minorUnits);
  if (rounded > limits.amountMinorUnits || rounded < -limits.amountMinorUnits) found.refuse('E-LIMIT-AMOUNT', field, 'is larger than can be counted exactly');
  return Number(rounded);
}
