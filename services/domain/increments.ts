/** Contributions of a piece, combined per cell and measure before they reach the store. */
import { CellNames, NO_NAME, type FiledCombination } from './cell-names';
import type { ContributionRow } from './contribution';
import { cellHash, QUANTITY_PREFIX, type Cubes } from './cubes';
import { PairNumbers } from './pair-numbers';
import { isFine, type Calendar, type Grain } from './period';
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

/** The hashes of one combination, numbered by grain and period as they are met. */
interface CombinationHashes {
  readonly byGrain: readonly Map<string, number>[];
  /** By grain, the period that was met last and its hash: what comes one after the other is mostly of one day. */
  readonly lastPeriods: string[];
  readonly lastHashes: number[];
  /** By grain. */
  readonly fine: readonly boolean[];
  /** Only combinations that keep the HS code keep quantities: of different goods they do not add up. */
  readonly quantities: boolean;
}

/**
 * Tables of numbers instead of maps of maps: a piece meets thousands of cells, most of them once, and a map
 * and an array for each was a third of the stage's time, half of it in the garbage collector.
 */
export class Increments implements FieldIncrements {
  /** By the combination's number. */
  private readonly byCombination: (CombinationHashes | undefined)[] = [];
  private readonly plain = new Map<string, Map<string, number>>();
  /** (hash, name) → cell. */
  private readonly cells = new PairNumbers();
  /** By hash: its name, whether its cells go to a topic, its first cell. */
  private readonly hashNames: string[] = [];
  private readonly hashPublished: boolean[] = [];
  private readonly hashFirst: number[] = [];
  /** By cell: its name, the next cell of its hash, its first sum. */
  private readonly cellNames: number[] = [];
  private readonly cellNext: number[] = [];
  private readonly cellFirst: number[] = [];
  /** By sum: number of its measure, amount, the next sum of its cell. */
  private readonly sumMeasures: number[] = [];
  private readonly sums: Sum[] = [];
  private readonly sumNext: number[] = [];
  private readonly measureNumbers = new Map<string, number>();
  private readonly measureTexts: string[] = [];
  /** What the row at hand adds: numbers of measures, with the sign of the row. */
  private readonly rowMeasures: number[] = [];
  private readonly rowAmounts: number[] = [];
  private rowCount = 0;
  private plainFields = 0;

