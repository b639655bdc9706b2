/** Indicators of quality (IMTS 2010, chapters 9 and 10) from the sums of a row: shares in per cent with two decimals, null where there is nothing to divide by. */
import { formatDecimal } from '../domain/decimal';
import { bitOf, DELAY_PREFIX, delayClassSeconds, FIELDS_PREFIX, qualityFields } from '../domain/quality';
import { COMPARED, OUTLIERS } from './unit-values';

type Sums = ReadonlyMap<string, bigint>;
export type Indicator = string | number | null | Readonly<Record<string, string>>;

/** By family of the view, in the order they are shown. */
export const qualityIndicators: Readonly<Record<string, (sums: Sums, minorUnits: number) => Readonly<Record<string, Indicator>>>> = {
  arrival: (sums) => {
    const [events, refused, repeated] = [of(sums, 'events'), of(sums, 'refused'), of(sums, 'repeated')];
    return {
      events: Number(events), refused: Number(refused), validityPercent: percent(events, events + refused), repeated: Number(repeated), duplicatePercent: percent(repeated, events),
      delayP50Seconds: delayQuantile(sums, 50n), delayP95Seconds: delayQuantile(sums, 95n),
    };
  },
  content: (sums, minorUnits) => {
    const { items, completeness } = fieldsOf(sums);
    const value = of(sums, 'value');
    return {
      items: Number(items), value: formatDecimal(value, minorUnits), completenessPercent: completeness, flaggedPercent: percent(of(sums, 'flagged'), items),
      imputationPercent: percent(of(sums, 'imputedValue'), value), residualPercent: percent(of(sums, 'residualValue'), value),
    };
  },
  unitValues: (sums) => {
    const [compared, outliers] = [of(sums, COMPARED), of(sums, OUTLIERS)];
    return { unitValues: Number(compared), unitValueOutliers: Number(outliers), unitValueOutlierPercent: percent(outliers, compared) };
  },
};

const of = (sums: Sums, measure: string): bigint => sums.get(measure) ?? 0n;

/** Rounded half up; null when there is no whole. */
export function percent(part: bigint, whole: bigint): string | null {
  if (whole <= 0n) return null;
  return formatDecimal((part * 20_000n + whole) / (2n * whole), 2);
}

/** By field: items that have it over items that should. */
function fieldsOf(sums: Sums): { items: bigint; completeness: Readonly<Record<string, string>> } {
  let items = 0n;
  const expected = qualityFields.map(() => 0n);
  const present = qualityFields.map(() => 0n);
  for (const [measure, count] of sums) {
    if (!measure.startsWith(FIELDS_PREFIX)) continue;
    const [, expectedSet, missingSet] = measure.split('.').map(Number) as [number, number, number];
    items += count;
    qualityFields.forEach((field, index) => {
      if ((expectedSet & bitOf(field)) === 0) return;
      expected[index] = (expected[index] as bigint) + count;
      if ((missingSet & bitOf(field)) === 0) present[index] = (present[index] as bigint) + count;
    });
  }
  const completeness: Record<string, string> = {};
  qualityFields.forEach((field, index) => {
    const share = percent(present[index] as bigint, expected[index] as bigint);
    if (share !== null) completeness[field] = share;
  });
  return { items, completeness };
}

/** Upper end of the class that holds the quantile: at least that share of events came within so many seconds. */
function delayQuantile(sums: Sums, share: bigint): number | null {
  const classes = [...sums].filter(([measure]) => measure.startsWith(DELAY_PREFIX)).map(([measure, count]) => [Number(measure.slice(DELAY_PREFIX.length)), count] as const).sort(([a], [b]) => a - b);
  const total = classes.reduce((sum, [, count]) => sum + count, 0n);
  let below = 0n;
  for (const [delay, count] of classes) {
    below += count;
    if (below * 100n >= total * share) return delayClassSeconds(delay);
  }
  return null;
}
