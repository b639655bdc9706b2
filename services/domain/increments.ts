/** Contributions of a batch, combined per cell and measure before they reach the store. */
import { cellHash, cellName, QUANTITY_PREFIX, viewShapes, type Combination, type Cubes } from './cubes';
import type { ContributionRow } from './contribution';
import type { Calendar, Grain } from './period';
import type { View } from '../topology';

/** Sums stay exact: a sum that leaves the safe integers goes on as a bigint. */
export type Sum = number | bigint;
const plus = (sum: Sum, amount: number): Sum => {
  if (typeof sum === 'bigint') return sum + BigInt(amount);
  const result = sum + amount;
  return Number.isSafeInteger(result) ? result : BigInt(sum) + BigInt(amount);
};

/** Takes one increment; those of one hash, and in it those of one cell, come one after the other. `measure` is empty for hashes that are no cube. */
export type IncrementTaker = (hash: string, cell: string, measure: string, amount: Sum) => void;
export interface FieldIncrements { each(take: IncrementTaker): void }

const NONE = -1;
/** Cell keys are one integer, number of the hash × this + number of the name. More names than any piece can hold: limits.revenueRowsPerDeclaration. */
const NAMES_PER_HASH = 2 ** 24;

/** The hashes of one combination, numbered by grain and period as they are met; and its cell names. */
interface CombinationHashes {
  readonly combination: Combination;
  readonly byGrain: readonly Map<string, number>[];
  readonly names: Map<string, number>;
  /** Only combinations that keep the HS code keep quantities: of different goods they do not add up. */
  readonly quantities: boolean;
  /** Rows that lack one of its dimensions are not kept; undefined where every row of the view has them all. */
  readonly needed: readonly string[] | undefined;
}

/**
 * Tables of numbers instead of maps of maps: a piece meets thousands of cells, most of them once, and a map
 * and an array for each was a third of the stage's time, half of it in the garbage collector.
 */
export class Increments implements FieldIncrements {
  private readonly byView = new Map<View, readonly CombinationHashes[]>();
  private readonly plain = new Map<string, Map<string, number>>();
  private readonly cellByKey = new Map<number, number>();
  /** By hash: its name, whether its cells go to a topic, its first cell. */
  private readonly hashNames: string[] = [];
  private readonly hashPublished: boolean[] = [];
  private readonly hashFirst: number[] = [];
  /** By cell: its name, the next cell of its hash, its first sum. */
  private readonly cellNames: string[] = [];
  private readonly cellNext: number[] = [];
  private readonly cellFirst: number[] = [];
  /** By sum: measure, amount, the next sum of its cell. */
  private readonly sumMeasures: string[] = [];
  private readonly sums: Sum[] = [];
  private readonly sumNext: number[] = [];
  private plainFields = 0;

  constructor(private readonly cubes: Cubes, private readonly calendar: Calendar) {}

  /** Combined increments so far; those that have come to cancel out are counted too. */
  get size(): number { return this.sums.length + this.plainFields; }

  /** Adds to a hash that is no cube: books, counts of codes. */
  add(hash: string, field: string, amount: number): void {
    let fields = this.plain.get(hash);
    if (!fields) this.plain.set(hash, (fields = new Map<string, number>()));
    const sum = fields.get(field);
    if (sum === undefined) this.plainFields++;
    fields.set(field, (sum ?? 0) + amount);
  }

  /** Spreads rows over every kept combination and grain. */
  addRows(rows: readonly ContributionRow[], sign: 1 | -1): void {
    for (const row of rows) {
      const periods = this.calendar.keysOf(row.at);
      for (const hashes of this.hashesOf(row.view)) {
        const { combination, byGrain, names, quantities, needed } = hashes;
        if (needed && !needed.every((dimension) => dimension in row.dimensions)) continue;
        const name = cellName(combination.dimensions, row.dimensions);
        let nameNumber = names.get(name);
        if (nameNumber === undefined) names.set(name, (nameNumber = names.size));
        for (let grain = 0; grain < byGrain.length; grain++) {
          const hash = this.hashAt(row.view, hashes, grain, periods[combination.grains[grain] as Grain]);
          this.addRow(this.cellAt(hash, name, nameNumber), row.measures, sign, quantities);
        }
      }
    }
  }

