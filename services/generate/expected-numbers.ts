/** Slow exact arithmetic of the expected figures: every decimal is a bigint of 10^-12. Shares no code with the services. */
const PLACES = 12;
const ONE = 10n ** BigInt(PLACES);

/** "12.5" → 12500000000000n. */
export function exact(text: string): bigint {
  const negative = text.startsWith('-');
  const [whole = '0', fraction = ''] = (negative ? text.slice(1) : text).split('.');
  const value = BigInt(whole) * ONE + BigInt(fraction.padEnd(PLACES, '0'));
  return negative ? -value : value;
}

/** Half up, away from zero at the half, to `places` decimals: a count of 10^-places. `by`: what to divide by besides. */
export function rounded(value: bigint, places: number, by = 1n): bigint {
  const divisor = 10n ** BigInt(PLACES - places) * by;
  const size = value < 0n ? -value : value;
  const quotient = size / divisor + ((size % divisor) * 2n >= divisor ? 1n : 0n);
  return value < 0n ? -quotient : quotient;
}

/** (12345n, 2) → "123.45". */
export function shown(value: bigint, places: number): string {
  if (places === 0) return String(value);
  const digits = String(value < 0n ? -value : value).padStart(places + 1, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/**
 * Shares a payment by weights (design §4): in proportion, cut off, the remainder to the largest weight, the
 * first of equals; all to the first where nothing weighs.
 */
export function shared(amount: bigint, weights: readonly bigint[]): bigint[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  if (total === 0n) return weights.map((_, index) => (index === 0 ? amount : 0n));
  const parts = weights.map((weight) => (amount * weight) / total);
  const largest = weights.indexOf(weights.reduce((most, weight) => (weight > most ? weight : most), 0n));
  parts[largest] = (parts[largest] as bigint) + amount - parts.reduce((sum, part) => sum + part, 0n);
  return parts;
}

/** Days of a time zone, as 2026-03-15. */
export class Days {
  private readonly form: Intl.DateTimeFormat;
  /** Offsets are whole quarters of an hour. */
  private readonly known = new Map<number, string>();

  constructor(timeZone: string) { this.form = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }); }

  of(moment: string): string {
    const quarter = Math.floor(Date.parse(moment) / 900_000);
    let day = this.known.get(quarter);
    if (day === undefined) this.known.set(quarter, (day = this.form.format(quarter * 900_000)));
    return day;
  }
}
