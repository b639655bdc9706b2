/** What /metrics says against what was done, and /readyz against what a service is in: real stages, real HTTP, neighbours in memory. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { InMemorySystem } from '../../services/local/in-memory-system';
import { PublishingMeasures } from '../../services/publish/publishing-measures';
import { avroType, Encoder } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import { readConfig } from '../../services/shell/config';
import { LagEstimate } from '../../services/shell/metrics/lag-estimate';
import { PrometheusMeasurements } from '../../services/shell/metrics/prometheus';
import { answerProbe, listenForProbes } from '../../services/shell/probes/probes';
import { StateReporter } from '../../services/shell/service-state';
import { ownSchemaId } from '../../services/shell/stage-codec';
import { rawTopic, rejectedTopic, type StageName } from '../../services/topology';
import { raw, tax, item } from '../support/declarations';
import { input, inputPartition, StageWorld } from '../support/stage-world';
import { until } from '../support/until';
import { MemoryLog } from '../../services/shell/memory/memory-log';

jest.setTimeout(60_000);
const silent = pino({ level: 'silent' });

/** Sample values by name and labels, without the label that every sample has. */
function samples(text: string): Map<string, number> {
  return new Map(text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).map((line) => {
    const cut = line.lastIndexOf(' ');
    const name = line.slice(0, cut).replace(/,?service="[a-z]+"/, '').replace('{,', '{').replace('{}', '');
    return [name, Number(line.slice(cut + 1))] as const;
  }));
}

