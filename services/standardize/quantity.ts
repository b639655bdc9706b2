/** Net mass and statistical quantity (UNIT rules), in thousandths. */
import { COUNTED_MEASURE_SCALE, divideHalfUp, MEASURE_SCALE, powerOfTen, rescale } from '../domain/decimal';
import type { Item, StandardItem } from '../domain/declaration';
import { limits } from '../limits';
import type { InForce } from '../reference/types';
import type { Findings } from './findings';

/** UNIT.04: it has none. */
export const ELECTRICITY_HS6 = '271600';

export function netMassGrams(item: Item, found: Findings): number {
  if (item.netMassKg < 0n) found.refuse('E-QTY-NONPOSITIVE', 'netMassKg', 'is below zero');
  else if (item.netMassKg === 0n && !item.commodityCode.startsWith(ELECTRICITY_HS6)) found.flag('W-QTY-ZERO');
  return Number(rescale(item.netMassKg, MEASURE_SCALE, COUNTED_MEASURE_SCALE));
}

/** Null when none is declared or its unit is no statistical one. */
export function standardQuantity(item: Item, inForce: InForce, found: Findings): StandardItem['quantity'] {
  const declared = item.supplementaryQuantity;
  if (declared === null) return null;
  if (declared.value < 0n) found.refuse('E-QTY-NONPOSITIVE', 'supplementaryQuantity.value', 'is below zero');
  if (inForce.pack.packagingUnits.includes(declared.unit)) {
    found.refuse('E-UNIT-PACKAGING', 'supplementaryQuantity.unit', `is ${declared.unit}, a kind of packaging; declare the quantity in the unit of the tariff`);
    return null;
  }
  const unit = inForce.unit(declared.unit);
  if (!unit) {
    found.flag('W-UNIT-UNKNOWN');
    return null;
  }
  const standard = inForce.pack.standardUnits.find(({ hs }) => item.commodityCode.startsWith(hs));
  if (standard && standard.unit !== unit.canonical) {
    found.refuse('E-UNIT-MISMATCH', 'supplementaryQuantity.unit', `is ${declared.unit}; the standard unit of ${standard.hs} is ${standard.unit}, to which no factor leads`);
    return null;
  }
  if (unit.deprecated) found.flag('W-UNIT-DEPRECATED');
  if (unit.numerator !== unit.denominator) found.flag('D-UNIT-CONVERTED');
  const thousandths = divideHalfUp(declared.value * unit.numerator, unit.denominator * powerOfTen(MEASURE_SCALE - COUNTED_MEASURE_SCALE));
  if (thousandths > limits.quantityThousandths) {
    found.refuse('E-LIMIT-QUANTITY', 'supplementaryQuantity.value', `is larger in ${unit.canonical} than can be counted exactly`);
    return null;
  }
  return { unit: unit.canonical, thousandths: Number(thousandths) };
}
