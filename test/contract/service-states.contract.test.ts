/** What every adapter of the port `ServiceStates` promises: files of one home folder, and HTTP to services wherever they run. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createSocketServer, type AddressInfo, type Server as SocketServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { limits } from '../../services/limits';
import { readConfig } from '../../services/shell/config';
import { connectStates } from '../../services/shell/connect';
import { silentMeasurements } from '../../services/shell/measurements';
import { listenForProbes } from '../../services/shell/probes/probes';
import { StateReporter } from '../../services/shell/service-state';
import { AskedStates, type AddressLookup } from '../../services/shell/states/asked-states';
import type { ServiceStates } from '../../services/shell/states/service-states';
import type { ServiceUrl } from '../../services/shell/states/service-urls';
import { allServices, type ServiceName } from '../../services/topology';

jest.setTimeout(60_000);
type Closing = { close(): unknown };
const open: Closing[] = [];
const homes: string[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
});

function newHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'tidewaiter-states-'));
  mkdirSync(join(home, 'run'));
  homes.push(home);
  return home;
}

const portOf = (server: Server | SocketServer): number => (server.address() as AddressInfo).port;

/** On every address of this machine, so that 127.0.0.2 is another replica. */
async function listening<Kind extends Server | SocketServer>(server: Kind, port = 0, host = '127.0.0.1'): Promise<Kind> {
  open.push(server);
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}

const metrics = { ...silentMeasurements, contentType: 'text/plain', text: async () => '' };
async function probesOf(state: StateReporter, port = 0, host = '127.0.0.1'): Promise<Server> {
  const server = await listenForProbes({ host, port }, state, metrics, pino({ level: 'silent' })) as Server;
  open.push(server);
  return server;
}

/** Accepts, and never says a word. */
async function hanging(): Promise<SocketServer> {
  const server = createSocketServer((socket) => { open.push({ close: () => socket.destroy() }); });
  return listening(server);
}

const answering = (status: number, body: string): Promise<Server> => listening(createServer((_request, response) => { response.writeHead(status).end(body); }));

async function closedPort(): Promise<number> {
  const server = await listening(createSocketServer());
  const port = portOf(server);
  await new Promise((closed) => { server.close(closed); });
  return port;
}

/** Services in the ways that they can be found; `states` only once all are there. */
interface World {
  lives(name: ServiceName): Promise<StateReporter>;
  hasEnded(name: ServiceName): Promise<void>;
  saysNothing(name: ServiceName): Promise<void>;
  isSomethingElse(name: ServiceName): Promise<void>;
  states(): ServiceStates;
}

function filesWorld(): World {
  const home = newHome();
  const written = (name: string, over: object): void => writeFileSync(join(home, 'run', `${name}.json`), JSON.stringify({ name, pid: process.pid, state: 'running', reason: 'kafka does not answer', stoppedPartitions: { 'a/0': 'a hole' }, newestEventAt: null, updatedAt: Date.now(), ...over }));
  return {
    lives: async (name) => { const state = new StateReporter(home, name); open.push({ close: () => state.stop() }); state.start(); return state; },
    hasEnded: async (name) => written(name, { pid: spawnSync(process.execPath, ['--version']).pid }),
    saysNothing: async (name) => written(name, { updatedAt: Date.now() - limits.stateSilentMs - 1_000 }),
    isSomethingElse: async (name) => writeFileSync(join(home, 'run', `${name}.json`), '<html>'),
    states: () => connectStates(readConfig({ TIDEWAITER_HOME: home })),
  };
}

function httpWorld(): World {
  const home = newHome();
  const urls: string[] = [];
  const at = (name: string, port: number): void => { urls.push(`${name}=http://127.0.0.1:${port}`); };
  return {
    lives: async (name) => { const state = new StateReporter(home, name); at(name, portOf(await probesOf(state))); return state; },
    hasEnded: async (name) => at(name, await closedPort()),
    saysNothing: async (name) => at(name, portOf(await hanging())),
    isSomethingElse: async (name) => at(name, portOf(await answering(200, '<html>'))),
    /** On a busy machine those that answer need longer than in earnest. */
    states: () => connectStates(readConfig({ TIDEWAITER_HOME: home, TIDEWAITER_SERVICE_URLS: urls.join(',') }), 2_000),
  };
}

describe('files', () => contract(filesWorld));
describe('http', () => contract(httpWorld));

