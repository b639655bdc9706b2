/**
 * TLS and SCRAM to Kafka, TLS and ACL users to Redis, TLS and a password to the registry, each service with its own user
 * and no right that it does not need: the figures are those of the oracle. A service that lacks a right is refused with
 * a message that says which, waits, and goes on once it has it.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PageDeclaration, PageExplanation } from '../../services/console/live/explained-for';
import { ndjsonOracle } from '../oracle/ndjson';
import { generatedFile, type GeneratedFile } from '../support/generated-file';
import { notExpected } from '../support/recount';
import { cellsOf, differencesOf, expectedCells, type Cells } from '../support/redis-cells';
import { onRealParts } from '../support/running-system';
import { SecuredSystem } from '../support/secured-system';

const HOUR_MS = 3_600_000;
const EVENTS = 2_000;
const suite = onRealParts ? describe : describe.skip;
jest.setTimeout(300_000);

suite('secured wires', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-secured-'));
  const system = new SecuredSystem(8, { TIDEWAITER_PROFILE: 'CD' });
  const files: GeneratedFile[] = [];
  beforeAll(async () => { await system.start(); await system.startServices(); });
  afterAll(async () => { await system.stop(); rmSync(folder, { recursive: true, force: true }); });

  /** Feeds a file of its own; the gateway's user may do no more than that. */
  function feed(seed: string): void {
    const file = generatedFile(folder, 'CD', EVENTS, seed, Math.floor(Date.now() / HOUR_MS) * HOUR_MS - HOUR_MS);
    files.push(file);
    system.asHolder('gateway', 'feed', file.file, '--format', 'ndjson');
  }

  /** Kinshasa has kept UTC+1 since 1920. */
  async function exact(): Promise<void> {
    system.drain(120);
    const [all, refused] = [join(folder, 'all.ndjson'), join(folder, 'refused.ndjson')];
    writeFileSync(all, files.map(({ file }) => readFileSync(file, 'utf8')).join(''));
    writeFileSync(refused, files.map(({ refusedFile }) => readFileSync(refusedFile, 'utf8')).join(''));
    const expected = expectedCells(await ndjsonOracle(all, refused, { id: 'CD', minorUnits: 2, utcOffsetHours: 1 }));
    const reader = system.figures();
    const cells: Cells = await cellsOf(reader, ['revenue', 'statistics', 'quality']);
    await reader.close();
    const actual = new Map([...cells].filter(([key]) => /^(revenue|statistics|quality)\/[^/]+\/(day|month)\//.test(key) && !notExpected(key)));
    expect(differencesOf(expected, actual)).toEqual([]);
    expect(expected.size).toBeGreaterThan(5_000);
    await system.until('the books balance', () => { const { drained, books } = system.status(); return drained && books.balanced && books.raw === EVENTS * files.length; });
  }

  const waits = (service: string, words: RegExp): Promise<void> =>
    system.until(`${service} says ${words}`, () => system.status().services.some(({ name, state, reason }) => name === service && state === 'waiting' && words.test(reason ?? '')));

  test('with these rights and no other everything is counted, exactly', async () => {
    feed('secured');
    await exact();
    expect(system.asHolder('admin', 'rights', 'check')).toMatch(/^(\d+) of \1 rules are given; 0 more than needed$/m);
  });

  test('a service without a right at Kafka says which, waits, and goes on when it has it', async () => {
    await system.takeKafkaRight('enrich', 'customs.declarations.enriched.v1', 'WRITE');
    feed('without a right');
    await waits('enrich', /Kafka refuses tidewaiter-enrich .*WRITE on topic customs\.declarations\.enriched\.v1.*rights check/);
    const check = system.cliAs('admin', 'rights', 'check');
    expect([check.status, check.stdout]).toEqual([1, expect.stringMatching(/missing +User:tidewaiter-enrich +WRITE +topic customs\.declarations\.enriched\.v1\n/)]);
    system.asHolder('admin', 'rights', 'apply');
    await exact();
  });

  test('a user without a right at Redis is named, nothing is lost, and figures go on when it has it', async () => {
    system.redisAdmin('ACL', 'SETUSER', 'tidewaiter-aggregate', '-hincrby');
    feed('without hincrby');
    await waits('aggregate', /redis refuses tidewaiter-aggregate.*infra\/rights\/redis-users\.acl/);
    expect(system.status().services.find(({ name }) => name === 'aggregate')?.stoppedPartitions ?? {}).toEqual({});
    system.redisAdmin('ACL', 'SETUSER', 'tidewaiter-aggregate', '+hincrby');
    await exact();
  });

  test('the archive is written and checked with rights of its own, which change nothing', () => {
    const archived = system.asHolder('archive', 'archive', 'run', '--topic', 'all', '--json');
    const { partitions } = JSON.parse(archived) as { partitions: readonly { topic: string; records: number; refused?: string }[] };
    expect(partitions.filter(({ refused }) => refused !== undefined)).toEqual([]);
    expect(partitions.filter(({ topic }) => topic === 'customs.declarations.raw.v1').reduce((sum, { records }) => sum + records, 0)).toBe(EVENTS * files.length);
    expect(JSON.parse(system.asHolder('archive', 'archive', 'verify', '--json'))).toMatchObject({ sound: true });
    const refused = system.cliAs('gateway', 'archive', 'run');
    expect([refused.status, refused.stderr]).toEqual([1, /** Who may not know the group is not told so, and reads what that may mean. */ expect.stringMatching(/Kafka refuses tidewaiter-gateway a right|should tidewaiter-gateway not be allowed to know, it needs READ on topic/)]);
  });

  test('a figure of the console opens its explanation, with the rights of the console alone, and one of its declarations opens all it touches', async () => {
    const { token } = JSON.parse(system.done('console', 'token', '--name', 'N. Mbala', '--roles', 'viewer,analyst,enforcement,operator', '--json')) as { token: string };
    const ask = async <Answer>(path: string): Promise<Answer> => {
      const answer = await fetch(`${system.config.consoleUrl}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
      if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
      return (await answer.json()) as Answer;
    };
    const { periods: [month] } = await ask<{ periods: { period: string }[] }>('/periods');
    const figure = await ask<PageExplanation>(`/explain/revenue?period=month:${month?.period}&limit=5`);
    expect(figure).toMatchObject({ addsUp: true });
    /** Which pack decided is read in the log. */
    expect(figure.contributions[0]?.details?.definitions).toMatch(/^imts2010@/);
    const { cells, history } = await ask<PageDeclaration>(`/explain/declaration/${figure.contributions[0]?.declarationId}`);
    expect(cells.length).toBeGreaterThan(3);
    expect(history?.map(({ outcome }) => outcome)).toContain('counted');
    /** And what the console asks of the broker for a replay that went live, see `status`. */
    expect(await ask<{ services: object[] }>('/status')).toMatchObject({ services: expect.arrayContaining([expect.objectContaining({ name: 'aggregate', state: 'running' })]) as object[] });
  });

  test('who may only read figures cannot change them, nor the position behind them', () => {
    const cell = '{tw:live:0}:cell/books';
    expect(system.redisAs('console', 'HGET', cell, 'counted')).toMatch(/^\d+$/);
    expect(system.redisAs('publish', 'HSET', '{tw:live:0}:position/customs.declarations.enriched.v1/0', 'token', 'mine')).toMatch(/NOPERM/);
    for (const command of [['HINCRBY', cell, 'counted', '1'], ['HSET', '{tw:live:0}:position/customs.declarations.enriched.v1/0', 'position', ''], ['FLUSHALL'], ['CONFIG', 'GET', '*'], ['SET', 'other', '1']]) {
      expect(system.redisAs('console', ...command)).toMatch(/NOPERM/);
    }
  });

  test('a wrong password, and an authority that is not known, are said in words; a service waits, a command ends', async () => {
    await system.stopService('standardize');
    system.startService('standardize', { TIDEWAITER_KAFKA_PASSWORD_FILE: system.secret('gateway') });
    await waits('standardize', /Kafka does not know tidewaiter-standardize by this password/);
    await system.stopService('standardize');
    system.startService('standardize');
    const strange = system.cliWith({ TIDEWAITER_KAFKA_CA_FILE: system.secret('server.pem') }, 'topics', 'check');
    expect([strange.status, strange.stderr]).toEqual([1, expect.stringMatching(/^the brokers' certificate is not accepted \(.*\): see TIDEWAITER_KAFKA_CA_FILE\n$/)]);
    const unknown = system.cliWith({ TIDEWAITER_REGISTRY_PASSWORD_FILE: system.secret('gateway') }, 'schemas', 'check');
    expect([unknown.status, unknown.stderr]).toEqual([1, expect.stringMatching(/does not know tidewaiter-operator \(401\)/)]);
    const redis = system.cliWith({ TIDEWAITER_REDIS_CA_FILE: system.secret('server.pem') }, 'query', 'revenue', '--period', 'month:2026-10');
    expect([redis.status, redis.stderr]).toEqual([1, expect.stringMatching(/certificate/)]);
    await exact();
  });
});
