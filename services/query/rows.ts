/** Sums of cells, as exact integers, and the rows that people and programs read. */
import { cellValues, derivedDimensions, QUANTITY_PREFIX, splitField, viewShapes, type Combination, type MeasureUnit } from '../domain/cubes';
import { COUNTED_MEASURE_SCALE, formatDecimal } from '../domain/decimal';
import type { FigureQuery, PlannedHash } from './plan';
import { qualityIndicators } from './quality-indicators';

export type MeasureValue = string | number | null | Readonly<Record<string, string>>;
export type FigureRow = Readonly<Record<string, MeasureValue>>;
export interface SummedRow { readonly values: readonly string[]; readonly sums: Map<string, bigint> }

/** Quantities of different goods add up to nothing: they are shown where the six-digit code is asked for. */
const withQuantity = ({ view, by, where }: FigureQuery): boolean => 'quantity' in viewShapes[view].measures && (by.includes('hs6') || 'hs6' in where);

/** Measures of a view in the order they are shown. */
const shownMeasures = (query: FigureQuery): string[] => Object.keys(viewShapes[query.view].measures).filter((measure) => measure !== 'quantity' || withQuantity(query));

/** Whether a measure is shown: what is not need not be added up. */
export const measureFilter = (query: FigureQuery): ((measure: string) => boolean) => {
  const quantity = withQuantity(query);
  return (measure) => quantity || !measure.startsWith(QUANTITY_PREFIX);
};

/** Hashes that are added up together. */
export interface SummedPart {
  readonly hashes: readonly PlannedHash[];
  /** Fields of a hash: values are 64-bit integers as text. */
  readonly fieldsOf: (hash: string) => ReadonlyMap<string, string>;
  readonly takes: (measure: string) => boolean;
  /** What `takes` takes, in a word: two parts of the same word and query take the same of a hash. Absent: nothing is kept of it. */
  readonly taken?: string;
}

/** Adds the cells that `where` lets through, by the dimensions of `by`. */
export function sumCells(query: FigureQuery, parts: readonly SummedPart[]): SummedRow[] {
  const rows = new Map<string, OpenRow>();
  for (const part of parts) sumPart(query, part, rows);
  return [...rows.values()].map(({ values, sums }): SummedRow => ({ values, sums: new Map([...sums].map(([measure, sum]) => [measure, sum.total])) }))
    .filter(({ sums }) => [...sums.values()].some((sum) => sum !== 0n)).sort(compareRows);
}

interface OpenRow { readonly values: readonly string[]; readonly sums: Map<string, Sum> }

/** One answer adds up tens of thousands of values: those that a double holds are added as doubles, for as long as it holds their sum. */
class Sum {
  private large = 0n;
  private small = 0;

  get total(): bigint { return this.large + BigInt(this.small); }

  addSum({ large, small }: Sum): void {
    this.large += large;
    this.addSmall(small);
  }

  add(value: string): void {
    if (value.length > DIGITS_OF_DOUBLES) { this.large += BigInt(value); return; }
    this.addSmall(Number(value));
  }

  private addSmall(value: number): void {
    this.small += value;
    if (this.small <= HALF_OF_DOUBLES && this.small >= -HALF_OF_DOUBLES) return;
    this.large += BigInt(this.small);
    this.small = 0;
  }
}
const DIGITS_OF_DOUBLES = 15;
const HALF_OF_DOUBLES = 2 ** 52;

/**
 * What a query adds up to in a hash, by the fields that were read of it: readers that keep a hash hand out the same fields
 * until it changes, and of an hour's sixty minutes fifty-nine have not.
 */
const known = new WeakMap<ReadonlyMap<string, string>, Map<string, readonly OpenRow[]>>();

function sumPart(query: FigureQuery, { hashes, fieldsOf, takes, taken }: SummedPart, rows: Map<string, OpenRow>): void {
  const asked = taken === undefined ? undefined : JSON.stringify([query.by, query.where, taken]);
  for (const { hash, combination } of hashes) {
    const fields = fieldsOf(hash);
    for (const row of asked === undefined ? summed(query, combination, fields, takes) : summedOnce(`${combination.id} ${asked}`, fields, () => summed(query, combination, fields, takes))) addRow(row, rows);
  }
}

function summedOnce(name: string, fields: ReadonlyMap<string, string>, sum: () => readonly OpenRow[]): readonly OpenRow[] {
  let ofFields = known.get(fields);
  if (!ofFields) known.set(fields, (ofFields = new Map<string, readonly OpenRow[]>()));
  let rows = ofFields.get(name);
  if (!rows) ofFields.set(name, (rows = sum()));
  return rows;
}