function contract(makeWorld: () => World): void {
  let world: World;
  beforeEach(() => { world = makeWorld(); });

  test('a service is shown exactly as it says', async () => {
    const state = await world.lives('enrich');
    state.newestEventAt = 1_796_083_200_000;
    state.partitionStopped('a/0', 'a hole');
    state.alarm('self-check', 'revenue differs');
    state.onTrouble('kafka: away');
    state.set('running');
    const { updatedAt, ...said } = (await world.states().read()).get('enrich') ?? {};
    expect(said).toEqual({ name: 'enrich', pid: process.pid, state: 'waiting', reason: 'kafka: away', newestEventAt: 1_796_083_200_000, stoppedPartitions: { 'a/0': 'a hole' }, alarms: { 'self-check': 'revenue differs' } });
    expect(Math.abs(Number(updatedAt) - Date.now())).toBeLessThan(limits.stateSilentMs);
  });

  test('it is asked anew each time', async () => {
    const state = await world.lives('enrich');
    const states = world.states();
    for (const name of ['running', 'halted', 'stopping'] as const) {
      state.set(name);
      expect((await states.read()).get('enrich')).toMatchObject({ state: name });
    }
  });

  test('one that has ended is down, and nothing that it said is left; one that lives and says nothing is silent; the others are told', async () => {
    await world.hasEnded('ingest');
    await world.saysNothing('standardize');
    (await world.lives('publish')).set('running');
    const said = await world.states().read();
    expect(said.get('ingest')).toMatchObject({ name: 'ingest', pid: null, state: 'down', newestEventAt: null });
    expect(said.get('ingest')).not.toHaveProperty('stoppedPartitions');
    expect(said.get('ingest')?.reason ?? '').not.toContain('kafka');
    expect(said.get('standardize')).toMatchObject({ name: 'standardize', state: 'silent' });
    expect(said.get('publish')).toMatchObject({ state: 'running' });
  });

  test('one that nothing is known of has no row; what is no state is never taken for one that runs', async () => {
    (await world.lives('publish')).set('running');
    await world.isSomethingElse('ingest');
    const said = await world.states().read();
    expect(said.has('console')).toBe(false);
    expect(said.get('ingest')?.state ?? 'silent').toBe('silent');
    expect(said.get('publish')).toMatchObject({ state: 'running' });
  });
}

