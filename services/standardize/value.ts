/** Statistical value (VAL rules): CIF for imports, FOB for exports, exact until it is rounded once. */
import { AMOUNT_SCALE, powerOfTen, rescale } from '../domain/decimal';
import type { AcceptedDeclaration, Item, Money } from '../domain/declaration';
import { limits } from '../limits';
import type { Profile, ReferenceSet } from '../reference/types';
import type { Findings } from './findings';

/** Exact value in the home currency at scale 4; undefined when refused. */
export function statisticalValue(declaration: AcceptedDeclaration, item: Item, atMs: number, reference: ReferenceSet, profile: Profile, found: Findings): bigint | undefined {
  const invoice = homeAmount(item.invoiceAmount, 'invoiceAmount', atMs, reference, profile, found);
  const exact = declaration.incoterm === null ? invoice : byIncoterm(declaration, item, invoice, atMs, reference, profile, found);
  if (exact === undefined) return undefined;
  if (exact <= 0n) {
    if (declaration.natureOfTransaction === null || !reference.pack.noPaymentNatures.includes(declaration.natureOfTransaction)) {
      found.refuse('E-VAL-NONPOSITIVE', 'invoiceAmount', 'makes a statistical value of zero or less; declare an estimated value, or the nature of transaction that says nothing was paid');
      return undefined;
    }
    found.flag('D-VAL-ESTIMATED');
  }
  return exact;
}

/** Home currency only: other currencies need a rate in force on the acceptance date. */
function homeAmount(money: Money, field: string, atMs: number, reference: ReferenceSet, profile: Profile, found: Findings): bigint | undefined {
  const minorUnits = reference.currencyMinorUnits(money.currency, atMs);
  if (minorUnits === undefined) {
    found.refuse('E-VAL-CURRENCY', `${field}.currency`, 'is no ISO 4217 currency on the acceptance date');
    return undefined;
  }
  if (money.amount % powerOfTen(AMOUNT_SCALE - minorUnits) !== 0n) found.flag('W-VAL-SCALE');
  if (money.currency !== profile.currency) {
    found.refuse('E-VAL-NO-RATE', `${field}.currency`, `is ${money.currency}, for which no official rate is loaded; declare in ${profile.currency} or load the rate`);
    return undefined;
  }
  return money.amount;
}

function byIncoterm(declaration: AcceptedDeclaration, item: Item, invoice: bigint | undefined, atMs: number, reference: ReferenceSet, profile: Profile, found: Findings): bigint | undefined {
  const imports = declaration.flow === 'IMPORT';
  const missing = imports ? 'E-VAL-CIF-MISSING' : 'E-VAL-FOB-MISSING';
  const terms = reference.incoterm(declaration.incoterm ?? '');
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
    const amount = homeAmount(component, `${step.slice(1)}Amount`, atMs, reference, profile, found);
    if (value !== undefined) value = amount === undefined ? undefined : step[0] === '+' ? value + amount : value - amount;
  }
  if (steps.length > 0) found.flag('D-VAL-INCOTERM');
  return value;
}

/** Rounds an exact amount to minor units, once, half up; refuses what a double could not hold. */
export function minorUnits(exact: bigint, profile: Profile, field: string, found: Findings): number {
  const rounded = rescale(exact, AMOUNT_SCALE, profile.minorUnits);
  if (rounded > limits.amountMinorUnits || rounded < -limits.amountMinorUnits) found.refuse('E-LIMIT-AMOUNT', field, 'is larger than can be counted exactly');
  return Number(rounded);
}
