/** Signing a month off on the real parts: what stands, what comes later, what is lost, what somebody changes. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pino from 'pino';
import { connectRedis } from '../../services/shell/connect';
import type { ScriptRunner } from '../../services/shell/redis/script-runner';
import { generatedFile } from '../support/generated-file';
import { onRealParts, RunningSystem } from '../support/running-system';

const suite = onRealParts ? describe : describe.skip;
const MONTH = '2026-04';
/** Sixty days before this moment: the whole of April is among them, and over. */
const UNTIL_MS = Date.parse('2026-05-20T12:00:00Z');
jest.setTimeout(300_000);
const ALARM_MS = 120_000;

interface Answer { readonly status: string; readonly rows: readonly Readonly<Record<string, string>>[]; readonly adjusted?: boolean; readonly closed?: readonly { readonly closedBy: string; readonly digest: string }[] }

suite('closing', () => {
  const system = new RunningSystem(7, { TIDEWAITER_PROFILE: 'CD' });
  let redis: ScriptRunner;
  beforeAll(async () => {
    await system.start();
    redis = connectRedis(system.config, pino({ level: 'silent' }));
    system.done('feed', generatedFile(system.home, 'CD', 3_000, 'closing', UNTIL_MS).file, '--format', 'ndjson');
    system.drain(120);
  });
  afterAll(async () => {
    await redis.close();
    await system.stop();
  });

  const query = (view: string, ...more: string[]): Answer => JSON.parse(system.done('query', view, '--period', `month:${MONTH}`, '--by', view === 'revenue' ? 'office,taxType' : 'flow,chapter', '--json', ...more)) as Answer;
  const verify = (): { sound: boolean; ledger: { differences: unknown[]; compared: number }; selfChecks: { disagreements: unknown[] }; closed: { intact: boolean; differences: unknown[] }[] } => JSON.parse(system.cli('verify', '--json').stdout) as never;
  /** A declaration of April, accepted then, that arrives only now. */
  function late(version: number, assessed: string): void {
    const event = JSON.parse(readFileSync(join(__dirname, '../../schemas/samples/declaration.ndjson'), 'utf8')) as { items: { taxes: { type: string; assessed: string }[] }[] };
    const at = `${MONTH}-15T10:00:00.000Z`;
    const items = event.items.map((item) => ({ ...item, taxes: item.taxes.filter(({ type }) => type === 'CUD').map((tax) => ({ ...tax, ratePercent: String(Number(assessed) / 125), assessed })) }));
    const file = join(system.home, `late-${version}.ndjson`);
    writeFileSync(file, `${JSON.stringify({ ...event, items, payments: [], declarationId: 'LATE', version, eventId: `LATE/${version}`, office: 'LATE1', occurredAt: at, acceptedAt: at })}\n`);
    system.done('feed', file, '--format', 'ndjson');
    system.drain(60);
  }
  let signedOff: Answer;

  test('everything agrees before', () => {
    expect(verify()).toMatchObject({ sound: true, closed: [], selfChecks: { disagreements: [] }, ledger: { differences: [] } });
    expect(verify().ledger.compared).toBeGreaterThan(10_000);
  });

  test('a month is closed once it is final, by a name, once', async () => {
    await system.until('it is final', () => query('revenue').status === 'final');
    signedOff = query('revenue');
    expect(system.cli('close', 'month', '2027-13', '--by', 'N. Mbala').status).toBe(2);
    expect(system.cli('close', 'month', '2026-12', '--by', 'N. Mbala')).toMatchObject({ status: 1, stderr: expect.stringContaining('provisional') as string });
    expect(system.done('close', 'month', MONTH, '--by', 'N. Mbala')).toContain(`${MONTH} is closed`);
    expect(system.cli('close', 'month', MONTH, '--by', 'P. Ilunga')).toMatchObject({ status: 1, stderr: expect.stringContaining('was closed by N. Mbala') as string });
    const closed = query('revenue');
    expect(closed).toMatchObject({ status: 'closed', adjusted: false, closed: [{ closedBy: 'N. Mbala' }] });
    expect(closed.rows).toEqual(signedOff.rows);
    expect(system.done('close', 'list')).toContain('N. Mbala');
  });

  test('what arrives later shows beside it, amended and taken back too', () => {
    late(1, '250');
    expect(query('revenue')).toMatchObject({ status: 'closed', adjusted: true, rows: signedOff.rows });
    expect(query('revenue', '--adjustments').rows).toEqual([expect.objectContaining({ office: 'LATE1', taxType: 'CUD', assessed: '250.00' })]);
    late(2, '100');
    expect(query('revenue', '--adjustments').rows).toEqual([expect.objectContaining({ office: 'LATE1', taxType: 'CUD', assessed: '100.00' })]);
    expect(query('statistics', '--adjustments').rows).toHaveLength(1);
    expect(system.cli('query', 'quality', '--period', `month:${MONTH}`, '--adjustments').status).toBe(2);
  });

  test('after FLUSHALL it is restored from its topic, and the rest from the log', async () => {
    const before = query('revenue').closed;
    await redis.redis.flushall();
    await system.until('it is closed again', () => { const { status, stdout } = system.cli('query', 'revenue', '--period', `month:${MONTH}`, '--by', 'office,taxType', '--json'); return (status === 0 || status === 75) && (JSON.parse(stdout) as Answer).status === 'closed'; });
    system.drain(120);
    expect(query('revenue')).toMatchObject({ status: 'closed', adjusted: true, rows: signedOff.rows, closed: before });
    expect(query('revenue', '--adjustments').rows).toEqual([expect.objectContaining({ office: 'LATE1', taxType: 'CUD', assessed: '100.00' })]);
    expect(verify()).toMatchObject({ sound: true, closed: [{ intact: true }] });
  });

  test('a figure that somebody changed is named, and raises an alarm by itself; so does a frozen one', async () => {
    const hash = '{tw:live:0}:cell/revenue/taxType-origin/month/2026-05';
    const field = (await redis.redis.hkeys(hash)).find((name) => name.endsWith(':assessed')) as string;
    await redis.redis.hincrby(hash, field, 1);
    await redis.redis.hincrby(`{tw:closed}:${MONTH}/revenue/taxType-origin/month/${MONTH}`, field, 1);
    const answer = system.cli('verify', '--json');
    expect(answer.status).toBe(1);
    const found = JSON.parse(answer.stdout) as ReturnType<typeof verify>;
    expect(found.closed).toMatchObject([{ intact: false, differences: [{ hash: `revenue/taxType-origin/month/${MONTH}`, field }] }]);
    expect(found.ledger.differences).toMatchObject([{ hash: 'revenue/taxType-origin/month/2026-05', field }]);
    expect(found.selfChecks.disagreements).not.toEqual([]);
    const alarms = (): string => JSON.stringify(system.status().services.find(({ name }) => name === 'publish'));
    const rebuilt = system.cli('rebuild', '--json');
    expect(rebuilt.status).toBe(1);
    expect(JSON.parse(rebuilt.stdout)).toMatchObject({ differences: [{ hash: 'revenue/taxType-origin/month/2026-05', field }] });
    await system.until('publish says so', () => alarms().includes('figures disagree: revenue 2026-05'), ALARM_MS);
    await redis.redis.hincrby(hash, field, -1);
    await system.until('it is well again', () => !alarms().includes('figures disagree'), ALARM_MS);
    system.done('close', 'restore', MONTH);
    expect(verify()).toMatchObject({ sound: true });
    expect(JSON.parse(system.done('rebuild', '--json'))).toMatchObject({ differences: [], months: expect.arrayContaining([MONTH]) as unknown });
    expect(await redis.redis.keys('{tw:rebuild:*')).toEqual([]);
  });
});
