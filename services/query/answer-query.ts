/**
 * One query, answered as of one moment: plan, read all hashes and positions at once, add up, format. Whoever asks again and
 * again plans by what the last answer found, and learns with the figures whether that still holds: one call to the store.
 */
import { viewShapes, type Cubes } from '../domain/cubes';
import { DEFINITIONS_HASH, definitionsApplied } from '../domain/definitions-applied';
import { grains, type Calendar, type Horizons } from '../domain/period';
import { asOfRestored, definitionsOfRestored, type RestoredNamespace } from '../domain/restored-namespace';
import { limits } from '../limits';
import type { ClosedStore } from '../shell/closed-store';
import { horizonsOf } from '../shell/horizons';
import type { FigureReader } from '../shell/figure-store';
import { readPositions } from '../shell/read-positions';
import { positionNotesOf } from '../shell/position-notes';
import type { View } from '../topology';
import { asOf, figureStatus, streamTimeOf, type AsOf, type FigureStatus, type PositionState } from '../domain/figure-status';
import { cubesWithout, noSeals, readFrozen, readSeals, ShownFigures, type ClosedMonth, type Seals } from './closed-figures';
import { resolvePeriod, type PeriodKind, type PeriodRequest, type ResolvedPeriod } from './period-request';
import { dimensionFault, type FigureQuery } from './plan';
import { planFigures, UNIT_VALUES, type AbsentFamily, type FigurePlan, type PlannedPart } from './plan-figures';
import { formatMeasures, formatRow, measureFilter, sumCells, totalsOf, type FigureRow, type MeasureValue, type SummedPart } from './rows';
import { UnitValues } from './unit-values';

export interface QueryRequest extends FigureQuery {
  readonly period: PeriodRequest;
  /** End of a rolling window, ms; without it the newest event time seen. */
  readonly atMs?: number;
  /** What has come to closed months since they were signed off, instead of the figures. */
  readonly adjustments?: boolean;
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
  /** Where the namespace is one that was restored: `cubes` are those that it has. */
  readonly restored?: RestoredNamespace;
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
  /** Months of the period that were signed off: their figures are those of that day. */
  readonly closed?: readonly ClosedMonth[];
  /** Whether something has come to those months since; unknown while the store is catching up. */
  readonly adjusted?: boolean;
  /** True: the rows are what has come since, not the figures; saved to a file they would look alike. */
  readonly onlyAdjustments?: true;
  readonly rows: readonly FigureRow[];
  readonly totals: Readonly<Record<string, MeasureValue>>;
  /** Views of several families: those that no kept figure answers for these dimensions and this period. */
  readonly absent?: readonly AbsentFamily[];
}
/** `malformed`: no such dimension or date; `refused`: no kept figure answers. */
export type QueryOutcome = QueryAnswer | { readonly malformed: string } | { readonly refused: string };

/** What answering takes of the store. */
export type FiguresSource = Pick<FigureReader, 'readFigures' | 'readNotes'>;
/** What a question is planned by. `streamTimeMs`: newest event time that was counted; 0: none. */
interface Known { readonly horizons: Horizons; readonly seals: Seals; readonly streamTimeMs: number }
/** What the last answer of a namespace found; empty at first. Of one reader and closed store alone. */
export interface LastKnown { known?: Known }
type Planned = Exclude<FigurePlan, { refused: string }>;
interface Question { readonly period: ResolvedPeriod; readonly plan: Planned; readonly hashes: readonly string[] }
const TRIES = 3;

export async function answerQuery(request: QueryRequest, context: QueryContext, reader: FiguresSource, closed: ClosedStore, last: LastKnown = {}): Promise<QueryOutcome> {
  const fault = dimensionFault(request);
  if (fault !== undefined) return { malformed: fault };
  if (request.adjustments && viewShapes[request.view].families) return { malformed: `${request.view} shows shares, which have no adjustments: ask for a view of amounts` };
  let known = last.known ?? (await knownNow(request, reader, closed));
  let isOfNow = !last.known;
  let kept = context;
  for (let attempt = 1; ; attempt++) {
    const question = planned(request, kept, known);
    if (!('hashes' in question)) {
      if (isOfNow) return question;
      [known, isOfNow] = [await knownNow(request, reader, closed), true];
      continue;
    }
    /** At once, as a busy store lets each call wait. Seals that are those of before were there before the figures, which can only be newer. */
    const [figures, seals] = await Promise.all([reader.readFigures(question.hashes, limits.queryFields), sealsFor(request, closed, known.seals)]);
    if ('tooManyFields' in figures) {
      if (isOfNow) return tooMany(figures.tooManyFields);
      [known, isOfNow] = [await knownNow(request, reader, closed), true];
      continue;
    }
    const since: Known = { horizons: horizonsOf(figures.notes.since), seals, streamTimeMs: streamTimeOf(figures.positions) };
    last.known = since;
    const frozen = await readFrozen(context, closed, isRolling(request) ? noSeals.byMonth : known.seals.byMonth, question.hashes, limits.queryFields);
    if ('tooManyFields' in frozen) return tooMany(frozen.tooManyFields);
    if ('lacking' in frozen && frozen.lacking.size > 0) {
      kept = { ...kept, cubes: cubesWithout(kept.cubes, frozen.lacking) };
      continue;
    }
    /** Cells let go or months closed anew between planning and reading would be wrong without a word. */
    const stands = !('moved' in frozen) && seals === known.seals && sameHorizons(known, since);
    if (attempt < TRIES && !(stands && sameWindow(request, context, known, since))) {
      [known, isOfNow] = [since, true];
      continue;
    }
    if ('moved' in frozen) return { refused: 'closed figures are being restored: ask again' };
    if (!stands) return { refused: 'months are being closed, or cells let go: ask again' };
    if (request.adjustments && frozen.months.length === 0) return { refused: 'no month of this period is closed: there are no adjustments' };
    return answerOf(request, context, question, new ShownFigures(figures, frozen, request.adjustments === true), { ...positionNotesOf(figures.notes.before), positions: figures.positions });
  }
}

