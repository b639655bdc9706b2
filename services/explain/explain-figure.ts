/** A figure, and the declarations that add up to it exactly: read together, computed by the function that counted them, compared measure by measure. */
import { setImmediate as othersFirst } from 'node:timers/promises';
import { CONTRIBUTION_VERSION } from '../domain/contribution';
import { viewShapes, type Cubes } from '../domain/cubes';
import { DEFINITIONS_HASH } from '../domain/definitions-applied';
import { streamTimeOf } from '../domain/figure-status';
import { DAY_MS, type Grain, type Range } from '../domain/period';
import { limits } from '../limits';
import { answerQuery, newestEventMs, type QueryAnswer, type QueryContext, type QueryRequest } from '../query/answer-query';
import { resolvePeriod } from '../query/period-request';
import type { FigureQuery, PlannedHash } from '../query/plan';
import { measureFilter, sumCells, totalsOf, type MeasureValue } from '../query/rows';
import type { ClosedStore } from '../shell/closed-store';
import { LEDGER_HORIZON_NOTE } from '../shell/figure-store';
import { readPositions } from '../shell/read-positions';
import type { LedgerEntries } from '../shell/ledger-entries';
import { countedTopic, type TopicName } from '../topology';
import { addTo, contributorOf, differencesOf, isOfMeasure, LargestContributors, type Asked, type Contributor, type MeasureDifference, type Sums } from './contributors';
import { FiguresWithEntries, TooWide, type Reading, type StorePorts } from './figures-with-entries';

export interface ExplainPorts extends StorePorts {
  readonly closed: ClosedStore;
  readonly entries: Pick<LedgerEntries, 'decode'>;
  /** Days that the ledger keeps entries; 0: for ever, as that of a replay does. */
  readonly ledgerDays: number;
  /** Of the declarations that add to the figure the largest are held, so many; absent: all. */
  readonly mostListed?: number;
}
export interface ExplainRequest extends Omit<QueryRequest, 'by' | 'adjustments'> {
  /** That of the view which is explained alone; absent: all of them. */
  readonly measure?: string;
}

export interface FigureExplanation {
  readonly query: FigureQuery;
  readonly window: Range;
  /** The figure as `query` shows it: of closed months what was signed off. */
  readonly answer: QueryAnswer;
  /** The figure now, as the store keeps it. */
  readonly current: Sums;
  /** What came to closed months since: figure shown and adjustment make the figure now. */
  readonly adjustment?: Readonly<Record<string, MeasureValue>>;
  /** What the declarations add up to. */
  readonly explained: Sums;
  readonly differences: readonly MeasureDifference[];
  /** How many add to it. */
  readonly declarations: number;
  /** Largest first; those beyond `mostListed` are added up and not held. */
  readonly contributors: readonly Contributor[];
  /** Refusals among the figure: counted where they arrived, and listed elsewhere. */
  readonly refusals: bigint;
  /** The topic whose records the ledger names. */
  readonly countedFrom: TopicName;
  /** How often it was read: figures that move were read anew. */
  readonly readings: number;
}
export type ExplainOutcome = FigureExplanation | { readonly malformed: string } | { readonly refused: string };

/** Counted from refusals, of which the ledger knows nothing. */
const REFUSED = 'refused';

/** What is wrong with a measure that is asked for alone; undefined when nothing is. */
export function measureFault(view: FigureQuery['view'], measure: string): string | undefined {
  const known = Object.keys(viewShapes[view].measures).filter((name) => name !== REFUSED);
  return known.includes(measure) ? undefined : `${view} has no measure "${measure}" that declarations add up to; it has ${known.join(', ')}`;
}

/** @throws what the ports throw. */
export async function explainFigure(request: ExplainRequest, context: QueryContext, ports: ExplainPorts): Promise<ExplainOutcome> {
  if (request.view === 'quality') return { refused: 'quality shows shares, which no declarations add up to: ask for one of its counts with "tidewaiter query quality", and for refusals with "tidewaiter rejects list"' };
  const atMs = request.period.kind === 'rolling' ? (request.atMs ?? (await newestEventMs(ports.reader, context.nowMs))) : 0;
  const period = resolvePeriod(request.period, context.calendar, atMs);
  if (!period) return { malformed: `there is no ${request.period.kind} ${request.period.value}` };
  const fault = await inexplicable(period.window, ports);
  if (fault !== undefined) return { refused: fault };
  const query: FigureQuery = { view: request.view, by: [], where: request.where };
  const asked: Asked = { query, window: period.window, takes: takenBy(query, request.measure) };
  const days = context.calendar.keysBetween('day', period.window.fromMs, period.window.toMs);
  try {
    return await readUntilItAddsUp({ ...request, ...(request.period.kind === 'rolling' ? { atMs } : {}) }, asked, days, context, ports);
  } catch (error) {
    if (error instanceof TooWide) return { refused: error.message };
    throw error;
  }
}

/** Refusals are counted from what no ledger entry knows of. */
function takenBy(query: FigureQuery, asked: string | undefined): Asked['takes'] {
  const shown = measureFilter(query);
  return (measure) => measure !== REFUSED && shown(measure) && (asked === undefined || isOfMeasure(asked, measure));
}

