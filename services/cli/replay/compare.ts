/** `replay compare`: what differs between live and replayed figures, in amounts and per cent, with the declarations behind it. */
import { keepsFamily, viewShapes } from '../../domain/cubes';
import { COUNTED_MEASURE_SCALE, formatDecimal } from '../../domain/decimal';
import { liveBefore, liveOf, placeOf, type FiguresPlace } from '../../domain/namespace-directory';
import { Calendar } from '../../domain/period';
import { limits } from '../../limits';
import { compareCounts, type CountDifference } from '../../replay/compare/compare-counts';
import { compareLedgers, type ComparedNamespace, type ComparePorts, type LeftOut } from '../../replay/compare/compare-ledgers';
import { beginsLater } from '../../replay/replay-manifest';
import { Comparison, type ComparedRow } from '../../replay/compare/comparison';
import { avroType } from '../../shell/avro/codec';
import { ledgerSchema } from '../../shell/avro/schema-files';
import { readConfig } from '../../shell/config';
import { readProfile } from '../../shell/definition-files';
import { LedgerEntries } from '../../shell/ledger-entries';
import { LIVE_NAMESPACE, type View } from '../../topology';
import { CountProgress } from '../count-progress';
import { exitCodes, usage } from '../failure';
import { withNeighbours, type Neighbours } from '../neighbours';
import { csv, print, printJson, say, table, type Cell } from '../output';
import { Namespaces } from './namespaces';

export const comparedViews = ['revenue', 'statistics', 'precursors', 'operations', 'quality'] as const satisfies readonly View[];
/** Coarse enough to be read, fine enough to say where to look. */
const usualDimensions: Readonly<Record<(typeof comparedViews)[number], readonly string[]>> = { revenue: ['taxType'], statistics: ['flow'], precursors: ['list', 'level'], operations: ['office'], quality: ['office'] };

export interface CompareOptions { readonly view?: (typeof comparedViews)[number]; readonly by?: readonly string[]; readonly grain: 'month' | 'day'; readonly format: 'table' | 'markdown' | 'csv' | 'json'; readonly otherLog?: true }

export async function compareReplay(name: string, { view, by, grain, format, otherLog }: CompareOptions): Promise<void> {
  if (by && !view) throw usage('--by goes with --view: each view has dimensions of its own');
  const unknown = view && by?.find((dimension) => !viewShapes[view].dimensions.includes(dimension));
  if (view && unknown !== undefined) throw usage(`${view} has no dimension ${unknown}; it has ${viewShapes[view].dimensions.join(', ')}`);
  const families = view && viewShapes[view].families;
  if (families && by && !families.some((family) => keepsFamily(by, family))) throw usage(`no figure of ${view} has all of ${by.join(', ')}: it has ${families.map(({ dimensions }) => dimensions.join(', ')).join('; or ')}`);
  const config = readConfig();
  const profile = readProfile(config.TIDEWAITER_PROFILE);
  const views = view ? [view] : comparedViews;
  const comparison = new Comparison({ calendar: new Calendar(profile.timeZone), grain, largestKept: limits.largestDifferencesKept, by: Object.fromEntries(views.map((compared) => [compared, by ?? usualDimensions[compared]])) });
  const { moving, older, counts } = await withNeighbours(config, async (neighbours) => compared(name, comparison, { partitions: config.TIDEWAITER_PARTITIONS, differentLogs: otherLog === true }, neighbours));
  const lines = linesOf(comparison.differences(), profile.minorUnits);
  if (format === 'json') printJson({ namespace: name, grain, declarations: comparison.declarations, differing: comparison.differing, moving, older, rows: lines, counts });
  else showLines(lines, format);
  if (format === 'table' || format === 'markdown') showCounts(counts, format);
  const summary = `${comparison.declarations} declarations compared, ${comparison.differing} differ; ${moving} on their way to one of the two were left out${older > 0 ? `, and ${older} that came before the replay begins` : ''}. Events, delays and refusals are counted where they arrive, and not compared by declaration.`;
  if (format === 'table' || format === 'markdown') print(summary);
  else if (format === 'csv') say(summary);
  if (comparison.differing > 0) process.exitCode = exitCodes.failed;
}

