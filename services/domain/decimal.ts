/**
 * Exact arithmetic on scaled integers. A declared decimal is a bigint at a known scale:
 * amounts 10^-4, mass and quantity 10^-6, rates and percentages 10^-4.
 */

export const AMOUNT_SCALE = 4;
export const MEASURE_SCALE = 6;
export const RATE_SCALE = 4;
/** Masses and quantities are counted in thousandths. */
export const COUNTED_MEASURE_SCALE = 3;

const powers: readonly bigint[] = Array.from({ length: 40 }, (_, exponent) => 10n ** BigInt(exponent));

/** 10^exponent. */
export function powerOfTen(exponent: number): bigint {
  const power = powers[exponent];
  if (power === undefined) throw new Error(`power of ten out of range: ${exponent}`);
  return power;
}

/** numerator / denominator rounded half up (away from zero at the half); denominator > 0. */
export function divideHalfUp(numerator: bigint, denominator: bigint): bigint {
  const doubled = numerator < 0n ? -numerator * 2n : numerator * 2n;
  const rounded = (doubled + denominator) / (denominator * 2n);
  return numerator < 0n ? -rounded : rounded;
}

/** From one scale to another, half up when digits are dropped. */
export function rescale(value: bigint, fromScale: number, toScale: number): bigint {
  if (toScale === fromScale) return value;
  if (toScale > fromScale) return value * powerOfTen(toScale - fromScale);
  return divideHalfUp(value, powerOfTen(fromScale - toScale));
}

const decimalForm = /^([+-]?)(\d{1,30})(?:\.(\d+))?$/;

/**
 * Reads "123.45" exactly. Returns undefined when the text is no plain decimal or has more
 * significant decimals than the scale holds: nothing is rounded silently on the way in.
 */
export function parseDecimal(text: string, scale: number): bigint | undefined {
  const match = decimalForm.exec(text);
  if (!match) return undefined;
  const fraction = match[3] ?? '';
  if (fraction.length > scale && /[1-9]/.test(fraction.slice(scale))) return undefined;
  const digits = (match[2] ?? '') + fraction.slice(0, scale).padEnd(scale, '0');
  const value = BigInt(digits);
  return match[1] === '-' ? -value : value;
}

/** Writes a scaled integer with all its decimals: (12345n, 2) → "123.45". */
export function formatDecimal(value: bigint, scale: number): string {
  if (scale === 0) return value.toString();
  const negative = value < 0n;
  const digits = (negative ? -value : value).toString().padStart(scale + 1, '0');
  const text = `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return negative ? `-${text}` : text;
}