describe('wherever services run', () => {
  const url = (port: number, host = '127.0.0.1', name: ServiceName = 'ingest'): ServiceUrl => ({ name, host, port });
  const ingest = async (urls: readonly ServiceUrl[], lookup?: AddressLookup, deadlineMs = 5_000) => (await new AskedStates(urls, deadlineMs, lookup).read()).get('ingest');
  const reporter = (name: ServiceName = 'ingest'): StateReporter => { const state = new StateReporter(newHome(), name); state.set('running'); return state; };

  test('every address behind a name is asked: two replicas, one row', async () => {
    const [first, second] = [reporter(), reporter()];
    const port = portOf(await probesOf(first));
    await probesOf(second, port, '127.0.0.2');
    first.newestEventAt = 5;
    second.newestEventAt = 9;
    second.partitionStopped('a/1', 'a hole');
    const replicas = async () => ['127.0.0.1', '127.0.0.2'];
    expect(await ingest([url(port, 'ingest')], replicas)).toMatchObject({ pid: null, state: 'running', replicas: 2, newestEventAt: 9, stoppedPartitions: { 'a/1': `a hole (127.0.0.2:${port})` } });
    second.set('halted', 'too much refused');
    expect(await ingest([url(port, 'ingest')], replicas)).toMatchObject({ state: 'halted', reason: `too much refused (127.0.0.2:${port})` });
    expect(await ingest([url(port, 'ingest')], async () => ['127.0.0.1', '127.0.0.2', '127.0.0.3'])).toMatchObject({ state: 'halted', replicas: 3, reason: expect.stringContaining(`nobody listens: ECONNREFUSED (127.0.0.3:${port})`) });
  });

  test('replicas without a name in common stand there one by one; an address that two names lead to counts once', async () => {
    const [first, second] = [portOf(await probesOf(reporter())), portOf(await probesOf(reporter()))];
    expect(await ingest([url(first), url(second)])).toMatchObject({ state: 'running', replicas: 2 });
    expect(await ingest([url(first), url(first, 'localhost')])).toMatchObject({ state: 'running', pid: process.pid });
  });

  test('a name without an address is down; so is one that the resolver is silent about', async () => {
    expect(await ingest([url(9_464, 'ingest')], () => Promise.reject(new Error('getaddrinfo ENOTFOUND ingest')))).toMatchObject({ state: 'down', pid: null, reason: 'its name has no address: getaddrinfo ENOTFOUND ingest (ingest:9464)' });
    expect(await ingest([url(9_464, 'ingest')], () => new Promise(() => undefined), 50)).toMatchObject({ state: 'down', reason: expect.stringContaining('no answer within') });
  });

  test('a resolver that hangs is not asked again before it has answered', async () => {
    let asked = 0;
    let answer: (addresses: readonly string[]) => void = () => undefined;
    const states = new AskedStates([url(await closedPort(), 'ingest')], 30, () => { asked++; return new Promise((resolve) => { answer = resolve; }); });
    await states.read();
    await states.read();
    expect(asked).toBe(1);
    answer(['127.0.0.1']);
    await new Promise((next) => setImmediate(next));
    const third = states.read();
    answer(['127.0.0.1']);
    expect((await third).get('ingest')?.reason).toContain('nobody listens');
    expect(asked).toBe(2);
  });

  test('all are asked at once, and nobody is waited for beyond the deadline', async () => {
    const dripping = await listening(createServer((_request, response) => { response.writeHead(200); const timer = setInterval(() => response.write(' '), 20); response.on('close', () => clearInterval(timer)); }));
    const urls = await Promise.all(allServices.flatMap((name) => [name, name]).map(async (name) => url(portOf(await hanging()), '127.0.0.1', name)));
    const [began, deadlineMs] = [performance.now(), 500];
    const said = await new AskedStates([...urls, url(portOf(dripping))], deadlineMs).read();
    expect(performance.now() - began).toBeLessThan(deadlineMs * allServices.length);
    expect(said.get('ingest')).toMatchObject({ state: 'silent', replicas: 3, reason: expect.stringMatching(/^no answer in time \(.*,.*,.*\)$/) });
    expect([...said].map(([name, { state }]) => [name, state])).toEqual(allServices.map((name) => [name, 'silent']));
  });

  test('one that misses a single deadline is not silent yet: its last answer holds as long as a file does', async () => {
    const state = reporter();
    let busy = false;
    const server = await listening(createServer((_request, response) => { if (!busy) response.end(JSON.stringify(state.said)); }));
    const states = new AskedStates([url(portOf(server))], 1_000);
    const seen = async () => (await states.read()).get('ingest')?.state;
    expect(await seen()).toBe('running');
    busy = true;
    expect(await seen()).toBe('running');
    const now = performance.now.bind(performance);
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now() + limits.stateSilentMs);
    expect(await seen()).toBe('silent');
    busy = false;
    expect(await seen()).toBe('running');
    server.close();
    server.closeAllConnections();
    expect(await seen()).toBe('down');
    clock.mockRestore();
  });

  test.each<[string, () => Promise<Server>, RegExp]>([
    ['a release without /state', () => answering(404, 'there are /metrics, /healthz, /readyz\n'), /no state in its answer, HTTP 404/],
    ['an error that looks like a state', () => answering(500, JSON.stringify({ name: 'ingest', pid: 1, state: 'running', newestEventAt: null, updatedAt: 0 })), /no state in its answer, HTTP 500/],
    ['a state that nobody has', () => answering(200, JSON.stringify({ name: 'ingest', pid: 1, state: 'splendid', newestEventAt: null, updatedAt: 0 })), /no state in its answer/],
    ['a moment that is none', () => answering(200, JSON.stringify({ name: 'ingest', pid: 1, state: 'running', newestEventAt: 1e300, updatedAt: 0 })), /no state in its answer/],
    ['an answer without an end', () => answering(200, ' '.repeat(limits.stateAnswerBytes + 1)), /too long/],
    ['somebody else at its address', () => probesOf(reporter('publish')), /another service answers: publish/],
    ['one that hangs up', () => listening(createServer((request) => { request.socket.destroy(); })), /hang up/],
  ])('%s is silent, and says why', async (_what, server, reason) => {
    expect(await ingest([url(portOf(await server()))])).toMatchObject({ state: 'silent', pid: null, reason: expect.stringMatching(reason) });
  });

  test('fields of a later release are passed over', async () => {
    const state = { name: 'ingest', pid: 1, state: 'running', newestEventAt: null, updatedAt: 0 };
    expect(await ingest([url(portOf(await answering(200, JSON.stringify({ ...state, mood: 'good' }))))])).toEqual(state);
  });
});
