/**
 * What the quality of statistics is measured by (IMTS 2010, chapters 9 and 10), as counts that can be added up
 * and taken back: shares and quantiles are made of them when they are read.
 */

/** Fields whose completeness is measured. The order is that of the bits in the ledger: new ones go last. */
export const qualityFields = [
  'commodityCode', 'description', 'natureOfTransaction', 'netMassKg', 'originCountry', 'partnerCountry', 'supplementaryQuantity', 'transportMode',
] as const;
export type QualityField = (typeof qualityFields)[number];

const bits = Object.fromEntries(qualityFields.map((field, index) => [field, 1 << index])) as Readonly<Record<QualityField, number>>;
/** A set of fields is one number: the sum of their bits. */
export const bitOf = (field: QualityField): number => bits[field];

/** Classes of delay between event and arrival: class k holds up to 2^k seconds, more than 2^(k-1). Whole numbers alone, so that no rounding decides. */
export function delayClass(delayMs: number): number {
  const seconds = Math.ceil(delayMs / 1_000);
  return seconds <= 1 ? 0 : 32 - Math.clz32(seconds - 1);
}
export const delayClassSeconds = (delay: number): number => 2 ** delay;

/** Classes of unit values in one unit of the natural logarithm: each is about ten per cent wide. */
const CLASSES_PER_LOGARITHM = 10;

/** The class of value over quantity; undefined where one of them is not above zero. */
export const unitValueClass = (value: number, thousandths: number): number | undefined =>
  (value > 0 && thousandths > 0 ? Math.floor(Math.log(value / thousandths) * CLASSES_PER_LOGARITHM) : undefined);

/** One measure for each pair of sets (fields expected, of them missing), each class of delay, each unit and class of unit value. */
export const FIELDS_PREFIX = 'fields.';
export const DELAY_PREFIX = 'delay.';
export const UNIT_VALUE_PREFIX = 'unitValue.';
