/**
 * Unit values that stand out: robust z-scores by commodity, flow and unit, over classes of the logarithm of
 * value over quantity (domain rule UNIT.07; median absolute deviation, |z| > 3.5). A pure function of kept
 * cells, so that an amendment or a cancellation takes its value out of the comparison too.
 */
import { splitField } from '../domain/cubes';
import { UNIT_VALUE_PREFIX } from '../domain/quality';

/** How often each class occurs: [class, count] in rising order of classes. */
type Distribution = readonly (readonly [number, bigint])[];
interface Baseline { readonly median: number; readonly deviation: number }

/** Makes the median absolute deviation comparable with a standard deviation of a normal distribution. */
const NORMAL_QUARTILE = 0.6745;
const HIGHEST_SCORE = 3.5;
/** Fewer values say nothing: the heading is asked then, and without enough there nothing is compared. */
const FEWEST_VALUES = 20n;
/** Values that all fall into one class differ by less than its width: smaller deviations cannot be told apart. */
const SMALLEST_DEVIATION = 1;

export const COMPARED = 'compared';
export const OUTLIERS = 'outliers';

/** Sum of several hashes of unit values: by cell name, unit and class. */
export class UnitValues {
  private readonly byGoods = new Map<string, Map<number, bigint>>();
  private readonly byHeading = new Map<string, Map<number, bigint>>();
  private readonly baselines = new Map<string, Baseline | undefined>();

  /** `hashes`: fields `flow|hs6:unitValue.<unit>.<class>`. */
  constructor(hashes: readonly ReadonlyMap<string, string>[]) {
    for (const fields of hashes) {
      for (const [field, count] of fields) {
        const value = parse(field);
        if (!value) continue;
        add(this.byGoods, `${value.name}.${value.unit}`, value.class, BigInt(count));
        add(this.byHeading, `${headingOf(value.name)}.${value.unit}`, value.class, BigInt(count));
      }
    }
  }

  /** The fields of one hash, judged: how many unit values of each cell could be compared, and how many stand out. */
  judged(fields: ReadonlyMap<string, string>): Map<string, string> {
    const sums = new Map<string, bigint>();
    const count = (field: string, amount: bigint): void => { sums.set(field, (sums.get(field) ?? 0n) + amount); };
    for (const [field, text] of fields) {
      const value = parse(field);
      const baseline = value && this.baselineOf(value.name, value.unit);
      if (!baseline) continue;
      count(`${value.name}:${COMPARED}`, BigInt(text));
      if (standsOut(value.class, baseline)) count(`${value.name}:${OUTLIERS}`, BigInt(text));
    }
    return new Map([...sums].map(([field, sum]) => [field, String(sum)]));
  }

  private baselineOf(name: string, unit: string): Baseline | undefined {
    const key = `${name}.${unit}`;
    if (!this.baselines.has(key)) this.baselines.set(key, baselineOf(this.byGoods.get(key)) ?? baselineOf(this.byHeading.get(`${headingOf(name)}.${unit}`)));
    return this.baselines.get(key);
  }
}

interface UnitValue { readonly name: string; readonly unit: string; readonly class: number }
function parse(field: string): UnitValue | undefined {
  const { name, measure } = splitField(field);
  if (!measure.startsWith(UNIT_VALUE_PREFIX)) return undefined;
  const [, unit, text] = measure.split('.');
  return { name, unit: unit as string, class: Number(text) };
}

/** IMPORT|870323 → IMPORT|8703 */
const headingOf = (name: string): string => name.slice(0, -2);

function add(distributions: Map<string, Map<number, bigint>>, key: string, unitValue: number, count: bigint): void {
  let classes = distributions.get(key);
  if (!classes) distributions.set(key, (classes = new Map<number, bigint>()));
  classes.set(unitValue, (classes.get(unitValue) ?? 0n) + count);
}

const standsOut = (unitValue: number, { median, deviation }: Baseline): boolean => Math.abs((NORMAL_QUARTILE * (unitValue - median)) / deviation) > HIGHEST_SCORE;

function baselineOf(classes: ReadonlyMap<number, bigint> | undefined): Baseline | undefined {
  if (!classes) return undefined;
  const values = sorted([...classes]);
  if (values.reduce((sum, [, count]) => sum + count, 0n) < FEWEST_VALUES) return undefined;
  const median = medianOf(values);
  const deviation = medianOf(sorted(values.map(([value, count]) => [Math.abs(value - median), count] as const)));
  return { median, deviation: Math.max(deviation, SMALLEST_DEVIATION) };
}

const sorted = (values: readonly (readonly [number, bigint])[]): Distribution => values.filter(([, count]) => count > 0n).sort(([a], [b]) => a - b);

/** The middle value; of an even number, the mean of the two in the middle. */
function medianOf(values: Distribution): number {
  const total = values.reduce((sum, [, count]) => sum + count, 0n);
  return (valueAt(values, (total - 1n) / 2n) + valueAt(values, total / 2n)) / 2;
}

function valueAt(values: Distribution, rank: bigint): number {
  let below = 0n;
  for (const [value, count] of values) {
    below += count;
    if (below > rank) return value;
  }
  return 0;
}