async function knownNow(request: QueryRequest, reader: FiguresSource, closed: ClosedStore): Promise<Known> {
  const [notes, seals, streamTimeMs] = await Promise.all([reader.readNotes(), sealsFor(request, closed), isRolling(request) && request.atMs === undefined ? readPositions(reader).then(streamTimeOf) : 0]);
  return { horizons: horizonsOf(notes), seals, streamTimeMs };
}

const isRolling = ({ period }: QueryRequest): boolean => period.kind === 'rolling';
/** Windows that roll show what came to closed months too. */
const sealsFor = async (request: QueryRequest, closed: ClosedStore, before = noSeals): Promise<Seals> => (isRolling(request) ? before : readSeals(closed, before));

const periodOf = ({ period, atMs }: QueryRequest, { calendar, nowMs }: QueryContext, { streamTimeMs }: Known): ResolvedPeriod | undefined => resolvePeriod(period, calendar, atMs ?? (streamTimeMs || nowMs));

function planned(request: QueryRequest, context: QueryContext, known: Known): Question | { readonly malformed: string } | { readonly refused: string } {
  const period = periodOf(request, context, known);
  if (!period) return { malformed: `there is no ${request.period.kind} ${request.period.value}` };
  const plan = planFigures(context.cubes, context.calendar, request, period.window, known.horizons);
  return 'refused' in plan ? plan : { period, plan, hashes: hashesOf(plan) };
}

const sameHorizons = (known: Known, since: Known): boolean => grains.every((grain) => known.horizons[grain] === since.horizons[grain]);

/** A window that has moved on meanwhile is read again; one that moves at each reading is right as of a moment before. */
const sameWindow = (request: QueryRequest, context: QueryContext, known: Known, since: Known): boolean =>
  !isRolling(request) || periodOf(request, context, known)?.toMs === periodOf(request, context, since)?.toMs;

const tooMany = (fields: number): QueryOutcome => ({ refused: `the answer would read ${fields} fields, more than ${limits.queryFields}: ask for a shorter period or fewer dimensions` });

/** Where a rolling window ends that nobody has set an end. */
export async function newestEventMs(reader: FiguresSource, nowMs: number): Promise<number> {
  return streamTimeOf(await readPositions(reader)) || nowMs;
}

function answerOf(request: QueryRequest, context: QueryContext, { period, plan: { parts, absent } }: Question, shown: ShownFigures, state: PositionState): QueryAnswer {
  const fieldsOf = (hash: string): ReadonlyMap<string, string> => shown.fieldsOf(hash);
  const { restored } = context;
  const status = restored ? 'restored' : figureStatus(state, period.window.toMs, context.graceMs);
  const signedOff = shown.allSignedOff(parts.flatMap(({ hashes }) => hashes.map(({ hash }) => hash)));
  const rows = sumCells(request, parts.map((part) => summedPart(request, part, fieldsOf)));
  const families = parts.flatMap(({ family }) => (family ? [family.name] : []));
  const shownFamilies = families.length === 0 ? undefined : families;
  return {
    view: request.view,
    period: { kind: period.kind, ...(period.length === undefined ? {} : { length: period.length }), from: new Date(period.fromMs).toISOString(), to: new Date(period.toMs).toISOString() },
    by: request.by,
    where: request.where,
    currency: context.currency,
    status: signedOff ? 'closed' : status,
    definitions: (signedOff && shown.definitions) || definitionsOf(period, context, shown),
    asOf: restored ? asOfRestored(restored) : asOf(state.positions),
    ...(shown.months.length === 0 ? {} : { closed: shown.months, ...(status === 'catching-up' ? {} : { adjusted: shown.adjusted }) }),
    ...(request.adjustments ? { onlyAdjustments: true } : {}),
    rows: rows.map((row) => formatRow(request, row, context.minorUnits, shownFamilies)),
    totals: formatMeasures(request, totalsOf(rows), context.minorUnits, shownFamilies),
    ...(absent.length === 0 ? {} : { absent }),
  };
}

/** Packs that decided the events of the period, or would have. */
function definitionsOf({ window: { fromMs, toMs } }: ResolvedPeriod, { calendar, definitionsAt, restored }: QueryContext, shown: ShownFigures): string {
  return definitionsApplied(restored ? definitionsOfRestored(restored) : shown.currentOf(DEFINITIONS_HASH).keys(), calendar.keysOf(fromMs).month, calendar.keysOf(toMs - 1).month) ?? definitionsAt(toMs - 1);
}

const hashesOf = ({ parts }: Planned): string[] => [DEFINITIONS_HASH, ...new Set(parts.flatMap(({ hashes, baseline }) => [...hashes, ...baseline].map(({ hash }) => hash)))];

/** What a part adds: of a family its own measures; unit values only after they were compared. */
function summedPart(query: FigureQuery, { family, hashes, baseline }: PlannedPart, fieldsOf: SummedPart['fieldsOf']): SummedPart {
  if (!family) return { hashes, fieldsOf, takes: measureFilter(query), taken: query.view };
  if (family.name === UNIT_VALUES) {
    const unitValues = new UnitValues(baseline.map(({ hash }) => fieldsOf(hash)));
    return { hashes, fieldsOf: (hash) => unitValues.judged(fieldsOf(hash)), takes: () => true };
  }
  return { hashes, fieldsOf, takes: (measure) => family.measures.includes(measure.split('.', 1)[0] as string), taken: `${query.view} ${family.name}` };
}
