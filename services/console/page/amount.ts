/**
 * Exact decimal texts as people read them. Amounts never become floats here: the text is cut and grouped;
 * only `chartNumber` gives a number, for pixels.
 */
export interface Separators { readonly group: string; readonly decimal: string }

export function separatorsOf(locale: string): Separators {
  const parts = new Intl.NumberFormat(locale, { useGrouping: true }).formatToParts(1234567.8);
  const valueOf = (type: string, otherwise: string): string => parts.find((part) => part.type === type)?.value ?? otherwise;
  return { group: valueOf('group', ','), decimal: valueOf('decimal', '.') };
}

const form = /^(-?)(\d+)(?:\.(\d+))?$/;

/** The text unchanged where it is no decimal. A true minus sign, so that columns line up and screen readers say it. */
export function formatDecimalText(text: string, { group, decimal }: Separators): string {
  const match = form.exec(text);
  if (!match) return text;
  const [, sign = '', whole = '', fraction] = match;
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
  return `${sign === '' ? '' : '−'}${grouped}${fraction === undefined ? '' : `${decimal}${fraction}`}`;
}

/** Both as integers of the finer scale. */
function aligned(a: string, b: string): readonly [bigint, bigint] {
  const scale = Math.max(fractionOf(a).length, fractionOf(b).length);
  return [scaled(a, scale), scaled(b, scale)];
}
const fractionOf = (text: string): string => form.exec(text)?.[3] ?? '';

function scaled(text: string, scale: number): bigint {
  const match = form.exec(text);
  if (!match) return 0n;
  const [, sign, whole = '0', fraction = ''] = match;
  const value = BigInt(whole + fraction.padEnd(scale, '0'));
  return sign === '-' ? -value : value;
}

export function compareDecimals(a: string, b: string): number {
  const [left, right] = aligned(a, b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** What `part` is of `whole`, in per cent with one decimal, half up; null without a whole. */
export function sharePercent(part: string, whole: string): string | null {
  const [top, bottom] = aligned(part, whole);
  return bottom <= 0n ? null : tenths(top, bottom);
}

/** By how many per cent `current` differs from `earlier`, one decimal, half up away from zero; null where nothing was earlier. */
export function changePercent(current: string, earlier: string): string | null {
  const [now, before] = aligned(current, earlier);
  return before <= 0n ? null : tenths(now - before, before);
}

function tenths(top: bigint, bottom: bigint): string {
  const size = top < 0n ? -top : top;
  const rounded = (size * 2_000n + bottom) / (2n * bottom);
  const sign = top < 0n && rounded > 0n ? '-' : '';
  return `${sign}${rounded / 10n}.${rounded % 10n}`;
}

/** Sums exact texts; the scale is that of the finest. */
export function sumDecimals(texts: readonly string[]): string {
  const scale = Math.max(0, ...texts.map((text) => fractionOf(text).length));
  const sum = texts.reduce((total, text) => total + scaled(text, scale), 0n);
  const digits = (sum < 0n ? -sum : sum).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return `${sum < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${digits.slice(digits.length - scale)}`}`;
}

/** For the place of a pixel, never for a figure that is read. */
export const chartNumber = (text: string | number): number => Number(text);
