/** The stream of the console, over a real connection: ids rise, a page that comes back misses nothing, one that takes nothing is dropped. */
import { readFileSync } from 'node:fs';
import { get, type ClientRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { avroType } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import { alertValue, ConsoleWorld } from '../support/console-world';

jest.setTimeout(30_000);
let world: ConsoleWorld;
let port: number;
const open: ClientRequest[] = [];

beforeAll(async () => {
  world = await ConsoleWorld.start();
  await world.server.listen({ port: 0, host: '127.0.0.1' });
  port = (world.server.server.address() as AddressInfo).port;
});
afterEach(() => { for (const request of open.splice(0)) request.destroy(); });
afterAll(() => world.stop());

interface Heard { readonly id?: string; readonly event: string; readonly data: Readonly<Record<string, unknown>> }
class Listener {
  readonly heard: Heard[] = [];
  ended = false;
  private text = '';
  constructor(readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    response.on('data', (part: string) => { this.text += part; this.parse(); });
    response.on('close', () => { this.ended = true; });
  }
  get names(): string[] { return this.heard.map(({ event }) => event); }
  private parse(): void {
    for (let end = this.text.indexOf('\n\n'); end >= 0; end = this.text.indexOf('\n\n')) {
      const fields = Object.fromEntries(this.text.slice(0, end).split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]));
      this.text = this.text.slice(end + 2);
      if (fields['event'] !== undefined) this.heard.push({ ...(fields['id'] === undefined ? {} : { id: fields['id'] }), event: fields['event'], data: JSON.parse(fields['data'] ?? '{}') });
    }
  }
}

async function listen(token: string, topics: string, lastEventId?: string): Promise<Listener> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = get({ port, host: '127.0.0.1', path: `/api/v1/stream?topics=${topics}`, headers: { authorization: `Bearer ${token}`, ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) } }, resolve);
    request.once('error', reject);
    request.on('error', () => undefined);
    open.push(request);
  });
  return new Listener(response);
}

const publishAlert = (alertId: string): Promise<void> => world.append('customs.alerts.precursors.v1', alertValue({ alertId, declarationId: `of ${alertId}` }));

test('an alert on the topic reaches the page that may see it, and it alone', async () => {
  const officer = await listen(await world.bearer('viewer', 'enforcement'), 'alerts');
  const visitor = await listen(await world.bearer('viewer'), 'alerts,status');
  await publishAlert('first');
  await world.until('the officer hears it', () => officer.heard.length === 1);
  expect(officer.heard[0]).toMatchObject({ event: 'alert', data: { alertId: 'first', substance: 'acetone', decision: null } });
  expect(JSON.stringify(officer.heard)).not.toContain('3fa7:');
  world.console.parts.pages.publish('status', { services: [] });
  await world.until('the visitor hears what came behind it', () => visitor.heard.length > 0);
  expect(visitor.names).toEqual(['status']);
});

test('a page that comes back with Last-Event-ID is told what it missed, once, in order', async () => {
  const token = await world.bearer('viewer', 'enforcement');
  const before = await listen(token, 'alerts');
  await publishAlert('second');
  await world.until('it is heard', () => before.heard.length === 1);
  before.response.destroy();
  for (const alertId of ['third', 'fourth', 'fifth']) await publishAlert(alertId);
  await world.until('the console has them', () => world.console.parts.alerts.one('fifth') !== undefined);
  const after = await listen(token, 'alerts', before.heard[0]?.id);
  await publishAlert('sixth');
  await world.until('it has heard all', () => after.heard.length >= 4);
  expect(after.heard.map(({ data }) => data['alertId'])).toEqual(['third', 'fourth', 'fifth', 'sixth']);
  const ids = [...before.heard, ...after.heard].map(({ id }) => Number(id));
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
});

test('a declaration that is accepted is told, with tokens for its parties', async () => {
  const viewer = await listen(await world.bearer('viewer'), 'declarations');
  const { bytes } = JSON.parse(readFileSync(join(__dirname, '../../schemas/samples/customs.declarations.accepted.v1.json'), 'utf8')) as { bytes: string };
  await world.append('customs.declarations.accepted.v1', avroType(topicSchema('customs.declarations.accepted.v1')).fromBuffer(Buffer.from(bytes, 'hex')) as object);
  await world.until('it is heard', () => viewer.heard.length === 1);
  expect(viewer.heard[0]).toMatchObject({ event: 'declaration', data: { declarationId: 'CD-2026-7', office: 'KIN01', flow: 'IMPORT', assessed: '1250.00', dropped: 0 } });
});

test.each([['of a process before', '17'], ['that was never given', String(Number.MAX_SAFE_INTEGER - 1)], ['that is no number', 'yesterday']])('an id %s: the page is told to begin anew', async (_what, id) => {
  const listener = await listen(await world.bearer('viewer', 'enforcement'), 'alerts', id);
  await world.until('it is told', () => listener.heard.length > 0);
  expect(listener.names).toEqual(['reset']);
});

test('a page that takes nothing is dropped, and the others are told as before', async () => {
  const token = await world.bearer('viewer');
  const slow = await listen(token, 'status');
  const quick = await listen(token, 'status');
  slow.response.pause();
  const before = world.console.parts.pages.size;
  const large = { services: ['x'.repeat(64 * 1024)] };
  for (let sent = 0; sent < 1_000 && world.console.parts.pages.size === before; sent++) {
    world.console.parts.pages.publish('status', large);
    await world.until('the quick page follows', () => quick.heard.length > sent);
  }
  expect(world.console.parts.pages.size).toBe(before - 1);
  const heard = quick.heard.length;
  world.console.parts.pages.publish('status', { services: [] });
  await world.until('the quick page hears on', () => quick.heard.length > heard);
});

test('a session that was ended hears no more', async () => {
  const { sessions } = world.console.parts;
  const { session, cookie } = await sessions.begin({ name: 'somebody', roles: ['viewer'] });
  const response = await new Promise<IncomingMessage>((resolve) => { open.push(get({ port, host: '127.0.0.1', path: '/api/v1/stream?topics=status', headers: { cookie: `tidewaiter-session=${cookie}` } }, resolve)); });
  const listener = new Listener(response);
  response.on('error', () => undefined);
  world.console.parts.pages.publish('status', { services: [] });
  await world.until('it hears', () => listener.heard.length > 0);
  sessions.end(session);
  const heard = listener.heard.length;
  world.console.parts.pages.publish('status', { services: [] });
  await world.until('it is closed', () => listener.ended);
  expect(listener.heard).toHaveLength(heard);
});
