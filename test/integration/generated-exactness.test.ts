/**
 * 100,000 generated events with amendments, cancellations, payments, repeats, stale versions and faults:
 * every cell of revenue, statistics and quality by day and month equals SQL over the file, a shuffle of the same events
 * gives the same cells of every view, each fault is refused once and with its code, the topics say what the store says.
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

const EVENTS = 100_000;
const HOUR_MS = 3_600_000;
const views = ['revenue', 'statistics', 'precursors', 'operations', 'quality'];
const suite = onRealParts ? describe : describe.skip;
jest.setTimeout(600_000);

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
