/** The published figures as records of the aggregate topics: pure. */
import { cellValues, QUANTITY_PREFIX, splitField, viewShapes, type Cubes } from '../domain/cubes';
import { AMOUNT_SCALE, COUNTED_MEASURE_SCALE, powerOfTen } from '../domain/decimal';
import type { Calendar, Grain, Range } from '../domain/period';
import type { View } from '../topology';

/** A cell's name in the world: key of its records. */
export interface CellAddress { readonly view: View; readonly combination: string; readonly grain: Grain; readonly period: string; readonly name: string }

/** `view/combination/grain/period|name`; undefined for reserved keys. */
export function parseRecordKey(key: string): CellAddress | undefined {
  if (key.startsWith('@')) return undefined;
  const bar = key.indexOf('|');
  const [view, combination, grain, period] = key.slice(0, bar).split('/');
  if (!view || !combination || !grain || !period) return undefined;
  return { view: view as View, combination, grain: grain as Grain, period, name: key.slice(bar + 1) };
}

/** Keys that begin with an at sign are not cells. */
export const POSITIONS_KEY = '@positions';
export const GENERATION_KEY = '@generation';
export type GenerationMarker = 'GENERATION_BEGIN' | 'GENERATION_END';

/** A line of the change list: `record key[<TAB>units of quantity]`. */
export function parseChange(line: string): { key: string; units: string } {
  const tab = line.indexOf('\t');
  return tab < 0 ? { key: line, units: '' } : { key: line.slice(0, tab), units: line.slice(tab + 1) };
}

/** Measures of a cell, quantity spread over the units known of it. */
export function measuresOf(view: View, units: Iterable<string>): string[] {
  const measures: string[] = [];
  for (const measure of Object.keys(viewShapes[view].measures)) {
    if (measure === 'quantity') for (const unit of units) measures.push(`${QUANTITY_PREFIX}${unit}`);
    else measures.push(measure);
  }
  return measures;
}

/** Units among measures that are quantities. */
export const unitsOf = (measures: Iterable<string>): string[] => [...measures].filter((measure) => measure.startsWith(QUANTITY_PREFIX)).map((measure) => measure.slice(QUANTITY_PREFIX.length));

/** Cells of a hash by name, their values by measure. */
export function cellsOf(fields: ReadonlyMap<string, string>): Map<string, Map<string, bigint>> {
  const cells = new Map<string, Map<string, bigint>>();
  for (const [field, value] of fields) {
    const { name, measure } = splitField(field);
    let measures = cells.get(name);
    if (!measures) cells.set(name, (measures = new Map<string, bigint>()));
    measures.set(measure, BigInt(value));
  }
  return cells;
}

export interface RecordContext {
  readonly currency: string;
  readonly exponent: number;
  /** Pack and version in force at a moment: named where no event of a period says what decided it. */
  readonly definitionsAt: (atMs: number) => string;
  readonly calendar: Calendar;
  readonly cubes: Cubes;
}

export interface CellState {
  readonly address: CellAddress;
  readonly measures: readonly string[];
  /** As Redis keeps them: minor units, thousandths, counts. Of a closed period those that were signed off. */
  readonly values: readonly bigint[];
  readonly status: 'PROVISIONAL' | 'FINAL' | 'CLOSED';
  /** What came after the period was closed, in the order of `measures`. */
  readonly adjustments?: readonly bigint[];
}

/** A cell of a closed period: what was signed off, and what has come since. */
export const closedState = (address: CellAddress, measures: readonly string[], current: readonly bigint[], frozen: readonly bigint[]): CellState =>
  ({ address, measures, values: frozen, status: 'CLOSED', adjustments: current.map((value, index) => value - (frozen[index] ?? 0n)) });

/** Who wrote a record, which one it is in its log, and what it reflects. */
export interface RecordStamp {
  readonly revision: number; readonly generation: number; readonly writer: string; readonly streamTimeMs: number; readonly sourceOffsets: Readonly<Record<string, number>>;
  /** By month: the packs that decided its events. */
  readonly definitions: ReadonlyMap<string, string>;
}

