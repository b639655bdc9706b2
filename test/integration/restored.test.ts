/**
 * The aggregate topics of the real parts are enough: with everything in Redis gone, what was published comes back exactly, and
 * a subscriber that others may write (scripts/examples) has the live figures, also when other figures go live and back.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { decimal, subscribe, type FigureCopy } from '../../scripts/examples/subscriber';
import { connectFigures, connectRedis } from '../../services/shell/connect';
import { aggregateInputs } from '../../services/topology';
import { ndjsonOracle } from '../oracle/ndjson';
import { generatedFile, type GeneratedFile } from '../support/generated-file';
import { cellsOf, differencesOf, expectedCells, type Cells } from '../support/redis-cells';
import { onRealParts, RunningSystem } from '../support/running-system';
import { pause, until } from '../support/until';

const suite = onRealParts ? describe : describe.skip;
const logger = pino({ level: 'silent' });
const REVENUE = 'customs.aggregates.revenue.v1';
/** Ten thousandths on the topic, minor units in the store. */
const TO_MINOR_UNITS = 100n;
/** Comparing thousands of cells at each record would take minutes; a mixture would last for hundreds of them. */
const RECORDS_PER_LOOK = 10;
jest.setTimeout(400_000);

interface Restored { readonly sound: boolean; readonly topics: readonly { readonly topic: string; readonly live: { readonly compared?: number; readonly differences?: readonly unknown[]; readonly notCompared?: string } }[] }

