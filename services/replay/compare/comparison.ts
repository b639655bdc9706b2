/**
 * What differs between two namespaces, declaration by declaration: what each contributes here and there, summed by view,
 * period and dimensions, with the declarations behind each difference. Pure.
 */
import type { ContributionRow } from '../../domain/contribution';
import { viewShapes } from '../../domain/cubes';
import type { Calendar, Grain } from '../../domain/period';
import type { View } from '../../topology';

/** Measure by measure, as the ledger keeps them: minor units, grams, thousandths, counts. */
export type Amounts = Readonly<Record<string, bigint>>;
export interface DifferingDeclaration { readonly declarationId: string; readonly measure: string; readonly difference: bigint }
export interface ComparedRow {
  readonly view: View;
  readonly period: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly live: Amounts;
  readonly replayed: Amounts;
  /** How many declarations differ here. */
  readonly declarations: number;
  /** The largest differences. */
  readonly largest: readonly DifferingDeclaration[];
}
export interface Comparing {
  readonly calendar: Calendar;
  readonly grain: Grain;
  /** Views that are compared, each by these dimensions. */
  readonly by: Readonly<Partial<Record<View, readonly string[]>>>;
  readonly largestKept: number;
}

interface Sums { readonly view: View; readonly period: string; readonly dimensions: Readonly<Record<string, string>>; readonly live: Map<string, bigint>; readonly replayed: Map<string, bigint>; declarations: number; largest: DifferingDeclaration[] }

export class Comparison {
  private readonly rows = new Map<string, Sums>();
  declarations = 0;
  differing = 0;

  constructor(private readonly comparing: Comparing) {}

  /** One declaration; `replayed` undefined: it contributes the same in both. */
  add(declarationId: string, live: readonly ContributionRow[], replayed?: readonly ContributionRow[]): void {
    this.declarations++;
    if (replayed === undefined) {
      for (const row of live) this.sum(row, (sums, measure, amount) => { plus(sums.live, measure, amount); plus(sums.replayed, measure, amount); });
      return;
    }
    const changes = new Map<Sums, Map<string, bigint>>();
    const note = (sums: Sums, measure: string, amount: bigint): void => {
      const change = changes.get(sums) ?? new Map<string, bigint>();
      changes.set(sums, change);
      plus(change, measure, amount);
    };
    for (const row of live) this.sum(row, (sums, measure, amount) => { plus(sums.live, measure, amount); note(sums, measure, -amount); });
    for (const row of replayed) this.sum(row, (sums, measure, amount) => { plus(sums.replayed, measure, amount); note(sums, measure, amount); });
    let differs = false;
    for (const [sums, change] of changes) if (this.keepLargest(declarationId, sums, change)) differs = true;
    if (differs) this.differing++;
  }

  private sum(row: ContributionRow, each: (sums: Sums, measure: string, amount: bigint) => void): void {
    const by = this.comparing.by[row.view];
    /** A view of several families has rows that say nothing of some dimensions. */
    if (!by || (viewShapes[row.view].families && by.some((dimension) => row.dimensions[dimension] === undefined))) return;
    const period = this.comparing.calendar.keysOf(row.at)[this.comparing.grain];
    const values = by.map((dimension) => row.dimensions[dimension] ?? '');
    const key = [row.view, period, ...values].join('|');
    let sums = this.rows.get(key);
    if (!sums) {
      sums = { view: row.view, period, dimensions: Object.fromEntries(by.map((dimension, index) => [dimension, values[index] as string])), live: new Map(), replayed: new Map(), declarations: 0, largest: [] };
      this.rows.set(key, sums);
    }
    for (const [measure, amount] of Object.entries(row.measures)) each(sums, measure, BigInt(amount));
  }

  private keepLargest(declarationId: string, sums: Sums, change: ReadonlyMap<string, bigint>): boolean {
    const found = [...change].filter(([, difference]) => difference !== 0n).sort(([, left], [, right]) => compareSize(right, left))[0];
    if (!found) return false;
    sums.declarations++;
    sums.largest = [...sums.largest, { declarationId, measure: found[0], difference: found[1] }].sort((left, right) => compareSize(right.difference, left.difference)).slice(0, this.comparing.largestKept);
    return true;
  }

  /** Rows in which some declaration differs, by view, period and dimensions. */
  differences(): ComparedRow[] {
    return [...this.rows].filter(([, { declarations }]) => declarations > 0).sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([, { live, replayed, ...row }]) => ({ ...row, live: Object.fromEntries(live), replayed: Object.fromEntries(replayed) }));
  }
}

function plus(sums: Map<string, bigint>, measure: string, amount: bigint): void { sums.set(measure, (sums.get(measure) ?? 0n) + amount); }
const size = (amount: bigint): bigint => (amount < 0n ? -amount : amount);
const compareSize = (left: bigint, right: bigint): number => (size(left) < size(right) ? -1 : size(left) > size(right) ? 1 : 0);
