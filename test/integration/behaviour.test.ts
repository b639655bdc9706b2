/** How the system behaves when it is fed rubbish, told to stop, and started wrongly: on the real broker, registry and Redis. */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { avroType, Encoder } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import { connectRegistry } from '../../services/shell/connect';
import { ownSchemaId } from '../../services/shell/stage-codec';
import { rawTopic, stageNames } from '../../services/topology';
import { raw } from '../support/declarations';
import { onRealParts, RunningSystem } from '../support/running-system';

const suite = onRealParts ? describe : describe.skip;
const root = join(__dirname, '../..');
jest.setTimeout(180_000);

suite('behaviour', () => {
  const system = new RunningSystem(4, { TIDEWAITER_PROFILE: 'CD' });
  beforeAll(() => system.start());
  afterAll(() => system.stop());

  test('bad records are refused one by one, each with its code and its bytes; the good ones around them are counted', async () => {
    const log = system.log();
    const sink = await log.sink();
    const encoder = new Encoder(await ownSchemaId(connectRegistry(system.config), rawTopic), avroType(topicSchema(rawTopic)));
    const at = Date.now() - 3_600_000;
    const good = (number: number): Buffer => Buffer.from(encoder.encode(raw({ declarationId: `G${number}`, eventId: `G${number}/1`, occurredAt: at, acceptedAt: at })));
    const unknownId = good(0);
    unknownId.writeUInt32BE(987_654, 1);
    const values: (Buffer | null)[] = [good(1), Buffer.from('{"json":1}'), unknownId, good(2), good(3).subarray(0, 40), Buffer.concat([good(4), Buffer.from([7])]), null, Buffer.alloc(0), good(5)];
    await sink.send(values.map((value, number) => ({ topic: rawTopic, partition: 1, key: `K${number}`, value, headers: [{ key: 'from', value: Buffer.from('gateway-9') }] })));
    await sink.close();
    await log.close();
    system.drain(60);
    expect(system.status()).toMatchObject({ books: { raw: 9, counted: 3, refused: 6, balanced: true }, drained: true });
    const rejects = system.done('rejects', 'list', '--json').trim().split('\n').map((line) => JSON.parse(line) as { rejectId: string; code: string; offset: number | string; topic: string });
    expect(rejects.map(({ offset, code }) => `${offset} ${code}`).sort()).toEqual(['1 E-DECODE-FRAME', '2 E-DECODE-SCHEMA', '4 E-DECODE-CONTENT', '5 E-DECODE-CONTENT', '6 E-DECODE-EMPTY', '7 E-DECODE-EMPTY']);
    const id = rejects.find(({ code }) => code === 'E-DECODE-FRAME')?.rejectId ?? '';
    expect(system.done('rejects', 'show', id)).toMatch(/^headers +from$/m);
    expect(system.done('rejects', 'show', id, '--hex')).toContain(Buffer.from('{"json":1}').toString('hex'));
  });

  test('after a fix, what was refused is sent again; a version that came meanwhile is not overtaken', async () => {
    const at = '2026-03-15T10:00:00.000Z';
    const event = JSON.parse(readFileSync(join(root, 'schemas/samples/declaration.ndjson'), 'utf8')) as { items: { invoiceAmount: { amount: string; currency: string }; taxes: unknown[] }[] };
    const line = (declarationId: string, version: number, currency: string, amount: string): string => JSON.stringify({ ...event, declarationId, version, eventId: `${declarationId}/${version}`, office: 'REDRV', occurredAt: at, acceptedAt: at, incoterm: null, payments: [], items: event.items.map((item) => ({ ...item, invoiceAmount: { amount, currency }, freightAmount: null, insuranceAmount: null, taxes: [] })) });
    const [file, rates] = [join(system.home, 'dollars.ndjson'), join(system.home, 'rates.csv')];
    writeFileSync(file, [line('R1', 1, 'USD', '100'), line('R2', 1, 'USD', '10'), line('R1', 2, 'CDF', '777')].map((text) => `${text}\n`).join(''));
    writeFileSync(rates, 'currency,validFrom,validTo,homePerUnit\nUSD,2026-01-01,2027-12-31,2800\n');
    const value = (): string => {
      const [row] = (JSON.parse(system.done('query', 'statistics', '--period', 'month:2026-03', '--where', 'office=REDRV', '--json')) as { rows: { value: string }[] }).rows;
      return row?.value ?? 'none';
    };
    const before = system.status().books;
    system.done('feed', file, '--format', 'ndjson');
    system.drain(60);
    expect(value()).toBe('777.00');
    system.done('reference', 'load', 'rates', rates);
    expect(system.cli('rejects', 'redrive').status).toBe(2);
    expect(system.cli('rejects', 'redrive', 'standardize-9-9').stderr).toContain('no such refusal');
    expect(JSON.parse(system.done('rejects', 'redrive', '--code', 'E-VAL-NO-RATE', '--dry-run', '--json'))).toMatchObject({ wouldSend: [{ code: 'E-VAL-NO-RATE' }, { code: 'E-VAL-NO-RATE' }] });
    expect(JSON.parse(system.done('rejects', 'redrive', '--code', 'E-VAL-NO-RATE', '--json'))).toEqual({ sent: 2, alike: 0, missing: [] });
    system.drain(60);
    /** 10 dollars at 2,800 and the 777 that stand. */
    expect(value()).toBe('28777.00');
    const { raw: received, counted, refused, ignored, balanced } = system.status().books;
    expect([received - before.raw, counted - before.counted, refused - before.refused, ignored - before.ignored, balanced]).toEqual([5, 2, 2, 1, true]);
  });

  test.each(stageNames)('%s stops within ten seconds of SIGTERM, with exit code 0', async (name) => {
    const child = spawn(process.execPath, [join(root, `dist/services/${name}/main.js`)], { cwd: root, env: system.environment, stdio: 'ignore' });
    const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    await new Promise((next) => setTimeout(next, 3_000));
    const startMs = Date.now();
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(Date.now() - startMs).toBeLessThan(10_000);
  });

  test('a service that was killed is started again', async () => {
    const pid = system.pidOf('enrich');
    process.kill(pid, 'SIGKILL');
    await system.until('enrich runs again', () => system.status().services.some(({ name, pid: now, state }) => name === 'enrich' && now !== null && now !== pid && state === 'running'));
  });

  test('wrong settings are named all at once, exit code 78, no stack trace', () => {
    const started = spawnSync(process.execPath, [join(root, 'dist/services/ingest/main.js')], { cwd: root, env: { ...system.environment, TIDEWAITER_PARTITIONS: 'many', TIDEWAITER_REDIS_URL: 'here', TIDEWAITER_PROFILE: 'x' }, encoding: 'utf8' });
    expect(started.status).toBe(78);
    for (const setting of ['TIDEWAITER_PARTITIONS', 'TIDEWAITER_REDIS_URL', 'TIDEWAITER_PROFILE']) expect(started.stderr).toContain(setting);
    expect(started.stderr).not.toMatch(/^\s+at /m);
  });
});