async function readUntilItAddsUp(request: ExplainRequest, asked: Asked, days: readonly string[], context: QueryContext, ports: ExplainPorts): Promise<ExplainOutcome> {
  for (let readings = 1; ; readings++) {
    const source = new FiguresWithEntries(ports, days, readings > 1);
    const outcome = await answerQuery({ ...request, by: [] }, context, source, ports.closed);
    if (!('totals' in outcome)) return outcome;
    const explanation = await explained(outcome, asked, source.reading as Reading, request, context, ports);
    /** Figures that moved while they were read would not add up: whether they do is what tells. */
    if (explanation.differences.length === 0 || readings === limits.explainReadings) return { ...explanation, readings };
  }
}

/** Why a period cannot be explained at all; undefined when it can. */
async function inexplicable({ fromMs }: Range, { reader, ledgerDays }: ExplainPorts): Promise<string | undefined> {
  const { manifest, notes } = await reader.readNotes();
  const made = manifest === undefined ? CONTRIBUTION_VERSION : (JSON.parse(manifest) as { contribution?: number }).contribution;
  if (made !== CONTRIBUTION_VERSION) return `the figures of this namespace were counted by another release (contribution version ${made}, not ${CONTRIBUTION_VERSION}), which kept another index of days: count them again from the log into a fresh namespace`;
  const noted = Number(notes.get(LEDGER_HORIZON_NOTE) ?? 0);
  const horizonMs = Math.max(noted, ledgerDays === 0 ? 0 : streamTimeOf(await readPositions(reader)) - ledgerDays * DAY_MS);
  return fromMs >= horizonMs ? undefined : `the ledger may have let declarations of before ${new Date(horizonMs).toISOString()} go (TIDEWAITER_LEDGER_HORIZON_DAYS): figures from then on can be explained`;
}

async function explained(answer: QueryAnswer, asked: Asked, reading: Reading, request: ExplainRequest, context: QueryContext, ports: ExplainPorts): Promise<Omit<FigureExplanation, 'readings'>> {
  const { query } = asked;
  const fields = new Map(reading.hashes.map(({ hash, fields: values }) => [hash, values]));
  const hashes = reading.hashes.flatMap(({ hash }) => (hash === DEFINITIONS_HASH ? [] : [plannedOf(context.cubes, query, hash)]));
  const fieldsOf = (hash: string): ReadonlyMap<string, string> => fields.get(hash) ?? new Map<string, string>();
  const totals = totalsOf(sumCells(query, [{ hashes, fieldsOf, takes: measureFilter(query) }]));
  const refusals = totals.get(REFUSED) ?? 0n;
  for (const measure of totals.keys()) if (!asked.takes(measure)) totals.delete(measure);
  const { sums, declarations, largest } = await addedUp(reading, asked, request.measure === undefined ? Object.keys(viewShapes[query.view].measures) : [request.measure], ports);
  return {
    query, window: asked.window, answer, countedFrom: ports.reader.inputs[0] ?? countedTopic, current: totals, explained: sums, refusals,
    ...(answer.closed ? { adjustment: await adjustmentOf(reading, request, context, ports) } : {}),
    differences: differencesOf(totals, sums), declarations, contributors: largest,
  };
}

/** In slices: who explains in a process that answers others lets them go first. `measures`: by which they are the largest. */
async function addedUp({ entries }: Reading, asked: Asked, measures: readonly string[], { entries: ledger, mostListed = Infinity }: ExplainPorts): Promise<{ sums: Sums; declarations: number; largest: Contributor[] }> {
  const sums = new Map<string, bigint>();
  const largest = new LargestContributors(measures, mostListed, limits.entriesPerExplainSort);
  let declarations = 0;
  for (let index = 0; index < entries.length; index++) {
    const { partition, declarationId, entry } = entries[index] as Reading['entries'][number];
    const contributor = contributorOf(partition, declarationId, ledger.decode(entry), asked);
    if (contributor) {
      declarations++;
      largest.add(contributor);
      addTo(sums, contributor.amounts);
    }
    if ((index + 1) % limits.entriesPerExplainSlice === 0) await othersFirst();
  }
  return { sums, declarations, largest: largest.inOrder() };
}

/** From the very figures that were read: what was signed off does not move. */
async function adjustmentOf({ figures }: Reading, request: ExplainRequest, context: QueryContext, { reader, closed }: ExplainPorts): Promise<Readonly<Record<string, MeasureValue>>> {
  const outcome = await answerQuery({ ...request, by: [], adjustments: true }, context, { readNotes: () => reader.readNotes(), readFigures: async () => figures }, closed);
  return 'totals' in outcome ? outcome.totals : {};
}

/** Names of hashes say whose cells they hold. */
function plannedOf(cubes: Cubes, { view }: FigureQuery, hash: string): PlannedHash {
  const [, id, grain] = hash.split('/');
  const combination = cubes[view].combinations.find((candidate) => candidate.id === id);
  if (!combination) throw new Error(`${hash} is of no combination of ${view}`);
  return { hash, combination, grain: grain as Grain };
}
