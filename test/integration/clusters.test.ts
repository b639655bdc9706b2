/**
 * Three brokers, and a Redis Cluster over which one namespace is spread: the figures are those of the oracle, also when a
 * broker and a server of Redis die while declarations flow, and the commands say the same as the topics.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BOOKS_HASH } from '../../services/shell/figure-store';
import { rawTopic } from '../../services/topology';
import { ndjsonOracle } from '../oracle/ndjson';
import { writeArrivedLines } from '../support/arrived-lines';
import { ClusterSystem, clusterSettings } from '../support/broker-cluster';
import { generatedFile, type GeneratedFile } from '../support/generated-file';
import { notExpected } from '../support/recount';
import { RedisCluster, redisClusterSettings } from '../support/redis-cluster';
import { cellsOf, differencesOf, expectedCells } from '../support/redis-cells';
import { onRealParts } from '../support/running-system';
import { subscribe } from '../support/subscriber';
import { until } from '../support/until';

const LANE = 9;
const BASE_PORT = Number(process.env['TIDEWAITER_BASE_PORT'] ?? 28_000) + 100 * LANE;
const EVENTS = 6_000;
const HOUR_MS = 3_600_000;
const suite = onRealParts ? describe : describe.skip;
jest.setTimeout(400_000);

suite('clusters', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-clusters-'));
  const system = new ClusterSystem(LANE, { TIDEWAITER_PROFILE: 'CD', ...clusterSettings(BASE_PORT), ...redisClusterSettings(BASE_PORT) });
  const redis = new RedisCluster(system.home, BASE_PORT);
  let generated: GeneratedFile;
  beforeAll(async () => {
    generated = generatedFile(folder, 'CD', EVENTS, 'clusters', Math.floor(Date.now() / HOUR_MS) * HOUR_MS - HOUR_MS);
    await redis.start();
    await system.start();
  });
  afterAll(async () => { await system.stopServices(); await redis.stop(); await system.stop(); rmSync(folder, { recursive: true, force: true }); });

  test('every server holds a part of the figures, and what is counted while a broker and a server die is exact', async () => {
    const fed = system.begin('feed', generated.file, '--format', 'ndjson', '--rate', '300');
    const reader = system.figures();
    await until('counting has begun', async () => { const answer = await reader.readFigures([BOOKS_HASH], 1_000); return 'hashes' in answer && Number(answer.hashes[0]?.fields.get('counted') ?? 0) > 200; }, 90_000);
    const victim = await redis.killMaster();
    expect(redis.masters()).not.toContain(victim);
    const [leads] = await system.partitionsOf(rawTopic);
    system.killBroker(leads?.leader ?? 1);
    system.startBroker(leads?.leader ?? 1);
    expect(await fed).toBe(0);
    system.drain(200);
    const log = system.log();
    const arrivedFile = join(folder, 'arrived.ndjson');
    await writeArrivedLines(log, generated.lines, arrivedFile);
    /** Kinshasa has kept UTC+1 since 1920. */
    const expected = expectedCells(await ndjsonOracle(arrivedFile, generated.refusedFile, { id: 'CD', minorUnits: 2, utcOffsetHours: 1 }));
    const cells = await cellsOf(reader, ['revenue', 'statistics', 'quality']);
    await reader.close();
    expect(differencesOf(expected, new Map([...cells].filter(([key]) => /^(revenue|statistics|quality)\/[^/]+\/(day|month)\//.test(key) && !notExpected(key))))).toEqual([]);
    expect(expected.size).toBeGreaterThan(10_000);
    const published = await subscribe(log, 'customs.aggregates.revenue.v1');
    await log.close();
    expect(published.fallenRevisions).toEqual([]);
    const inStore = new Set([...cells.keys()].filter((key) => key.startsWith('revenue/office-taxType-chapter/month/')).map((key) => key.slice(0, key.lastIndexOf(':')).replace(' ', '|')));
    for (const key of inStore) expect(published.cells.has(key)).toBe(true);
  });

  test('closing, checking and counting again work over all servers', async () => {
    const month = new Date(Date.now() - 40 * 24 * HOUR_MS).toISOString().slice(0, 7);
    const status = (): unknown => (JSON.parse(system.done('query', 'revenue', '--period', `month:${month}`, '--json')) as { status: string }).status;
    await system.until('the month is final', () => status() === 'final');
    system.done('close', 'month', month, '--by', 'N. Mbala');
    expect(status()).toBe('closed');
    expect(JSON.parse(system.done('verify', '--json'))).toMatchObject({ sound: true });
    expect(JSON.parse(system.done('rebuild', '--json'))).toMatchObject({ differences: [] });
  });
});
