/**
 * What is usual in a substance, and how much more an item is: pure. The figures keep sums and counts, so compared are
 * means: of all items, and of the items of each month; a median of single items cannot be had from them.
 */
import { COUNTED_MEASURE_SCALE, divideHalfUp, formatDecimal, parseDecimal } from '../domain/decimal';

export interface TradeOfMonth { readonly month: string; readonly items: number; readonly netMassKg: string; readonly value: string }
export interface MeanOfMonth { readonly month: string; readonly meanKg: string }
export interface UsualTrade {
  readonly months: number;
  readonly currency: string;
  readonly items: number;
  readonly netMassKg: string;
  readonly value: string;
  /** Of an item, over all months; null: there was none. */
  readonly meanKg: string | null;
  /** Of the means of the months that had items. */
  readonly medianOfMonthsKg: string | null;
  readonly highestMonth: MeanOfMonth | null;
  /** How many times the mean the declared mass is, to one decimal; null without either. */
  readonly timesMean: string | null;
  readonly byMonth: readonly (TradeOfMonth & { readonly meanKg: string | null })[];
}

export interface UsualTradeFacts { readonly byMonth: readonly TradeOfMonth[]; readonly currency: string; readonly minorUnits: number; /** Of the item in question; null: not known. */ readonly declaredKg: string | null }

export function usualTrade({ byMonth, currency, minorUnits, declaredKg }: UsualTradeFacts): UsualTrade {
  const months = byMonth.map((month) => ({ ...month, mean: mean(grams(month.netMassKg), month.items) }));
  const items = byMonth.reduce((total, month) => total + month.items, 0);
  const mass = byMonth.reduce((total, { netMassKg }) => total + grams(netMassKg), 0n);
  const means = months.flatMap(({ month, mean: ofMonth }) => (ofMonth === null ? [] : [{ month, mean: ofMonth }])).sort((a, b) => Number(a.mean - b.mean));
  const highest = means.at(-1);
  return {
    months: byMonth.length, currency, items, netMassKg: kilograms(mass), value: formatDecimal(byMonth.reduce((total, { value }) => total + (parseDecimal(value, minorUnits) ?? 0n), 0n), minorUnits),
    meanKg: textOf(mean(mass, items)), medianOfMonthsKg: textOf(median(means.map(({ mean: ofMonth }) => ofMonth))),
    highestMonth: highest ? { month: highest.month, meanKg: kilograms(highest.mean) } : null,
    timesMean: declaredKg === null ? null : times(grams(declaredKg), mass, items),
    byMonth: months.map(({ mean: ofMonth, ...month }) => ({ ...month, meanKg: textOf(ofMonth) })),
  };
}

const grams = (text: string): bigint => parseDecimal(text, COUNTED_MEASURE_SCALE) ?? 0n;
const kilograms = (value: bigint): string => formatDecimal(value, COUNTED_MEASURE_SCALE);
const textOf = (value: bigint | null): string | null => (value === null ? null : kilograms(value));
const mean = (mass: bigint, items: number): bigint | null => (items <= 0 ? null : divideHalfUp(mass, BigInt(items)));

/** Of the exact mean, not of the rounded one. */
const times = (declared: bigint, mass: bigint, items: number): string | null => (items <= 0 || mass <= 0n ? null : formatDecimal(divideHalfUp(declared * BigInt(items) * 10n, mass), 1));

function median(sorted: readonly bigint[]): bigint | null {
  const [lower, upper] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return lower === undefined || upper === undefined ? null : divideHalfUp(lower + upper, 2n);
}
