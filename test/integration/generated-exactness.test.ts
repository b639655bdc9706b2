/**
 * 100,000 generated events with amendments, cancellations, payments, repeats, stale versions and faults:
 * every cell of revenue, statistics and quality by day and month equals SQL over the file, a shuffle of the same events
 * gives the same cells of every view, each fault is refused once and with its code, the topics say what the store says,
 * and 200 random cells are explained by declarations that add up to them exactly.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ndjsonOracle } from '../oracle/ndjson';
import { generatedFile, shuffledFile, type GeneratedFile } from '../support/generated-file';
import { notExpected } from '../support/recount';
import { cellsOf, differencesOf, expectedCells, type Cells } from '../support/redis-cells';
import { onRealParts, RunningSystem } from '../support/running-system';
import { subscribe } from '../support/subscriber';
import { drawnCells } from '../support/explained-cells';
import { explainFigure } from '../../services/explain/explain-figure';
import type { Explanation } from '../../services/explain/explanation';
import { Random } from '../../services/generate/random';
import { queryContext } from '../../services/query/query-context';
import { avroType } from '../../services/shell/avro/codec';
import { ledgerSchema } from '../../services/shell/avro/schema-files';
import { connectClosed, connectLedger } from '../../services/shell/connect';
import { LedgerEntries } from '../../services/shell/ledger-entries';
import pino from 'pino';

const EVENTS = 100_000;
const HOUR_MS = 3_600_000;
/** Of a month of 57,000 declarations, on two cores that others use too. */
const MOST_SECONDS_TO_EXPLAIN = 15;
const views = ['revenue', 'statistics', 'precursors', 'operations', 'quality'];
const suite = onRealParts ? describe : describe.skip;
jest.setTimeout(600_000);

/** The month with the most cells of revenue: others may hold only a few early or late declarations. */
function largestMonth(cells: Cells): string {
  const months = [...cells.keys()].flatMap((key) => /^revenue\/office-taxType-chapter\/month\/(\S+)/.exec(key)?.[1] ?? []);
  const sizes = new Map<string, number>();
  for (const month of months) sizes.set(month, (sizes.get(month) ?? 0) + 1);
  const [largest] = [...sizes].sort(([, left], [, right]) => right - left)[0] ?? [];
  if (largest === undefined) throw new Error('No cell of revenue by month was counted');
  return largest;
}

async function counted(system: RunningSystem, file: string): Promise<Cells> {
  await system.start();
  system.done('feed', file, '--format', 'ndjson');
  system.drain(300);
  const reader = system.figures();
  const cells = await cellsOf(reader, views);
  await reader.close();
  return cells;
}

