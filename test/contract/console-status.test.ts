/** What the console shows of services that run elsewhere, and what it says of itself. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { silentMeasurements } from '../../services/shell/measurements';
import { listenForProbes } from '../../services/shell/probes/probes';
import { StateReporter } from '../../services/shell/service-state';
import { stageNames } from '../../services/topology';
import { ConsoleWorld } from '../support/console-world';

jest.setTimeout(60_000);
interface Shown { readonly services: readonly { readonly name: string; readonly state: string; readonly reason?: string }[] }
const elsewhere = mkdtempSync(join(tmpdir(), 'tidewaiter-elsewhere-'));
const state = new StateReporter(elsewhere, 'ingest');
let server: Server;
let world: ConsoleWorld;

beforeAll(async () => {
  state.set('waiting', 'kafka does not answer');
  server = await listenForProbes({ host: '127.0.0.1', port: 0 }, state, { ...silentMeasurements, contentType: 'text/plain', text: async () => '' }, pino({ level: 'silent' })) as Server;
  const { port } = server.address() as AddressInfo;
  world = await ConsoleWorld.start({ TIDEWAITER_SERVICE_URLS: `ingest=http://127.0.0.1:${port},enrich=http://127.0.0.1:${port}` });
});
afterAll(async () => {
  await world.stop();
  server.close();
  rmSync(elsewhere, { recursive: true, force: true });
});

test('services are asked where the settings say that they are, whatever lies in the home folder', async () => {
  let services: Shown['services'] = [];
  const of = (name: string) => services.find((service) => service.name === name);
  const headers = { authorization: `Bearer ${await world.bearer('viewer')}` };
  /** On a busy machine a first answer may come too late. */
  await world.until('ingest has answered', async () => {
    services = (await world.server.inject({ url: '/api/v1/status', headers })).json<Shown>().services;
    return of('ingest')?.state === 'waiting' && !/in time/.test(of('enrich')?.reason ?? '');
  });
  expect(of('ingest')).toMatchObject({ pid: process.pid, state: 'waiting', reason: 'kafka does not answer' });
  expect(of('enrich')).toMatchObject({ pid: null, state: 'silent', reason: expect.stringContaining('another service answers: ingest') });
  expect(of('standardize')).toMatchObject({ state: 'down' });
  expect(services.filter((service) => 'withoutLag' in service).map(({ name }) => name)).toEqual(['console']);
  expect(services.map(({ name }) => name)).toEqual([...stageNames, 'console']);
});

test('on /state the console says what it says of itself, and nothing beside', async () => {
  const answer = await world.server.inject('/state');
  const { updatedAt, ...said } = world.console.parts.said();
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, expect.stringContaining('application/json')]);
  expect(answer.json()).toEqual({ ...said, updatedAt: expect.any(Number) });
  expect(said).toMatchObject({ name: 'console', pid: process.pid });
  expect(Math.abs(updatedAt - answer.json<{ updatedAt: number }>().updatedAt)).toBeLessThan(5_000);
});
