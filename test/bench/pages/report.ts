/** What was measured, as tables for eyes. */
import Table from 'cli-table3';
import type { Cost, Turn } from './costs';
import type { NamedLatency } from './arrivals';

export interface Answers { readonly byStatus: Readonly<Record<string, number>>; readonly bytes: number; readonly lost: number; readonly refused: number }
export interface PagesReport {
  readonly pages: number; readonly rate: number; readonly turns: readonly Turn[]; readonly costs: readonly Cost[]; readonly latencies: readonly NamedLatency[];
  readonly consoleMegabytes: { readonly without: number; readonly withPages: number; readonly peak: number }; readonly answers: Answers;
}

const style = { head: [], border: [] };
const shown = (milliseconds: number | null): string => (milliseconds === null ? '–' : milliseconds.toFixed(0));

export function tablesOf({ latencies, costs, consoleMegabytes, answers, turns, rate }: PagesReport): string {
  const waited = new Table({ head: ['from Redis to', 'pages', 'marks', 'never', 'p50 ms', 'p95 ms', 'p99 ms'], style, colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'] });
  for (const { name, pages, samples, missing, p50Ms, p95Ms, p99Ms } of latencies) waited.push([name, pages, samples, missing, shown(p50Ms), shown(p95Ms), shown(p99Ms)]);
  const cost = new Table({ head: ['CPU s per million events', 'without pages', 'with pages', 'ratio', 'least', 'most'], style, colAligns: ['left', 'right', 'right', 'right', 'right', 'right'] });
  for (const { name, without, withPages, ratio, least, most } of costs) cost.push([name, without.toFixed(1), withPages.toFixed(1), ratio.toFixed(3), least.toFixed(3), most.toFixed(3)]);
  const rates = turns.map(({ events, seconds }) => events / seconds);
  const withPages = turns.filter((turn) => turn.withPages).reduce((sum, { seconds }) => sum + seconds, 0);
  return [
    waited.toString(), cost.toString(),
    `counted ${Math.min(...rates).toFixed(0)} to ${Math.max(...rates).toFixed(0)} events/s, ${rate} were sent`,
    `console: ${consoleMegabytes.without.toFixed(0)} MB at most without pages, ${consoleMegabytes.withPages.toFixed(0)} MB with them, peak ${consoleMegabytes.peak.toFixed(0)} MB`,
    `answers by status ${JSON.stringify(answers.byStatus)}, ${(answers.bytes / 1e6 / withPages).toFixed(1)} MB/s, streams lost ${answers.lost}, pages refused ${answers.refused}`,
  ].join('\n');
}
