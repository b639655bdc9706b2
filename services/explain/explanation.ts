/** An explained figure as one object, for people and programs alike; with what the log says of the declarations that are shown. */
import type { Cubes } from '../domain/cubes';
import type { QueryAnswer } from '../query/answer-query';
import type { PeriodRequest } from '../query/period-request';
import { formatMeasures, type MeasureValue } from '../query/rows';
import type { View } from '../topology';
import { sumOf, type Contributor, type Sums } from './contributors';
import type { DecidedRecords, LogPorts, PlacedRecord } from './decided-records';
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
export interface LogChoice {
  /** Undefined: how declarations were decided is not told. */
  readonly decided: DecidedRecords | undefined;
  /** Undefined: the figures are not those that are published. */
  readonly revisions: RevisionChoice | undefined;
  readonly onProgress?: (read: number, total: number) => void;
}
/** `lookedThrough`: records of the aggregate topic; absent: as many as a command looks through. */
export interface RevisionChoice extends LogPorts { readonly partitionOf: (key: string) => number; readonly lookedThrough?: number }

export async function explanationOf(figure: FigureExplanation, choice: ShownChoice, log: LogChoice | undefined): Promise<Explanation> {
  const { limit, from = 0, measure, minorUnits, cubes, period } = choice;
  const { query, answer, contributors, declarations, differences, refusals } = figure;
  const shown = contributors.slice(from, from + limit);
  const records = log?.decided ? await recordsOfShown(shown, log.decided, log.onProgress) : new Map<string, PlacedRecord>();
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
      const shownOne = shownContribution(contributor, records.get(`${contributor.partition}/${contributor.facts.recordOffset}`), query, minorUnits, figure.countedFrom);
      return { ...shownOne, amounts: told(shownOne.amounts) };
    }),
    ...(remaining > 0 ? { remaining: { declarations: remaining, amounts: formatted(withoutThose(figure.explained, contributors.slice(0, from + limit))) } } : {}),
    revisions: log?.revisions && from === 0 ? await revisions(cubes, query.view, period, answer.where, log.revisions) : null,
  };
}

async function recordsOfShown(shown: FigureExplanation['contributors'], decided: DecidedRecords, onProgress: LogChoice['onProgress']): Promise<Map<string, PlacedRecord>> {
  const places = shown.map(({ partition, facts }) => ({ partition, offset: facts.recordOffset }));
  const records = await decided.at(places, (read) => onProgress?.(read, places.length));
  return new Map(records.map((record) => [`${record.partition}/${record.offset}`, record]));
}

async function revisions(cubes: Cubes, view: View, period: PeriodRequest, where: Readonly<Record<string, string>>, log: RevisionChoice): Promise<readonly Revision[] | null> {
  const place = publishedPlace(cubes, view, period, where);
  return place ? revisionsOf(place, view, log.partitionOf(place.key), log, log.lookedThrough) : null;
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
