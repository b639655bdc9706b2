/** Declarations that make a figure up: from the counted facts, by the function that changed the figures. Pure. */
import { contribution } from '../domain/contribution';
import { QUANTITY_PREFIX } from '../domain/cubes';
import type { CountedFacts } from '../domain/facts';
import type { Range } from '../domain/period';
import type { FigureQuery } from '../query/plan';
import { valueOfDimension } from '../query/rows';

export type Sums = ReadonlyMap<string, bigint>;

/** Which rows count. */
export interface Asked { readonly query: FigureQuery; readonly window: Range; readonly takes: (measure: string) => boolean }

/** What is told of the version that stands: what it declared is in its amounts, and many of them are held at a time. */
export type StandingVersion = Pick<CountedFacts, 'version' | 'status' | 'office' | 'originPartition' | 'originOffset' | 'recordOffset' | 'payments'>;

/** Where a declaration's facts lie, and what it adds to the figure. */
export interface Contributor {
  readonly partition: number;
  readonly declarationId: string;
  readonly facts: StandingVersion;
  /** By measure, as the store keeps them: minor units, grams, thousandths, counts. */
  readonly amounts: Sums;
  /** Instants by which it counts in the period, in order, ms. */
  readonly countsAtMs: readonly number[];
}

/** Undefined: it adds nothing. */
export function contributorOf(partition: number, declarationId: string, facts: CountedFacts, { query: { view, where }, window, takes }: Asked): Contributor | undefined {
  const amounts = new Map<string, bigint>();
  const instants = new Set<number>();
  const conditions = Object.entries(where);
  for (const row of contribution(facts)) {
    if (row.view !== view || row.at < window.fromMs || row.at >= window.toMs) continue;
    if (!conditions.every(([dimension, value]) => valueOfDimension(dimension, (name) => row.dimensions[name]) === value)) continue;
    for (const [measure, amount] of Object.entries(row.measures)) {
      if (amount === 0 || !takes(measure)) continue;
      amounts.set(measure, (amounts.get(measure) ?? 0n) + BigInt(amount));
      instants.add(row.at);
    }
  }
  for (const [measure, amount] of amounts) if (amount === 0n) amounts.delete(measure);
  if (amounts.size === 0) return undefined;
  const { version, status, office, originPartition, originOffset, recordOffset, payments } = facts;
  return { partition, declarationId, facts: { version, status, office, originPartition, originOffset, recordOffset, payments }, amounts, countsAtMs: [...instants].sort((a, b) => a - b) };
}

export function sumOf(contributors: readonly Contributor[]): Map<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const { amounts } of contributors) addTo(sums, amounts);
  return sums;
}

export function addTo(sums: Map<string, bigint>, amounts: Sums): void {
  for (const [measure, amount] of amounts) sums.set(measure, (sums.get(measure) ?? 0n) + amount);
}

export interface MeasureDifference { readonly measure: string; readonly figure: bigint; readonly explained: bigint }

/** Measures in which two sums differ; none: the declarations add up to the figure. */
export function differencesOf(figure: Sums, explained: Sums): MeasureDifference[] {
  const measures = [...new Set([...figure.keys(), ...explained.keys()])].sort();
  return measures.map((measure) => ({ measure, figure: figure.get(measure) ?? 0n, explained: explained.get(measure) ?? 0n })).filter((pair) => pair.figure !== pair.explained);
}

const size = (amount: bigint): bigint => (amount < 0n ? -amount : amount);

/** Largest first, by these measures in their order; of equals by id. */
export function bySize(measures: readonly string[], contributors: readonly Contributor[]): Contributor[] {
  /** Taken out once: comparing asks for them many times. */
  const sized = contributors.map((contributor) => ({ contributor, sizes: measures.map((measure) => sizeOf(measure, contributor.amounts)) }));
  sized.sort((a, b) => {
    for (let index = 0; index < measures.length; index++) {
      const [left, right] = [a.sizes[index] as bigint, b.sizes[index] as bigint];
      if (left !== right) return left > right ? -1 : 1;
    }
    return a.contributor.declarationId < b.contributor.declarationId ? -1 : 1;
  });
  return sized.map(({ contributor }) => contributor);
}

/** The largest of any number of contributors: of those that are held so many more, at most, than are wanted. */
export class LargestContributors {
  private held: Contributor[] = [];

  constructor(private readonly measures: readonly string[], private readonly most: number, private readonly more: number) {}

  add(contributor: Contributor): void {
    this.held.push(contributor);
    if (this.held.length >= this.most + this.more) this.held = this.inOrder();
  }

  inOrder(): Contributor[] { return bySize(this.measures, this.held).slice(0, this.most); }
}

/** Quantities of different units do not compare: the largest number says which one to look at first. */
function sizeOf(measure: string, amounts: Sums): bigint {
  if (measure !== QUANTITY) return size(amounts.get(measure) ?? 0n);
  let largest = 0n;
  for (const [name, amount] of amounts) if (name.startsWith(QUANTITY_PREFIX) && size(amount) > largest) largest = size(amount);
  return largest;
}
const QUANTITY = QUANTITY_PREFIX.slice(0, -1);

/** Whether what is kept under a name is of the measure that is asked for. */
export const isOfMeasure = (asked: string, name: string): boolean => name === asked || (asked === QUANTITY && name.startsWith(QUANTITY_PREFIX));
