/** Which fields that the pack expects an item to have are not there, or say nothing (IMTS 2010, chapter 9). */
import type { AcceptedDeclaration, Item, StandardItem } from '../domain/declaration';
import { bitOf, type QualityField } from '../domain/quality';
import { RESIDUAL_HS6, UNSPECIFIED_COUNTRY } from '../domain/unspecified';
import type { InForce } from '../reference/types';
import { ELECTRICITY_HS6 } from './quantity';

interface Checked {
  readonly accepted: AcceptedDeclaration;
  readonly item: Item;
  readonly standard: Pick<StandardItem, 'hs6' | 'netMassGrams' | 'quantity'>;
  readonly inForce: InForce;
}

const blank = (text: string | null): boolean => text === null || text.trim() === '';

const missing: Readonly<Record<QualityField, (checked: Checked) => boolean>> = {
  commodityCode: ({ standard }) => standard.hs6 === RESIDUAL_HS6,
  description: ({ item }) => blank(item.description),
  natureOfTransaction: ({ accepted }) => blank(accepted.natureOfTransaction),
  netMassKg: ({ standard }) => standard.netMassGrams === 0 && standard.hs6 !== ELECTRICITY_HS6,
  originCountry: ({ item }) => item.originCountry === UNSPECIFIED_COUNTRY,
  partnerCountry: ({ accepted }) => accepted.partnerCountry === UNSPECIFIED_COUNTRY,
  supplementaryQuantity: ({ standard }) => standard.quantity === null,
  transportMode: ({ accepted, inForce }) => inForce.transportMode(accepted.transportMode)?.flag !== null,
};

/** A quantity is expected where one is declared, or the tariff wants one; goods whose standard unit is one of mass have it in their net mass. */
function needsQuantity({ commodityCode }: Item, { pack }: InForce): boolean {
  const standard = pack.standardUnits.find(({ hs }) => commodityCode.startsWith(hs));
  return standard !== undefined && standard.unit !== 'KGM';
}

/** Sets of fields (quality.ts): those that the pack expects of this item, and those of them that are missing. */
export function completeness(checked: Checked): { readonly expected: number; readonly missing: number } {
  let [expected, lacking] = [0, 0];
  for (const field of checked.inForce.pack.expectedFields) {
    if (field === 'supplementaryQuantity' && checked.item.supplementaryQuantity === null && !needsQuantity(checked.item, checked.inForce)) continue;
    expected |= bitOf(field);
    if (missing[field](checked)) lacking |= bitOf(field);
  }
  return { expected, missing: lacking };
}
