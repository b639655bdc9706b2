/**
 * Amounts of the generator: whole numbers of 0.0001 of the home currency, safe as doubles up to 9 × 10^11
 * units. Masses and quantities: whole numbers of 0.000001.
 */
export const AMOUNT_UNIT = 10_000;
export const MEASURE_UNIT = 1_000_000;

/** What is due on a base (0.0001) at a rate (0.01 per cent), half up to a multiple of `minor` (0.0001). */
export function due(base: number, rate: number, minor: number): number {
  const product = base * rate;
  const step = AMOUNT_UNIT * minor;
  if (Number.isSafeInteger(product + step)) {
    const rest = product % step;
    return ((product - rest) / step + (rest * 2 >= step ? 1 : 0)) * minor;
  }
  const [exact, by] = [BigInt(base) * BigInt(rate), BigInt(step)];
  return Number((exact * 2n + by) / (by * 2n)) * minor;
}

/** To a multiple of `step`, never zero. */
export const atLeastOne = (value: number, step: number): number => Math.max(1, Math.round(value / step)) * step;

const trimmed = (value: number, unit: number, places: number): string => {
  const size = Math.abs(value);
  const rest = size % unit;
  const whole = `${value < 0 ? '-' : ''}${(size - rest) / unit}`;
  if (rest === 0) return whole;
  let digits = String(rest).padStart(places, '0');
  while (digits.endsWith('0')) digits = digits.slice(0, -1);
  return `${whole}.${digits}`;
};
/** 125000025 (0.0001) → "12500.0025". */
export const amountText = (value: number): string => trimmed(value, AMOUNT_UNIT, 4);
/** 1500500000 (0.000001) → "1500.5". */
export const measureText = (value: number): string => trimmed(value, MEASURE_UNIT, 6);
/** 1250 (0.01 per cent) → "12.5". */
export const rateText = (value: number): string => trimmed(value, 100, 2);