/** Compared to see whether a cell must be published again. */
export const cellDigest = ({ measures, values, status, adjustments = [] }: CellState): string =>
  `${status} ${[...amountTexts(measures, values, '='), ...amountTexts(measures, adjustments, '+')].join(' ')}`;

const amountTexts = (measures: readonly string[], values: readonly bigint[], sign: string): string[] =>
  values.flatMap((value, index) => (value === 0n ? [] : [`${measures[index]}${sign}${value}`]));

/** The value of a cell's record, for the topic's schema. */
export function cellRecord(state: CellState, stamp: RecordStamp, context: RecordContext): Record<string, unknown> {
  const { address: { view, combination, grain, period, name }, measures, values, status, adjustments = [] } = state;
  const range = context.calendar.rangeOf(grain, period);
  const record: Record<string, unknown> = {
    kind: 'CELL', revision: stamp.revision, generation: stamp.generation, writer: stamp.writer, status,
    definitions: definitionsOf(range, stamp, context),
    combination, grain, period, periodFrom: range?.fromMs ?? 0, periodTo: range?.toMs ?? 0, currency: context.currency,
    adjustments: adjustments.flatMap((amount, index) => (amount === 0n ? [] : [{ measure: measures[index], amount: amount * adjustmentUnit(view, measures[index] as string, context.exponent) }])),
    streamTime: stamp.streamTimeMs, sourceOffsets: stamp.sourceOffsets,
  };
  const dimensions = context.cubes[view].combinations.find(({ id }) => id === combination)?.dimensions ?? [];
  const dimensionValues = cellValues(name);
  for (const dimension of viewShapes[view].dimensions) {
    const index = dimensions.indexOf(dimension);
    record[dimension] = index < 0 ? null : (dimensionValues[index] ?? '');
  }
  addMeasures(record, view, measures, values, context.exponent);
  return record;
}

/** How often one unit of the store goes into the last digit of an adjustment, which has the scale of amounts. */
export function adjustmentUnit(view: View, measure: string, exponent: number): bigint {
  const kind = viewShapes[view].measures[measure.split('.', 1)[0] as string];
  if (kind === 'count') return powerOfTen(AMOUNT_SCALE);
  return powerOfTen(AMOUNT_SCALE - (kind === 'money' ? exponent : COUNTED_MEASURE_SCALE));
}

/** A cell of any grain lies within one month. */
function definitionsOf(range: Range | undefined, { definitions, streamTimeMs }: RecordStamp, { calendar, definitionsAt }: RecordContext): string {
  if (!range) return definitionsAt(streamTimeMs);
  return definitions.get(calendar.keysOf(range.fromMs).month) ?? definitionsAt(range.toMs - 1);
}

function addMeasures(record: Record<string, unknown>, view: View, measures: readonly string[], values: readonly bigint[], exponent: number): void {
  const kinds = viewShapes[view].measures;
  const quantities: { unit: string; value: bigint }[] = [];
  measures.forEach((measure, index) => {
    const value = values[index] ?? 0n;
    if (measure.startsWith(QUANTITY_PREFIX)) {
      if (value !== 0n) quantities.push({ unit: measure.slice(QUANTITY_PREFIX.length), value });
    } else if (kinds[measure] === 'money') record[measure] = value * powerOfTen(AMOUNT_SCALE - exponent);
    else record[measure] = kinds[measure] === 'count' ? Number(value) : value;
  });
  if (view === 'statistics') record['quantities'] = quantities;
}

/**
 * A record under a reserved key: the source positions that the topic reflects, or one of the two markers between which a
 * partition changes over to other figures: a subscriber takes them over together, at the end.
 */
export function reservedRecord(kind: 'POSITIONS' | GenerationMarker, view: View, stamp: RecordStamp, context: RecordContext): Record<string, unknown> {
  const address: CellAddress = { view, combination: '', grain: 'month', period: '', name: '' };
  const measures = measuresOf(view, []);
  const empty = cellRecord({ address, measures, values: measures.map(() => 0n), status: 'PROVISIONAL' }, stamp, context);
  return { ...empty, kind, grain: '' };
}