describe('the flow', () => {
  const measured = new Map<StageName, PrometheusMeasurements>();
  let system: InMemorySystem;
  const of = async (name: StageName): Promise<Map<string, number>> => samples(await (measured.get(name) as PrometheusMeasurements).text());

  beforeAll(async () => {
    const config = readConfig({ TIDEWAITER_PARTITIONS: '1', TIDEWAITER_PROFILE: 'CD', TIDEWAITER_LEDGER_BUCKETS: '16' });
    system = await InMemorySystem.start(config, (name, state) => {
      const measurements = new PrometheusMeasurements(name, state);
      measured.set(name, measurements);
      return { measurements };
    });
    const encoder = new Encoder(await ownSchemaId(system.neighbours.registry(), rawTopic), avroType(topicSchema(rawTopic)));
    const sink = await system.neighbours.log().sink();
    const send = (key: string, value: Buffer | null) => sink.send([{ topic: rawTopic, partition: 0, key, value }]);
    const at = Date.now() - 3_600_000;
    for (let count = 0; count < 7; count++) await send(`D${count}`, encoder.encode(raw({ declarationId: `D${count}`, eventId: `D${count}/1`, occurredAt: at, acceptedAt: at })));
    await send('D0', encoder.encode(raw({ declarationId: 'D0', eventId: 'D0/1', occurredAt: at, acceptedAt: at })));
    await send('N', null);
    await send('N', null);
    await send('F', Buffer.from('no frame'));
    /** Of standardize: the duty is not the rate of its base. */
    await send('R', encoder.encode(raw({ declarationId: 'R', eventId: 'R/1', occurredAt: at, acceptedAt: at, items: [item({ taxes: [tax({ assessed: 9_999_990_000n })] })] })));
    await system.drained();
  });
  afterAll(() => system.stop());

  test('records read, sent, applied, and refused by code are those of the log', async () => {
    const [ingest, standardize, enrich, aggregate] = [await of('ingest'), await of('standardize'), await of('enrich'), await of('aggregate')];
    expect(ingest.get(`tidewaiter_records_read_total{topic="${rawTopic}"}`)).toBe(12);
    expect([ingest.get('tidewaiter_records_refused_total{code="E-DECODE-EMPTY"}'), ingest.get('tidewaiter_records_refused_total{code="E-DECODE-FRAME"}')]).toEqual([2, 1]);
    expect(ingest.get('tidewaiter_records_sent_total{topic="customs.declarations.accepted.v1"}')).toBe(9);
    expect(ingest.get(`tidewaiter_records_sent_total{topic="${rejectedTopic}"}`)).toBe(3);
    const refusedByStandardize = [...standardize].filter(([name]) => name.startsWith('tidewaiter_records_refused_total')).reduce((sum, [, count]) => sum + count, 0);
    expect(refusedByStandardize).toBe(1);
    expect(standardize.get('tidewaiter_records_sent_total{topic="customs.declarations.standardized.v1"}')).toBe(9 - refusedByStandardize);
    expect(enrich.get('tidewaiter_records_read_total{topic="customs.declarations.standardized.v1"}')).toBe(9 - refusedByStandardize);
    expect(aggregate.get('tidewaiter_records_applied_total{topic="customs.declarations.enriched.v1"}')).toBe(9 - refusedByStandardize);
    expect(aggregate.get(`tidewaiter_records_applied_total{topic="${rejectedTopic}"}`)).toBe(3 + refusedByStandardize);
    expect(aggregate.get('tidewaiter_arrival_to_figures_seconds_count')).toBeGreaterThan(0);
  });

  test('no lag is left, partitions have owners, services are ready', async () => {
    for (const name of ['ingest', 'standardize', 'enrich', 'aggregate'] as const) {
      const found = await of(name);
      const lags = [...found].filter(([metric]) => metric.startsWith('tidewaiter_lag_'));
      expect(lags.length).toBeGreaterThan(0);
      expect(lags.filter(([, value]) => value !== 0)).toEqual([]);
      expect([...found].filter(([metric]) => /^tidewaiter_epoch_changes_total\{.*epoch="owner"/.test(metric)).every(([, count]) => count >= 1)).toBe(true);
      expect([found.get('tidewaiter_ready'), found.get('tidewaiter_service_state{state="running"}'), found.get('tidewaiter_service_state{state="halted"}')]).toEqual([1, 1, 0]);
    }
  });

  test('the books balance, and are told by the leading publisher alone', async () => {
    const publisher = measured.get('publish') as PrometheusMeasurements;
    const inspector = await system.neighbours.log().inspector();
    await new PublishingMeasures(publisher, system.neighbours.figures()).look(0, inspector);
    await inspector.close();
    const found = await of('publish');
    expect([found.get('tidewaiter_book_records{book="raw"}'), found.get('tidewaiter_book_records{book="ignored"}'), found.get('tidewaiter_books_difference_records'), found.get('tidewaiter_publisher_leads')]).toEqual([12, 1, 0, 1]);
    expect(found.get('tidewaiter_cells_published_total')).toBeGreaterThan(0);
    publisher.leading(undefined);
    expect([...(await of('publish'))].filter(([name]) => /^tidewaiter_(books|changes_waiting)/.test(name))).toEqual([]);
    expect((await of('ingest')).has('tidewaiter_publisher_leads')).toBe(false);
  });
});

test('lag in seconds is of the oldest record that may be left, never of a quiet topic', () => {
  let now = 1_000_000;
  const lag = new LagEstimate(() => now);
  const reached = (next: number, end: number, timestamp: number) => lag.reached({ topic: input, partition: 0, from: 0, next, end, records: [{ offset: next - 1, timestamp, key: null, value: null, headers: [] }] });
  const seen = () => lag.lags().map(({ records, seconds }) => [records, seconds]);
  reached(5, 10, 400_000);
  expect(seen()).toEqual([[5, 600]]);
  reached(10, 10, 500_000);
  now += 60_000;
  expect(seen()).toEqual([[0, 0]]);
  lag.stands([{ key: `${input}/0`, next: 10, end: 12 }]);
  expect(seen()).toEqual([[2, 60]]);
  lag.stands([]);
  expect(seen()).toEqual([]);
});

describe('probes', () => {
  const home = mkdtempSync(join(tmpdir(), 'tidewaiter-'));
  const servers: Server[] = [];
  afterAll(() => { for (const server of servers) server.close(); rmSync(home, { recursive: true, force: true }); });

  test('ready while it runs; not while it starts, waits, has halted or has stopped a partition, and the body says why', async () => {
    const state = new StateReporter(home, 'ingest');
    state.start();
    const measurements = new PrometheusMeasurements('ingest', state);
    const server = await listenForProbes({ host: '127.0.0.1', port: 0 }, state, measurements, silent) as Server;
    servers.push(server);
    const ask = async (path: string, method = 'GET') => { const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { method }); return [answer.status, await answer.text()]; };
    expect(await ask('/readyz')).toEqual([503, 'starting\n']);
    state.set('running');
    expect(await ask('/readyz')).toEqual([200, 'running\n']);
    state.onTrouble('redis: away');
    expect(await ask('/readyz')).toEqual([503, 'waiting: redis: away\n']);
    expect(await ask('/healthz')).toEqual([200, 'alive\n']);
    expect(String((await ask('/metrics'))[1])).toContain('\ntidewaiter_service_state{state="waiting",service="ingest"} 1\n');
    state.onTrouble(undefined);
    state.partitionStopped('t/0', 'a hole');
    expect(await ask('/readyz')).toEqual([503, 'running\nstopped at t/0: a hole\n']);
    state.partitionStopped('t/0', undefined);
    state.set('halted', 'too much refused');
    expect(await ask('/readyz')).toEqual([503, 'halted: too much refused\n']);
    expect([(await ask('/else'))[0], (await ask('/readyz', 'POST'))[0], (await ask('/state', 'POST'))[0]]).toEqual([404, 405, 405]);
    const [status, body] = await ask('/state');
    expect([status, { ...JSON.parse(String(body)) as object, updatedAt: 0 }]).toEqual([200, { ...state.said, updatedAt: 0 }]);
    state.stop();
  });

  test('a port in use is a warning, and nothing more', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    servers.push(taken);
    await new Promise((resolve) => taken.once('listening', resolve));
    const state = new StateReporter(home, 'ingest');
    expect(await listenForProbes({ host: '127.0.0.1', port: (taken.address() as AddressInfo).port }, state, new PrometheusMeasurements('ingest', state), silent)).toBeUndefined();
  });

  test('a stage that halts is not ready any more', async () => {
    const world = await StageWorld.open();
    const { state } = await world.start();
    const ready = async () => (await answerProbe('/readyz', state, new PrometheusMeasurements('standardize', state)))?.status;
    expect(await ready()).toBe(200);
    const sink = await new MemoryLog(world.broker).sink();
    await sink.send(Array.from({ length: 1_000 }, (_, count) => ({ ...inputPartition, key: String(count), value: Buffer.from('no frame') })));
    await until('it has halted', () => state.said.state === 'halted', 20_000);
    expect(await ready()).toBe(503);
    await world.close();
  }, 30_000);
});