async function compared(name: string, comparison: Comparison, how: Pick<ComparePorts, 'partitions' | 'differentLogs'>, neighbours: Neighbours): Promise<LeftOut & { readonly counts: readonly CountDifference[] }> {
  const namespaces = await Namespaces.open(neighbours);
  const manifest = namespaces.named(name);
  /** What is live; of the one that is, what was before it. */
  const live = liveOf(namespaces.directory);
  const against = live.name === name ? placeOf(namespaces.directory, liveBefore(namespaces.directory) ?? LIVE_NAMESPACE) : live;
  const sideOf = async (place: FiguresPlace): Promise<ComparedNamespace> => ({ reader: await neighbours.figures(place), ledger: await neighbours.ledger(place) });
  let progress: CountProgress | undefined;
  try {
    const [here, there] = [await sideOf(against), await sideOf(manifest)];
    const leftOut = await compareLedgers(comparison, {
      live: here, replayed: there, entries: new LedgerEntries(avroType(ledgerSchema())), ...how, differentLogs: how.differentLogs || manifest.archive?.imported === true, replayBeginsLater: beginsLater(manifest),
      onProgress: (done, total) => { progress ??= new CountProgress(total, 'buckets'); progress.update(done); },
    });
    return { ...leftOut, counts: await neighbours.redisCall(compareCounts(here.reader, there.reader)) };
  } finally {
    progress?.stop();
  }
}

/** One line for each measure that differs. */
interface Line {
  readonly view: View; readonly period: string; readonly dimensions: Readonly<Record<string, string>>; readonly measure: string;
  readonly live: string; readonly replayed: string; readonly difference: string; readonly percent: string | null;
  readonly declarations: number; readonly largest: readonly { readonly declarationId: string; readonly difference: string }[];
}

function linesOf(rows: readonly ComparedRow[], minorUnits: number): Line[] {
  return rows.flatMap(({ view, period, dimensions, live, replayed, declarations, largest }) => {
    const measures = [...new Set([...Object.keys(live), ...Object.keys(replayed)])].sort();
    return measures.flatMap((measure): Line[] => {
      const [before, after] = [live[measure] ?? 0n, replayed[measure] ?? 0n];
      if (before === after) return [];
      const shown = (amount: bigint): string => formatted(view, measure, amount, minorUnits);
      return [{
        view, period, dimensions, measure, live: shown(before), replayed: shown(after), difference: shown(after - before), percent: percentOf(after - before, before), declarations,
        largest: largest.filter((one) => one.measure === measure).map(({ declarationId, difference }) => ({ declarationId, difference: shown(difference) })),
      }];
    });
  });
}

function formatted(view: View, measure: string, amount: bigint, minorUnits: number): string {
  const kind = viewShapes[view].measures[measure.split('.', 1)[0] as string];
  if (kind === 'count') return String(amount);
  return formatDecimal(amount, kind === 'money' ? minorUnits : COUNTED_MEASURE_SCALE);
}

/** Hundredths of a per cent, rounded towards zero; null: of nothing. */
const percentOf = (difference: bigint, of: bigint): string | null => (of === 0n ? null : formatDecimal((difference * 10_000n) / (of < 0n ? -of : of), 2));

const head = ['view', 'period', 'dimensions', 'measure', 'live', 'replayed', 'difference', '%', 'declarations', 'largest'];
const cellsOf = (line: Line): Cell[] => [
  line.view, line.period, Object.entries(line.dimensions).map(([dimension, value]) => `${dimension}=${value}`).join(' '), line.measure, line.live, line.replayed, line.difference, line.percent ?? '–', line.declarations,
  line.largest.map(({ declarationId, difference }) => `${declarationId} ${difference}`).join(', '),
];

/** Of records, of all dates, as far as each namespace is: no declaration is named behind them, and they are no difference by themselves. */
function showCounts(counts: readonly CountDifference[], format: 'table' | 'markdown'): void {
  if (counts.length > 0) show(['counts as of now', '', 'live', 'replayed', 'difference'], counts.map(({ of, name, live, replayed }) => [of, name, live, replayed, replayed - live]), format, [2, 3, 4]);
}

function showLines(lines: readonly Line[], format: 'table' | 'markdown' | 'csv'): void {
  const rows = lines.map(cellsOf);
  if (format === 'csv') print(csv(head, rows));
  else if (format === 'markdown') show(head, rows, format, []);
  else if (rows.length > 0) show(head.slice(0, -1), rows.map((row) => row.slice(0, -1)), format, [4, 5, 6, 7, 8]);
}

function show(names: readonly string[], rows: readonly (readonly Cell[])[], format: 'table' | 'markdown', numbers: readonly number[]): void {
  if (format === 'table') print(table(names, rows, numbers));
  else print([names, names.map(() => '---'), ...rows].map((row) => `| ${row.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`).join('\n'));
}