  /** `names`: kept over many pieces by whoever counts them. `fineSinceMs`: what counts before it is not kept by minute and hour. */
  constructor(cubes: Cubes, private readonly calendar: Calendar, private readonly names = new CellNames(cubes), private readonly fineSinceMs = -Infinity) {}

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
    const { names } = this;
    for (const row of rows) {
      const periods = this.calendar.keysOf(row.at);
      const coarseAlone = row.at < this.fineSinceMs;
      names.file(row);
      this.measure(row.measures, sign);
      for (const filed of names.of(row.view)) {
        const name = names.nameOf(filed);
        if (name === NO_NAME) continue;
        const hashes = this.byCombination[filed.number] ?? this.addCombination(filed);
        const { grains } = filed.combination;
        for (let grain = 0; grain < grains.length; grain++) {
          if (coarseAlone && hashes.fine[grain]) continue;
          const period = periods[grains[grain] as Grain];
          const hash = hashes.lastPeriods[grain] === period ? (hashes.lastHashes[grain] as number) : this.hashOf(row.view, filed, hashes, grain, period);
          this.addRow(this.cellAt(hash, name), hashes.quantities);
        }
      }
    }
  }

  /** Names of measures are compared once for a row, not once for each of its cells. */
  private measure(measures: ContributionRow['measures'], sign: 1 | -1): void {
    this.rowCount = 0;
    for (const measure in measures) {
      const amount = measures[measure] as number;
      if (amount === 0) continue;
      let number = this.measureNumbers.get(measure);
      if (number === undefined) this.measureNumbers.set(measure, (number = this.measureTexts.push(measure) - 1));
      this.rowMeasures[this.rowCount] = number;
      this.rowAmounts[this.rowCount++] = sign * amount;
    }
  }

  private addCombination({ number, combination: { grains, dimensions } }: FiledCombination): CombinationHashes {
    return (this.byCombination[number] = { byGrain: grains.map(() => new Map<string, number>()), lastPeriods: grains.map(() => ''), lastHashes: grains.map(() => NONE), fine: grains.map(isFine), quantities: dimensions.includes('hs6') });
  }

  private hashOf(view: View, { combination }: FiledCombination, { byGrain, lastPeriods, lastHashes }: CombinationHashes, grainIndex: number, period: string): number {
    let hash = byGrain[grainIndex]?.get(period);
    if (hash === undefined) {
      const grain = combination.grains[grainIndex] as Grain;
      hash = this.hashNames.push(cellHash(view, combination.id, grain, period)) - 1;
      this.hashPublished.push(combination.publish?.grains.includes(grain) ?? false);
      this.hashFirst.push(NONE);
      byGrain[grainIndex]?.set(period, hash);
    }
    lastPeriods[grainIndex] = period;
    lastHashes[grainIndex] = hash;
    return hash;
  }

  private cellAt(hash: number, name: number): number {
    const cell = this.cells.numberOf(hash, name);
    if (cell === this.cellNames.length) {
      this.cellNames.push(name);
      this.cellNext.push(this.hashFirst[hash] as number);
      this.hashFirst[hash] = cell;
      this.cellFirst.push(NONE);
    }
    return cell;
  }

  /** Rows of a kind name their measures in one order, which is that of the cell's sums: nearly always the next one is the one. */
  private addRow(cell: number, quantities: boolean): void {
    let next = this.cellFirst[cell] as number;
    for (let index = 0; index < this.rowCount; index++) {
      const measure = this.rowMeasures[index] as number;
      const amount = this.rowAmounts[index] as number;
      if (next !== NONE && this.sumMeasures[next] === measure) {
        this.sums[next] = plus(this.sums[next] as Sum, amount);
        next = this.sumNext[next] as number;
      } else if (quantities || !isQuantity(this.measureTexts[measure] as string)) this.addSum(cell, measure, amount);
    }
  }

  private addSum(cell: number, measure: number, amount: number): void {
    let last = NONE;
    for (let sum = this.cellFirst[cell] as number; sum !== NONE; sum = this.sumNext[sum] as number) {
      if (this.sumMeasures[sum] === measure) {
        this.sums[sum] = plus(this.sums[sum] as Sum, amount);
        return;
      }
      last = sum;
    }
    const added = this.sums.push(amount) - 1;
    if (last === NONE) this.cellFirst[cell] = added;
    else this.sumNext[last] = added;
    this.sumMeasures.push(measure);
    this.sumNext.push(NONE);
  }

  /** Everything that is to be added, again and again; what has cancelled out is left out. */
  each(take: IncrementTaker): void {
    for (const [hash, fields] of this.plain) for (const [field, amount] of fields) if (amount !== 0) take(hash, field, '', amount);
    for (let hash = 0; hash < this.hashNames.length; hash++) {
      for (let cell = this.hashFirst[hash] as number; cell !== NONE; cell = this.cellNext[cell] as number) {
        for (let sum = this.cellFirst[cell] as number; sum !== NONE; sum = this.sumNext[sum] as number) {
          const amount = this.sums[sum] as Sum;
          if (isChange(amount)) take(this.hashNames[hash] as string, this.names.text(this.cellNames[cell] as number), this.measureTexts[this.sumMeasures[sum] as number] as string, amount);
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
        text += `${text === '' ? '' : '\n'}${this.hashNames[hash] as string}|${this.names.text(this.cellNames[cell] as number)}${units === '' ? '' : `\t${units}`}`;
      }
    }
    return text;
  }

  /** Units of the quantities that change in a cell; undefined when nothing in it changes. */
  private changedUnits(cell: number): string | undefined {
    let units: string | undefined;
    for (let sum = this.cellFirst[cell] as number; sum !== NONE; sum = this.sumNext[sum] as number) {
      if (!isChange(this.sums[sum] as Sum)) continue;
      const measure = this.measureTexts[this.sumMeasures[sum] as number] as string;
      units ??= '';
      if (isQuantity(measure)) units += `${units === '' ? '' : ','}${measure.slice(QUANTITY_PREFIX.length)}`;
    }
    return units;
  }
}

const isQuantity = (measure: string): boolean => measure.startsWith(QUANTITY_PREFIX);
const isChange = (sum: Sum): boolean => sum !== 0 && sum !== 0n;
