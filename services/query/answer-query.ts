/** One query, answered as of one moment: plan, read all hashes and positions at once, add up, format. */
import type { Cubes } from '../domain/cubes';
import { DEFINITIONS_HASH, definitionsApplied } from '../domain/definitions-applied';
import { grains, type Calendar } from '../domain/period';
import { limits } from '../limits';
import type { FigureReader, FiguresAnswer } from '../shell/figure-store';
import type { View } from '../topology';
import { asOf, figureStatus, streamTimeOf, type AsOf, type FigureStatus, type PositionState } from './figure-status';
import { resolvePeriod, type PeriodKind, type PeriodRequest, type ResolvedPeriod } from './period-request';
import { dimensionFault, type FigureQuery, type Horizons } from './plan';
import { planFigures, UNIT_VALUES, type AbsentFamily, type FigurePlan, type PlannedPart } from './plan-figures';
import { formatMeasures, formatRow, measureFilter, sumCells, totalsOf, type FigureRow, type MeasureValue, type SummedPart } from './rows';
import { UnitValues } from './unit-values';

export interface QueryRequest extends FigureQuery {
  readonly period: PeriodRequest;
  /** End of a rolling window, ms; without it the newest event time seen. */
  readonly atMs?: number;
}
export interface QueryContext {
  readonly cubes: Cubes;
  readonly calendar: Calendar;
  readonly currency: string;
  readonly minorUnits: number;
  readonly graceMs: number;
  /** Pack and version in force at a moment, e.g. imts2010@1.0.0: named where no event of the period says what decided it. */
  readonly definitionsAt: (atMs: number) => string;
  readonly nowMs: number;
}
export interface QueryAnswer {
  readonly view: View;
  readonly period: { readonly kind: PeriodKind; readonly length?: string; readonly from: string; readonly to: string };
  readonly by: readonly string[];
  readonly where: Readonly<Record<string, string>>;
  readonly currency: string;
  readonly status: FigureStatus;
  readonly definitions: string;
  readonly asOf: AsOf;
  readonly rows: readonly FigureRow[];
  readonly totals: Readonly<Record<string, MeasureValue>>;
  /** Views of several families: those that no kept figure answers for these dimensions and this period. */
  readonly absent?: readonly AbsentFamily[];
}
/** `malformed`: no such dimension or date; `refused`: no kept figure answers. */
export type QueryOutcome = QueryAnswer | { readonly malformed: string } | { readonly refused: string };

type Figures = Exclude<FiguresAnswer, { tooManyFields: number }>;
type Planned = Exclude<FigurePlan, { refused: string }>;
const TRIES = 3;

export async function answerQuery(request: QueryRequest, context: QueryContext, reader: FigureReader): Promise<QueryOutcome> {
  const fault = dimensionFault(request);
  if (fault !== undefined) return { malformed: fault };
  const endMs = request.period.kind === 'rolling' ? (request.atMs ?? (await newestEventMs(reader, context.nowMs))) : 0;
  const period = resolvePeriod(request.period, context.calendar, endMs);
  if (!period) return { malformed: `there is no ${request.period.kind} ${request.period.value}` };
  for (let attempt = 1; ; attempt++) {
    const horizons = await readHorizons(reader);
    const plan = planFigures(context.cubes, context.calendar, request, period.window, horizons);
    if ('refused' in plan) return plan;
    const notes = await readNotes(reader);
    const figures = await reader.readFigures(hashesOf(plan), limits.queryFields);
    if ('tooManyFields' in figures) return { refused: `the answer would read ${figures.tooManyFields} fields, more than ${limits.queryFields}: ask for a shorter period or fewer dimensions` };
    /** Cells let go between planning and reading would be missing without a word. */
    if (attempt < TRIES && !sameHorizons(horizons, await readHorizons(reader))) continue;
    return answerOf(request, context, period, plan, figures, { ...notes, positions: figures.positions });
  }
}

async function newestEventMs(reader: FigureReader, nowMs: number): Promise<number> {
  const answer = await reader.readFigures([], 0);
  return ('positions' in answer ? streamTimeOf(answer.positions) : 0) || nowMs;
}

async function readHorizons(reader: FigureReader): Promise<Horizons> {
  const notes = await Promise.all(grains.map(async (grain) => [grain, await reader.note(`horizon-${grain}`)] as const));
  return Object.fromEntries(notes.filter(([, note]) => note !== undefined).map(([grain, note]) => [grain, Number(note)]));
}

const sameHorizons = (a: Horizons, b: Horizons): boolean => grains.every((grain) => a[grain] === b[grain]);

/** Read before the figures, which can only be newer. */
async function readNotes(reader: FigureReader): Promise<Omit<PositionState, 'positions'>> {
  const [confirmed, published] = await Promise.all([reader.note('confirmed-through'), reader.note('published-positions')]);
  return { confirmedThroughMs: Number(confirmed ?? 0), publishedPositions: JSON.parse(published ?? '{}') as Record<string, number> };
}

function answerOf(request: QueryRequest, context: QueryContext, period: ResolvedPeriod, { parts, absent }: Planned, figures: Figures, state: PositionState): QueryAnswer {
  const fields = new Map(figures.hashes.map((hash) => [hash.hash, hash.fields]));
  const fieldsOf = (hash: string): ReadonlyMap<string, string> => fields.get(hash) ?? new Map<string, string>();
  const rows = sumCells(request, parts.map((part) => summedPart(request, part, fieldsOf)));
  const families = parts.flatMap(({ family }) => (family ? [family.name] : []));
  const shownFamilies = families.length === 0 ? undefined : families;
  return {
    view: request.view,
    period: { kind: period.kind, ...(period.length === undefined ? {} : { length: period.length }), from: new Date(period.fromMs).toISOString(), to: new Date(period.toMs).toISOString() },
    by: request.by,
    where: request.where,
    currency: context.currency,
    status: figureStatus(state, period.window.toMs, context.graceMs),
    definitions: definitionsApplied(fieldsOf(DEFINITIONS_HASH).keys(), context.calendar.keysOf(period.window.fromMs).month, context.calendar.keysOf(period.window.toMs - 1).month) ?? context.definitionsAt(period.window.toMs - 1),
    asOf: asOf(figures.positions),
    rows: rows.map((row) => formatRow(request, row, context.minorUnits, shownFamilies)),
    totals: formatMeasures(request, totalsOf(rows), context.minorUnits, shownFamilies),
    ...(absent.length === 0 ? {} : { absent }),
  };
}

const hashesOf = ({ parts }: Planned): string[] => [DEFINITIONS_HASH, ...new Set(parts.flatMap(({ hashes, baseline }) => [...hashes, ...baseline].map(({ hash }) => hash)))];

/** What a part adds: of a family its own measures; unit values only after they were compared. */
function summedPart(query: FigureQuery, { family, hashes, baseline }: PlannedPart, fieldsOf: SummedPart['fieldsOf']): SummedPart {
  if (!family) return { hashes, fieldsOf, takes: measureFilter(query) };
  if (family.name === UNIT_VALUES) {
    const unitValues = new UnitValues(baseline.map(({ hash }) => fieldsOf(hash)));
    return { hashes, fieldsOf: (hash) => unitValues.judged(fieldsOf(hash)), takes: () => true };
  }
  return { hashes, fieldsOf, takes: (measure) => family.measures.includes(measure.split('.', 1)[0] as string) };
}
