/** Completeness and unit values of the expected figures, from a line's own text. */
import type { Line, LineItem } from './expected-rules';

/** The fields in alphabetical order are the bits 1, 2, 4 …: so the figures name sets of them. */
const fields = ['commodityCode', 'description', 'natureOfTransaction', 'netMassKg', 'originCountry', 'partnerCountry', 'supplementaryQuantity', 'transportMode'];
const UNSPECIFIC_MODES = ['0', '6'];
const ELECTRICITY = '271600';

interface Counted { readonly hs6: string; readonly grams: bigint; readonly quantity: unknown }

/** "expected.missing", both as sums of bits. */
export function completeness(line: Line, item: LineItem, counted: Counted, wanted: readonly string[]): string {
  const empty = (text: string | null): boolean => (text ?? '').trim() === '';
  const lacks = [
    counted.hs6 === '999999', empty(item.description), empty(line.natureOfTransaction), counted.grams === 0n && counted.hs6 !== ELECTRICITY,
    item.originCountry === 'ZZ', line.partnerCountry === 'ZZ', counted.quantity === undefined, UNSPECIFIC_MODES.includes(line.transportMode),
  ];
  let [expected, missing] = [0, 0];
  fields.forEach((field, index) => {
    if (!wanted.includes(field) || (field === 'supplementaryQuantity' && item.supplementaryQuantity === null)) return;
    expected += 2 ** index;
    if (lacks[index]) missing += 2 ** index;
  });
  return `${expected}.${missing}`;
}

/** Tenths of the natural logarithm of value over quantity, cut down. */
export const unitValueClass = (value: bigint, thousandths: bigint): number | undefined =>
  (value > 0n && thousandths > 0n ? Math.floor(10 * Math.log(Number(value) / Number(thousandths))) : undefined);