suite('figures from the aggregate topics', () => {
  const system = new RunningSystem(5, { TIDEWAITER_PROFILE: 'CD' });
  let generated: GeneratedFile;
  let subscriber: Awaited<ReturnType<typeof subscribe>>;
  beforeAll(async () => {
    generated = generatedFile(system.home, 'CD', 5_000, 'restored', Date.parse('2026-06-20T12:00:00Z'));
    await system.start();
    subscriber = await subscribe(system.config.brokers[0] as string, system.config.registryUrl, REVENUE);
    system.done('feed', generated.file, '--format', 'ndjson');
    system.drain(120);
  });
  afterAll(async () => {
    await subscriber.stop();
    await system.stop();
  });

  const restoredCells = async (): Promise<Cells> => {
    const reader = connectFigures({ ...system.config, TIDEWAITER_NAMESPACE: 'restored' }, logger, undefined, undefined, { name: 'restored', inputs: aggregateInputs });
    try {
      return await cellsOf(reader, ['revenue', 'statistics', 'precursors', 'operations', 'quality']);
    } finally {
      await reader.close();
    }
  };
  const rebuilt = (...more: string[]): Restored => JSON.parse(system.cli('rebuild', '--from-aggregates', '--json', ...more).stdout) as Restored;
  const isPublished = (key: string): boolean => /^(revenue\/office-taxType-chapter\/month|statistics\/flow-chapter-partner\/month)\//.test(key);
  const revenue = (namespace: string): unknown => {
    const { rows, totals } = JSON.parse(system.done('query', 'revenue', '--period', 'month:2026-05', '--by', 'office,taxType', '--namespace', namespace, '--json')) as { rows: unknown; totals: unknown };
    return { rows, totals };
  };
  let before: Cells;
  let shown: unknown;

  test('they are what the oracle says, and what is live', async () => {
    expect(rebuilt('--keep')).toMatchObject({ sound: true, topics: [{ topic: REVENUE, live: { differences: [] } }, { live: { differences: [] } }, { live: { differences: [] } }] });
    before = await restoredCells();
    const oracle = expectedCells(await ndjsonOracle(generated.file, generated.refusedFile, { id: 'CD', minorUnits: 2, utcOffsetHours: 1 }));
    expect(differencesOf(new Map([...oracle].filter(([key]) => isPublished(key))), new Map([...before].filter(([key]) => isPublished(key))))).toEqual([]);
    expect([...before.keys()].some((key) => key.startsWith('precursors/'))).toBe(true);
    expect([...before.keys()].some((key) => /^(operations|quality)\//.test(key))).toBe(false);
    expect(before.size).toBeGreaterThan(1_000);
  });

  test('queries show them for what they are, refuse the rest, and nothing else reads or counts them', () => {
    const { status, stdout, stderr } = system.cli('query', 'revenue', '--period', 'month:2026-05', '--by', 'office,taxType', '--namespace', 'restored', '--json');
    expect({ status, answer: JSON.parse(stdout) as unknown }).toMatchObject({ status: 0, answer: { status: 'restored' } });
    expect(stderr).toContain('nothing is counted into this namespace');
    shown = revenue('restored');
    expect(shown).toEqual(revenue('live'));
    expect(system.cli('query', 'operations', '--period', 'month:2026-05', '--namespace', 'restored')).toMatchObject({ status: 1, stdout: '' });
    expect(system.cliWith({ TIDEWAITER_NAMESPACE: 'restored' }, 'verify')).toMatchObject({ status: 78, stderr: expect.stringContaining('is not counted') as string });
    expect(system.cli('rebuild', '--from-aggregates', '--namespace', 'live').status).toBe(2);
  });

  test('a live figure that somebody changed is named', async () => {
    const redis = connectRedis(system.config, logger);
    const hash = '{tw:live:0}:cell/revenue/office-taxType-chapter/month/2026-05';
    const field = (await redis.redis.hkeys(hash)).find((name) => name.endsWith(':assessed')) as string;
    await redis.redis.hincrby(hash, field, 1);
    expect(system.cli('rebuild', '--from-aggregates', '--json').status).toBe(1);
    expect(rebuilt()).toMatchObject({ sound: false, topics: [{ topic: REVENUE, live: { differences: [{ hash: 'revenue/office-taxType-chapter/month/2026-05', field }] } }, {}, {}] });
    await redis.redis.hincrby(hash, field, -1);
    expect(await redis.redis.keys('{tw:restored:*')).toEqual([]);
    await redis.close();
  });

  /** By record key and measure, minor units; what is zero is left out, as in the store. */
  const copied = ({ cells }: FigureCopy): Cells => new Map([...cells].flatMap(([key, cell]) => ['assessed', 'relief', 'collected', 'refunded', 'deposits'].flatMap((measure): [string, bigint][] => {
    const amount = decimal(cell[measure] as Buffer) / TO_MINOR_UNITS;
    return amount === 0n ? [] : [[`${key}:${measure}`, amount]];
  })));
  const stored = async (name: string): Promise<Cells> => {
    const reader = connectFigures(system.config, logger, undefined, undefined, { name, inputs: aggregateInputs });
    const cells = await cellsOf(reader, ['revenue']);
    await reader.close();
    return new Map([...cells].filter(([key]) => isPublished(key) && !key.endsWith(':lines')).map(([key, value]) => [key.replace(' ', '|'), value]));
  };

  test('a subscriber has the live figures, other ones at once when they are promoted, and the first ones again when that is undone', async () => {
    const live = await stored('live');
    await until('the copy is there', () => differencesOf(live, copied(subscriber.copy)).length === 0, 60_000);
    const pack = JSON.parse(readFileSync(join(__dirname, '../../schemas/reference/imts2010-1.0.0.json'), 'utf8')) as { readonly taxes: { readonly nonTax: readonly string[] } };
    /** Excise is no tax any more: only what was paid of it stays, and cells of which nothing was paid go. */
    writeFileSync(join(system.home, 'pack.json'), JSON.stringify({ ...pack, version: '1.1.0', taxes: { ...pack.taxes, nonTax: [...pack.taxes.nonTax, 'EXC'] } }));
    expect(await system.begin('replay', 'run', 'other', '--pack', join(system.home, 'pack.json'), '--by', 'test')).toBe(0);
    const other = await stored('other');
    const excise = (figures: Cells): string[] => [...figures.keys()].filter((key) => /\|EXC\|.*:assessed$/.test(key));
    const names = (figures: Cells): Set<string> => new Set([...figures.keys()].map((key) => key.slice(0, key.lastIndexOf(':'))));
    expect(excise(live).length).toBeGreaterThan(10);
    expect(excise(other)).toEqual([]);
    expect([...names(live)].filter((name) => !names(other).has(name)).length).toBeGreaterThan(0);
    const { copy } = subscriber;
    const look = (): number => [live, other].findIndex((figures) => differencesOf(figures, copied(copy)).length === 0);
    const seen = [look()];
    let records = 0;
    const take = copy.take.bind(copy);
    copy.take = (...record) => {
      take(...record);
      if (++records % RECORDS_PER_LOOK === 0) seen.push(look());
    };
    for (const [command, figures] of [[['promote', 'other'], 1], [['undo'], 0]] as const) {
      expect(await system.begin('replay', ...command, '--reason', 'test', '--by', 'test')).toBe(0);
      await until('they are there', async () => { await pause(200); return look() === figures; }, 60_000);
    }
    expect([...seen, look()].filter((figures, index, all) => figures !== all[index - 1])).toEqual([0, 1, 0]);
    expect(records).toBeGreaterThan(10 * RECORDS_PER_LOOK);
  });

  test('after FLUSHALL, with nothing running, they come back, and there is nothing to compare', async () => {
    await system.stopServices();
    const redis = connectRedis(system.config, logger);
    await redis.redis.flushall();
    await redis.close();
    const { status, stdout } = system.cli('rebuild', '--from-aggregates', '--keep');
    expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringContaining('nothing to compare: Redis holds no live figures') as string });
    expect(differencesOf(before, await restoredCells())).toEqual([]);
    expect(revenue('restored')).toEqual(shown);
  });
});
