/** An explained figure as one object, for people and programs alike; with what the log says of the declarations that are shown. */
import type { Cubes } from '../domain/cubes';
import type { QueryAnswer } from '../query/answer-query';
import type { PeriodRequest } from '../query/period-request';
import { formatMeasures, type MeasureValue } from '../query/rows';
import type { View } from '../topology';
import { sumOf, type Contributor, type Sums } from './contributors';
import { recordsAt, type LogPorts, type PlacedRecord } from './enriched-records';
import type { FigureExplanation } from './explain-figure';
import { publishedPlace, revisionsOf, type Revision } from './revisions';
import { shownContribution, type ShownContribution } from './shown-contribution';

export interface Explanation extends Pick<QueryAnswer, 'view' | 'period' | 'where' | 'currency' | 'status' | 'definitions' | 'asOf' | 'closed'> {
  /** As `query` shows it; of closed months what was signed off. */
  readonly figure: Readonly<Record<string, MeasureValue>>;
  /** What came to closed months since: figure and adjustment make `current`. */
  readonly adjustment?: Readonly<Record<string, MeasureValue>>;
  readonly current: Readonly<Record<string, MeasureValue>>;
  /** What all declarations below, shown or not, add up to. */
  readonly explained: Readonly<Record<string, MeasureValue>>;
  readonly addsUp: boolean;
  /** In units of the store: minor units, grams, thousandths, counts. */
  readonly differences: readonly { readonly measure: string; readonly figure: string; readonly explained: string }[];
  /** Of operations: refusals are in no declaration's facts, "tidewaiter rejects list" has them. */
  readonly refused?: number;
  readonly declarations: number;
  readonly contributions: readonly ShownContribution[];
  /** What those behind the last one shown add together; absent: there are none. */
  readonly remaining?: { readonly declarations: number; readonly amounts: Readonly<Record<string, MeasureValue>> };
  /** Null: the question is no single published figure, or the log was not asked. */
  readonly revisions: readonly Revision[] | null;
}

/** `from`: how many of the largest were shown before; `measure`: shown alone, as it was asked for alone. */
export interface ShownChoice { readonly limit: number; readonly from?: number; readonly measure?: string; readonly minorUnits: number; readonly cubes: Cubes; readonly period: PeriodRequest }
/** Absent: the store alone is asked. */
export interface LogChoice extends LogPorts { /** Records of the aggregate topic; absent: as many as a command looks through. */ readonly revisionsLookedThrough?: number; readonly partitionOf: (key: string) => number; readonly onProgress?: (read: number, total: number) => void }

export async function explanationOf(figure: FigureExplanation, choice: ShownChoice, log: LogChoice | undefined): Promise<Explanation> {
  const { limit, from = 0, measure, minorUnits, cubes, period } = choice;
  const { query, answer, contributors, declarations, differences, refusals } = figure;
  const shown = contributors.slice(from, from + limit);
  const records = log ? await recordsOfShown(shown, log) : new Map<string, PlacedRecord>();
  const told = (measures: Readonly<Record<string, MeasureValue>>): Readonly<Record<string, MeasureValue>> => onlyTold(query.view, measure, measures);
  const formatted = (sums: FigureExplanation['current']): Readonly<Record<string, MeasureValue>> => told(formatMeasures(query, sums, minorUnits));
  const remaining = declarations - from - shown.length;
  return {
    view: answer.view, period: answer.period, where: answer.where, currency: answer.currency, status: answer.status, definitions: answer.definitions, asOf: answer.asOf,
    figure: told(answer.totals),
    ...(answer.closed ? { closed: answer.closed } : {}), ...(figure.adjustment ? { adjustment: told(figure.adjustment) } : {}),
    current: formatted(figure.current), explained: formatted(figure.explained),
    addsUp: differences.length === 0,
    differences: differences.map(({ measure: name, figure: ofFigure, explained }) => ({ measure: name, figure: String(ofFigure), explained: String(explained) })),
    ...(query.view === 'operations' ? { refused: Number(refusals) } : {}),
    declarations,
    contributions: shown.map((contributor) => {
      const shownOne = shownContribution(contributor, records.get(`${contributor.partition}/${contributor.facts.recordOffset}`), query, minorUnits);
      return { ...shownOne, amounts: told(shownOne.amounts) };
    }),
    ...(remaining > 0 ? { remaining: { declarations: remaining, amounts: formatted(withoutThose(figure.explained, contributors.slice(0, from + limit))) } } : {}),
    revisions: log && from === 0 ? await revisions(cubes, query.view, period, answer.where, log) : null,
  };
}

async function recordsOfShown(shown: FigureExplanation['contributors'], log: LogChoice): Promise<Map<string, PlacedRecord>> {
  const places = shown.map(({ partition, facts }) => ({ partition, offset: facts.recordOffset }));
  const records = await recordsAt(places, log, (read) => log.onProgress?.(read, places.length));
  return new Map(records.map((record) => [`${record.partition}/${record.offset}`, record]));
}

async function revisions(cubes: Cubes, view: View, period: PeriodRequest, where: Readonly<Record<string, string>>, log: LogChoice): Promise<readonly Revision[] | null> {
  const place = publishedPlace(cubes, view, period, where);
  return place ? revisionsOf(place, view, log.partitionOf(place.key), log, log.revisionsLookedThrough) : null;
}

/** What is left of a sum, exactly. */
function withoutThose(sums: Sums, contributors: readonly Contributor[]): Sums {
  const left = new Map(sums);
  for (const [measure, amount] of sumOf(contributors)) left.set(measure, (left.get(measure) ?? 0n) - amount);
  return left;
}

/** Refusals are no measure that is explained. */
function onlyTold(view: View, asked: string | undefined, measures: Readonly<Record<string, MeasureValue>>): Readonly<Record<string, MeasureValue>> {
  return Object.fromEntries(Object.entries(measures).filter(([measure]) => (asked === undefined ? view !== 'operations' || measure !== 'refused' : measure === asked)));
}
