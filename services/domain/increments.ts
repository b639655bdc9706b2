/** Contributions of a batch, combined per cell and measure before they reach Redis. */
import { cellField, cellHash, cellName, type Cubes } from './cubes';
import type { ContributionRow } from './contribution';
import type { Calendar, Grain } from './period';
import type { View } from '../topology';

/** Cells that go to an aggregate topic and have changed: `view/combination/grain/period|name`, with the units touched. */
export interface ChangedCell { readonly view: View; readonly combination: string; readonly grain: Grain; readonly period: string; readonly name: string }

/** Sums stay exact: a sum that leaves the safe integers goes on as a bigint. */
type Sum = number | bigint;
const plus = (sum: Sum | undefined, amount: number): Sum => {
  if (sum === undefined) return amount;
  if (typeof sum === 'number') {
    const result = sum + amount;
    return Number.isSafeInteger(result) ? result : BigInt(sum) + BigInt(amount);
  }
  return sum + BigInt(amount);
};

export class Increments {
  readonly hashes = new Map<string, Map<string, Sum>>();
  /** Key: hash and cell name, tab between; value: units of quantity touched, in the order met. */
  readonly changed = new Map<string, Set<string> | null>();
  private fields = 0;

  constructor(private readonly cubes: Cubes, private readonly calendar: Calendar) {}

  /** Combined increments so far. */
  get size(): number { return this.fields; }

  add(hash: string, field: string, amount: number): void {
    if (amount === 0) return;
    let fields = this.hashes.get(hash);
    if (!fields) this.hashes.set(hash, (fields = new Map<string, Sum>()));
    const sum = fields.get(field);
    if (sum === undefined) this.fields++;
    fields.set(field, plus(sum, amount));
  }

  /** Spreads rows over every kept combination and grain. */
  addRows(rows: readonly ContributionRow[], sign: 1 | -1): void {
    for (const row of rows) {
      const keys = this.calendar.keysOf(row.at);
      for (const { id, dimensions, grains, publish } of this.cubes[row.view].combinations) {
        const name = cellName(dimensions, row.dimensions);
        const byUnit = dimensions.includes('hs6');
        for (const grain of grains) {
          const hash = cellHash(row.view, id, grain, keys[grain]);
          for (const measure in row.measures) {
            if (!byUnit && measure.startsWith('quantity.')) continue;
            this.add(hash, cellField(name, measure), sign * (row.measures[measure] ?? 0));
          }
          if (publish?.grains.includes(grain)) this.markChanged(hash, name, byUnit ? row.measures : undefined);
        }
      }
    }
  }

  private markChanged(hash: string, name: string, measures: Readonly<Record<string, number>> | undefined): void {
    const key = `${hash}\t${name}`;
    let units = this.changed.get(key) ?? null;
    for (const measure in measures) {
      if (measure.startsWith('quantity.')) (units ??= new Set()).add(measure.slice('quantity.'.length));
    }
    this.changed.set(key, units);
  }
}
