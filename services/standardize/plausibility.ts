/**
 * What is odd and kept: rules that flag and never refuse. Each names its limit in the pack, so that an
 * authority may set another one, or none.
 */
import { powerOfTen, RATE_SCALE } from '../domain/decimal';
import type { AcceptedDeclaration, Item, StandardItem } from '../domain/declaration';
import { UNSPECIFIED_COUNTRY } from '../domain/unspecified';
import type { AppliedRules } from './applied-rules';
import type { Findings } from './findings';
import { ELECTRICITY_HS6 } from './quantity';
import { add, converted, declared, negative, type Exact } from './value';

/** VAL.05 and VAL.06: imports should let their FOB value be known, and freight and insurance be no large part of it. */
export function checkCharges({ flow, transportMode }: AcceptedDeclaration, item: Item, value: Exact, rules: AppliedRules, found: Findings): void {
  if (flow !== 'IMPORT') return;
  if (item.freightAmount === null || item.insuranceAmount === null) {
    found.flag('W-VAL-NO-FOB-IMPORT');
    return;
  }
  const [freight, insurance] = [converted(item.freightAmount, rules), converted(item.insuranceAmount, rules)];
  if (!freight || !insurance) return;
  const charges = add(freight, insurance);
  const { units: fob, scale } = add(value, negative(charges));
  const limit = rules.inForce.chargesLimit(item.commodityCode.slice(0, 2), transportMode);
  const scaledCharges = charges.units * powerOfTen(scale - charges.scale);
  if (limit !== undefined && (scaledCharges < 0n || fob <= 0n || scaledCharges * powerOfTen(RATE_SCALE + 2) > fob * limit)) found.flag('W-VAL-CIFFOB-RATIO');
}

/** VAL.10: taxes belong to no statistical value. */
export function checkTaxInValue(item: Item, value: Exact, { inForce, profile }: AppliedRules, found: Findings): void {
  const duty = item.taxes.find(({ type }) => inForce.valueTaxes.has(type));
  if (!duty) return;
  const assessed = item.taxes.reduce((sum, tax) => (inForce.pack.taxes.total.includes(tax.type) ? sum : sum + tax.assessed), 0n);
  if (assessed <= 0n) return;
  const { units, scale } = add(value, negative(declared(duty.base + assessed)));
  const minorUnit = powerOfTen(scale - profile.minorUnits);
  if (units <= minorUnit && units >= -minorUnit) found.flag('W-VAL-TAX-IN-VALUE');
}

/** UNIT.04 to UNIT.07: masses and quantities, as they are counted, against each other and against the bands of the pack. */
export function checkQuantities(item: Item, { hs6, netMassGrams: grams, quantity }: Pick<StandardItem, 'hs6' | 'netMassGrams' | 'quantity'>, value: number | undefined, { inForce: { pack } }: AppliedRules, found: Findings): void {
  if (hs6 === ELECTRICITY_HS6 && item.netMassKg > 0n) found.flag('W-QTY-ELECTRICITY-MASS');
  if (quantity?.unit === 'KGM' && quantity.thousandths !== grams) found.flag('W-QTY-KG-NE-NET');
  const band = pack.bands.find((row) => hs6.startsWith(row.hs));
  if (!band) return;
  if (band.kgPerUnit && quantity && quantity.unit !== 'KGM' && quantity.thousandths > 0 && outside(grams / quantity.thousandths, band.kgPerUnit)) found.flag('W-QTY-KG-PER-UNIT');
  if (band.valuePerKg && value !== undefined && grams > 0 && outside((value / grams) * 1_000, band.valuePerKg)) found.flag('W-UV-OUTLIER');
}

const outside = (ratio: number, { least, most }: { readonly least: number; readonly most: number }): boolean => ratio < least || ratio > most;

/** COV.04 and COV.05: returned goods, and goods that count by change of ownership. PTR.08: goods of foreign origin that leave. */
export function checkFlow({ flow, natureOfTransaction: nature }: AcceptedDeclaration, item: Item, { inForce: { pack }, profile }: AppliedRules, found: Findings): void {
  if (nature !== null && pack.returnNatures.includes(nature)) found.flag('D-FLOW-RETURN');
  if (pack.ownershipGoods.some((hs) => item.commodityCode.startsWith(hs)) && (nature === null || !pack.ownershipNatures.includes(nature))) found.flag('W-COV-OWNERSHIP');
  if (flow === 'EXPORT' && item.originCountry !== profile.reporter && item.originCountry !== UNSPECIFIED_COUNTRY) found.flag('D-FLOW-REEXPORT');
}

/** REV.04: a preferential regime needs a proof of origin. */
export function checkPreference({ preference, documents }: Item, { inForce: { pack } }: AppliedRules, found: Findings): void {
  if (preference === null || !pack.preferences.some((pattern) => fits(pattern, preference))) return;
  if (!documents.some(({ type }) => pack.documentTypes.originProof.includes(type))) found.flag('W-REV-PREF-NO-PROOF');
}

/** A dot stands for any character. */
const fits = (pattern: string, code: string): boolean => pattern.length === code.length && [...pattern].every((sign, index) => sign === '.' || sign === code[index]);