  private hashesOf(view: View): readonly CombinationHashes[] {
    let hashes = this.byView.get(view);
    if (!hashes) {
      hashes = this.cubes[view].combinations.map((combination) => ({
        combination, byGrain: combination.grains.map(() => new Map<string, number>()), names: new Map<string, number>(), quantities: combination.dimensions.includes('hs6'),
        needed: viewShapes[view].families && combination.dimensions,
      }));
      this.byView.set(view, hashes);
    }
    return hashes;
  }

  private hashAt(view: View, { combination, byGrain }: CombinationHashes, grainIndex: number, period: string): number {
    const periods = byGrain[grainIndex] as Map<string, number>;
    let hash = periods.get(period);
    if (hash === undefined) {
      const grain = combination.grains[grainIndex] as Grain;
      hash = this.hashNames.push(cellHash(view, combination.id, grain, period)) - 1;
      this.hashPublished.push(combination.publish?.grains.includes(grain) ?? false);
      this.hashFirst.push(NONE);
      periods.set(period, hash);
    }
    return hash;
  }

  private cellAt(hash: number, name: string, nameNumber: number): number {
    const key = hash * NAMES_PER_HASH + nameNumber;
    let cell = this.cellByKey.get(key);
    if (cell === undefined) {
      cell = this.cellNames.push(name) - 1;
      this.cellNext.push(this.hashFirst[hash] as number);
      this.hashFirst[hash] = cell;
      this.cellFirst.push(NONE);
      this.cellByKey.set(key, cell);
    }
    return cell;
  }

  private addRow(cell: number, measures: ContributionRow['measures'], sign: 1 | -1, quantities: boolean): void {
    for (const measure in measures) {
      const amount = measures[measure] as number;
      if (amount !== 0 && (quantities || !measure.startsWith(QUANTITY_PREFIX))) this.addSum(cell, measure, sign * amount);
    }
  }

  private addSum(cell: number, measure: string, amount: number): void {
    const first = this.cellFirst[cell] as number;
    for (let sum = first; sum !== NONE; sum = this.sumNext[sum] as number) {
      if (this.sumMeasures[sum] === measure) {
        this.sums[sum] = plus(this.sums[sum] as Sum, amount);
        return;
      }
    }
    this.cellFirst[cell] = this.sums.push(amount) - 1;
    this.sumMeasures.push(measure);
    this.sumNext.push(first);
  }

  /** Everything that is to be added, again and again; what has cancelled out is left out. */
  each(take: IncrementTaker): void {
    for (const [hash, fields] of this.plain) for (const [field, amount] of fields) if (amount !== 0) take(hash, field, '', amount);
    for (let hash = 0; hash < this.hashNames.length; hash++) {
      for (let cell = this.hashFirst[hash] as number; cell !== NONE; cell = this.cellNext[cell] as number) {
        for (let sum = this.cellFirst[cell] as number; sum !== NONE; sum = this.sumNext[sum] as number) {
          const amount = this.sums[sum] as Sum;
          if (isChange(amount)) take(this.hashNames[hash] as string, this.cellNames[cell] as string, this.sumMeasures[sum] as string, amount);
        }
      }
    }
  }

  /** The change list for publish: `hash|cell name[<TAB>units of quantity]`, a line for each cell that goes to a topic. */
  changedText(): string {
    let text = '';
    for (let hash = 0; hash < this.hashNames.length; hash++) {
      if (!this.hashPublished[hash]) continue;
      for (let cell = this.hashFirst[hash] as number; cell !== NONE; cell = this.cellNext[cell] as number) {
        const units = this.changedUnits(cell);
        if (units === undefined) continue;
        text += `${text === '' ? '' : '\n'}${this.hashNames[hash] as string}|${this.cellNames[cell] as string}${units === '' ? '' : `\t${units}`}`;
      }
    }
    return text;
  }

  /** Units of the quantities that change in a cell; undefined when nothing in it changes. */
  private changedUnits(cell: number): string | undefined {
    let units: string | undefined;
    for (let sum = this.cellFirst[cell] as number; sum !== NONE; sum = this.sumNext[sum] as number) {
      if (!isChange(this.sums[sum] as Sum)) continue;
      const measure = this.sumMeasures[sum] as string;
      units ??= '';
      if (measure.startsWith(QUANTITY_PREFIX)) units += `${units === '' ? '' : ','}${measure.slice(QUANTITY_PREFIX.length)}`;
    }
    return units;
  }
}

const isChange = (sum: Sum): boolean => sum !== 0 && sum !== 0n;