function addRow({ values, sums }: OpenRow, rows: Map<string, OpenRow>): void {
  const key = values.join('\0');
  let row = rows.get(key);
  if (!row) rows.set(key, (row = { values, sums: new Map<string, Sum>() }));
  for (const [measure, sum] of sums) {
    let total = row.sums.get(measure);
    if (!total) row.sums.set(measure, (total = new Sum()));
    total.addSum(sum);
  }
}

/** Of one hash. */
function summed(query: FigureQuery, combination: Combination, fields: ReadonlyMap<string, string>, takes: SummedPart['takes']): readonly OpenRow[] {
  const rows = new Map<string, OpenRow>();
  /** Null: `where` leaves the cell out. */
  const byName = new Map<string, OpenRow | null>();
  for (const [field, value] of fields) {
    const { name, measure } = splitField(field);
    if (!takes(measure)) continue;
    let row = byName.get(name);
    if (row === undefined) byName.set(name, (row = rowOf(query, combination, name, rows) ?? null));
    if (row === null) continue;
    let sum = row.sums.get(measure);
    if (!sum) row.sums.set(measure, (sum = new Sum()));
    sum.add(value);
  }
  return [...rows.values()];
}

/** The value of a dimension among those that are there, or as it follows from one of them. */
export function valueOfDimension(dimension: string, known: (name: string) => string | undefined): string {
  const derived = derivedDimensions[dimension];
  return known(dimension) ?? (derived ? derived.derive(known(derived.from) ?? '') : '');
}

/** The row that a cell belongs to; undefined when `where` leaves it out. */
function rowOf({ by, where }: FigureQuery, { dimensions }: Combination, name: string, rows: Map<string, OpenRow>): OpenRow | undefined {
  const parts = cellValues(name);
  const known = (dimension: string): string | undefined => {
    const index = dimensions.indexOf(dimension);
    return index < 0 ? undefined : (parts[index] ?? '');
  };
  const valueOf = (dimension: string): string => valueOfDimension(dimension, known);
  for (const [dimension, value] of Object.entries(where)) if (valueOf(dimension) !== value) return undefined;
  const values = by.map(valueOf);
  const key = values.join('\0');
  let row = rows.get(key);
  if (!row) rows.set(key, (row = { values, sums: new Map() }));
  return row;
}

function compareRows(a: SummedRow, b: SummedRow): number {
  for (let index = 0; index < a.values.length; index++) {
    const [left = '', right = ''] = [a.values[index], b.values[index]];
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

export function totalsOf(rows: readonly SummedRow[]): Map<string, bigint> {
  const totals = new Map<string, bigint>();
  for (const { sums } of rows) for (const [measure, sum] of sums) totals.set(measure, (totals.get(measure) ?? 0n) + sum);
  return totals;
}

/** Amounts with the currency's minor units, masses and quantities with three decimals, counts as numbers. `families`: those of the view that are answered. */
export function formatMeasures(query: FigureQuery, sums: ReadonlyMap<string, bigint>, minorUnits: number, families?: readonly string[]): Record<string, MeasureValue> {
  if (families) return Object.assign({}, ...families.map((name) => qualityIndicators[name]?.(sums, minorUnits))) as Record<string, MeasureValue>;
  const shown: Record<string, MeasureValue> = {};
  for (const measure of shownMeasures(query)) {
    const unit = viewShapes[query.view].measures[measure] as MeasureUnit;
    shown[measure] = unit === 'quantity' ? quantities(sums) : formatMeasure(sums.get(measure) ?? 0n, unit, minorUnits);
  }
  return shown;
}

function formatMeasure(sum: bigint, unit: MeasureUnit, minorUnits: number): string | number {
  if (unit === 'count') return Number(sum);
  return formatDecimal(sum, unit === 'money' ? minorUnits : COUNTED_MEASURE_SCALE);
}

function quantities(sums: ReadonlyMap<string, bigint>): Record<string, string> {
  const units = [...sums].filter(([measure, sum]) => measure.startsWith(QUANTITY_PREFIX) && sum !== 0n).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(units.map(([measure, sum]) => [measure.slice(QUANTITY_PREFIX.length), formatDecimal(sum, COUNTED_MEASURE_SCALE)]));
}

export function formatRow(query: FigureQuery, { values, sums }: SummedRow, minorUnits: number, families?: readonly string[]): FigureRow {
  const dimensions = Object.fromEntries(query.by.map((dimension, index) => [dimension, values[index] ?? '']));
  return { ...dimensions, ...formatMeasures(query, sums, minorUnits, families) };
}
