/** Contributions of a batch, combined per cell and measure before they reach the store. */
import { cellField, cellHash, cellName, QUANTITY_PREFIX, type Combination, type Cubes } from './cubes';
import type { ContributionRow } from './contribution';
import type { Calendar, Grain } from './period';
import type { View } from '../topology';

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

/** Cells of one hash: by cell name the sums, in the order of the measures met in the view. */
interface HashCells { readonly hash: string; readonly measures: readonly string[]; readonly published: boolean; readonly cells: Map<string, (Sum | undefined)[]> }

/** Names of hashes and fields are put together once per cell, not once per record: that was a third of the stage's time. */
class CombinationCells {
  private readonly byGrain: Map<string, HashCells>[];

  constructor(private readonly view: View, private readonly combination: Combination, private readonly measures: readonly string[]) {
    this.byGrain = combination.grains.map(() => new Map<string, HashCells>());
  }

  at(grainIndex: number, period: string): HashCells {
    const periods = this.byGrain[grainIndex] as Map<string, HashCells>;
    let cells = periods.get(period);
    if (!cells) {
      const grain = this.combination.grains[grainIndex] as Grain;
      const { id, publish } = this.combination;
      cells = { hash: cellHash(this.view, id, grain, period), measures: this.measures, published: publish?.grains.includes(grain) ?? false, cells: new Map() };
      periods.set(period, cells);
    }
    return cells;
  }

  *all(): Iterable<HashCells> { for (const periods of this.byGrain) yield* periods.values(); }
}

export class Increments {
  private readonly plain = new Map<string, Map<string, Sum>>();
  private readonly measures = new Map<View, string[]>();
  private readonly combinations = new Map<Combination, CombinationCells>();
  private fields = 0;

  constructor(private readonly cubes: Cubes, private readonly calendar: Calendar) {}

  /** Combined increments so far; those that have come to cancel out are counted too. */
  get size(): number { return this.fields; }

  /** Adds to a hash that is no cube: books, counts of codes. */
  add(hash: string, field: string, amount: number): void {
    let fields = this.plain.get(hash);
    if (!fields) this.plain.set(hash, (fields = new Map<string, Sum>()));
    const sum = fields.get(field);
    if (sum === undefined) this.fields++;
    fields.set(field, plus(sum, amount));
  }

  /** Spreads rows over every kept combination and grain. */
  addRows(rows: readonly ContributionRow[], sign: 1 | -1): void {
    for (const row of rows) {
      const keys = this.calendar.keysOf(row.at);
      for (const combination of this.cubes[row.view].combinations) {
        const name = cellName(combination.dimensions, row.dimensions);
        const byUnit = combination.dimensions.includes('hs6');
        const cells = this.cellsOf(row.view, combination);
        for (let index = 0; index < combination.grains.length; index++) {
          this.addRow(cells.at(index, keys[combination.grains[index] as Grain]), name, row, sign, byUnit);
        }
      }
    }
  }

  private addRow({ cells, measures }: HashCells, name: string, row: ContributionRow, sign: 1 | -1, byUnit: boolean): void {
    let sums = cells.get(name);
    if (!sums) cells.set(name, (sums = []));
    for (const measure in row.measures) {
      const amount = row.measures[measure] as number;
      if (amount === 0 || (!byUnit && measure.startsWith(QUANTITY_PREFIX))) continue;
      let at = measures.indexOf(measure);
      if (at < 0) at = (measures as string[]).push(measure) - 1;
      if (sums[at] === undefined) this.fields++;
      sums[at] = plus(sums[at], sign * amount);
    }
  }

  private cellsOf(view: View, combination: Combination): CombinationCells {
    let cells = this.combinations.get(combination);
    if (!cells) {
      let measures = this.measures.get(view);
      if (!measures) this.measures.set(view, (measures = []));
      this.combinations.set(combination, (cells = new CombinationCells(view, combination, measures)));
    }
    return cells;
  }

  /** Hashes with their fields and amounts; what has cancelled out is left out. */
  *hashes(): Iterable<readonly [hash: string, fields: Iterable<readonly [field: string, amount: Sum]>]> {
    yield* this.plain;
    for (const combination of this.combinations.values()) {
      for (const cells of combination.all()) {
        const fields = fieldsOf(cells);
        if (fields.length > 0) yield [cells.hash, fields];
      }
    }
  }

  /** The change list for publish: `hash<TAB>cell name[<TAB>units of quantity]`, a line for each cell that goes to a topic. */
  changedText(): string {
    const lines: string[] = [];
    for (const combination of this.combinations.values()) {
      for (const { hash, cells, published, measures } of combination.all()) {
        if (!published) continue;
        for (const [name, sums] of cells) {
          if (!sums.some(isChange)) continue;
          const units = measures.filter((measure, index) => measure.startsWith(QUANTITY_PREFIX) && isChange(sums[index])).map((measure) => measure.slice(QUANTITY_PREFIX.length));
          lines.push(units.length === 0 ? `${hash}\t${name}` : `${hash}\t${name}\t${units.join(',')}`);
        }
      }
    }
    return lines.join('\n');
  }
}

const isChange = (sum: Sum | undefined): boolean => sum !== undefined && sum !== 0 && sum !== 0n;

function fieldsOf({ cells, measures }: HashCells): (readonly [string, Sum])[] {
  const fields: (readonly [string, Sum])[] = [];
  for (const [name, sums] of cells) {
    for (let index = 0; index < sums.length; index++) {
      const sum = sums[index];
      if (sum !== undefined && isChange(sum)) fields.push([cellField(name, measures[index] as string), sum]);
    }
  }
  return fields;
}