suite('generated declarations', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-generated-'));
  const system = new RunningSystem(2, { TIDEWAITER_PROFILE: 'CD' });
  let generated: GeneratedFile;
  let cells: Cells;
  beforeAll(async () => {
    generated = generatedFile(folder, 'CD', EVENTS, 'exactness', Math.floor(Date.now() / HOUR_MS) * HOUR_MS - HOUR_MS);
    cells = await counted(system, generated.file);
  });
  afterAll(async () => { await system.stop(); rmSync(folder, { recursive: true, force: true }); });

  /** Kinshasa has kept UTC+1 since 1920. */
  test('every cell of revenue, statistics and quality by day and month is that of the oracle', async () => {
    const expected = expectedCells(await ndjsonOracle(generated.file, generated.refusedFile, { id: 'CD', minorUnits: 2, utcOffsetHours: 1 }));
    const actual = new Map([...cells].filter(([key]) => /^(revenue|statistics|quality)\/[^/]+\/(day|month)\//.test(key) && !notExpected(key)));
    expect(differencesOf(expected, actual)).toEqual([]);
    expect(expected.size).toBeGreaterThan(100_000);
  });

  test('the books balance, and every fault is refused once, with its code', () => {
    const { books, drained } = system.status();
    expect(books).toMatchObject({ raw: EVENTS, refused: generated.refused, balanced: true });
    expect(drained).toBe(true);
    expect(system.done('rejects', 'list', '--json').trim().split('\n')).toHaveLength(generated.refused);
  });

  test('a subscriber ends with the cells of the store', async () => {
    const log = system.log();
    for (const [topic, view, combination] of [['customs.aggregates.revenue.v1', 'revenue', 'office-taxType-chapter'], ['customs.aggregates.precursors.v1', 'precursors', 'list-substance-flow-partner-level']] as const) {
      const published = await subscribe(log, topic);
      expect(published.fallenRevisions).toEqual([]);
      const prefix = `${view}/${combination}/month/`;
      const inStore = new Set([...cells.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(0, key.lastIndexOf(':')).replace(' ', '|')));
      const onTopic = [...published.cells].filter(([key, record]) => key.startsWith(prefix) && ['assessed', 'relief', 'collected', 'refunded', 'deposits', 'lines', 'items', 'value', 'netMassKg'].some((measure) => Number(record[measure] ?? 0) !== 0)).map(([key]) => key);
      expect(onTopic.sort()).toEqual([...inStore].sort());
      expect(inStore.size).toBeGreaterThan(10);
    }
    await log.close();
  });

  test('200 random cells are explained by declarations that add up to them exactly', async () => {
    const { config } = system;
    const logger = pino({ level: 'silent' });
    const ports = { reader: system.figures(), ledger: connectLedger(config, logger), closed: connectClosed(config, logger), entries: new LedgerEntries(avroType(ledgerSchema())), partitions: config.TIDEWAITER_PARTITIONS, ledgerDays: 0 };
    try {
      const byDayAndMonth = new Map([...cells].filter(([key]) => /^[a-z]+\/[^/]+\/(day|month)\//.test(key)));
      for (const { name, request, measures } of drawnCells(byDayAndMonth, new Random('explained'), 200)) {
        const outcome = await explainFigure(request, queryContext(config), ports);
        expect({ name, sums: 'explained' in outcome ? [...outcome.explained].filter(([, sum]) => sum !== 0n).sort() : outcome }).toEqual({ name, sums: [...measures].sort() });
      }
    } finally {
      await Promise.all([ports.reader.close(), ports.ledger.close(), ports.closed.close()]);
    }
  });

  test('the command explains a whole month within seconds, and shows what the log says of the largest declarations', () => {
    const month = largestMonth(cells);
    const start = performance.now();
    const explanation = JSON.parse(system.done('explain', 'revenue', '--period', `month:${month}`, '--json')) as Explanation;
    expect((performance.now() - start) / 1_000).toBeLessThan(MOST_SECONDS_TO_EXPLAIN);
    expect(explanation).toMatchObject({ addsUp: true, differences: [] });
    expect(explanation.contributions).toHaveLength(50);
    for (const { details } of explanation.contributions) expect(details?.definitions).toMatch(/^imts2010@/);
    const { declarationId } = explanation.contributions[0] as { declarationId: string };
    const declaration = JSON.parse(system.done('explain', '--declaration', declarationId, '--json')) as { cells: { hash: string }[]; history: { outcome: string }[] };
    expect(declaration.cells.some(({ hash }) => hash === `revenue/office-taxType-chapter/month/${month}`)).toBe(true);
    expect(declaration.history.some(({ outcome }) => outcome === 'counted')).toBe(true);
  });

  test('any order of the same events gives the same figures', async () => {
    const other = new RunningSystem(3, { TIDEWAITER_PROFILE: 'CD' });
    try {
      const shuffledCells = await counted(other, shuffledFile(folder, generated.lines, 'other order'));
      const withoutArrival = (all: Cells): Cells => new Map([...all].filter(([key]) => !/^(operations|quality)\/.*:(refused|delay\.\d+)$/.test(key)));
      expect(differencesOf(withoutArrival(cells), withoutArrival(shuffledCells))).toEqual([]);
    } finally {
      await other.stop();
    }
  });
});
