/** Requests that their browser has cancelled: the socket is gone, and with it the address by which they would be counted. */
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { countedBy } from '../../services/console/access/request-count';
import { createServer } from '../../services/console/server';
import { limits } from '../../services/limits';
import { ConsoleWorld } from '../support/console-world';

jest.setTimeout(30_000);
let world: ConsoleWorld;
let server: FastifyInstance;
const logged: string[] = [];
const sockets: Socket[] = [];

beforeAll(async () => {
  world = await ConsoleWorld.start();
  server = await createServer(world.console.parts, pino({ level: 'warn' }, { write: (line: string) => { logged.push(line); } }));
  await server.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await server.close();
  await world.stop();
});

/** Sends a request whose socket the server finds closed, as it is when a browser has gone on to another page. */
async function cancelled(method: 'GET' | 'POST', path: string): Promise<void> {
  const closed = new Promise<void>((next) => { server.server.prependOnceListener('request', ({ socket }) => { socket.destroy(); next(); }); });
  const socket = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  const body = method === 'POST' ? '{"token":"none"}' : '';
  socket.write(`${method} ${path} HTTP/1.1\r\nhost: console\r\n${body === '' ? '' : `content-type: application/json\r\ncontent-length: ${body.length}\r\n`}\r\n${body}`);
  await closed;
}

test('is no error of the console', async () => {
  for (const [method, path] of [['GET', '/'], ['GET', '/nothing'], ['GET', '/api/v1/session/options'], ['POST', '/api/v1/session']] as const) await cancelled(method, path);
  /** One that is answered has come behind them. */
  const { port } = server.server.address() as AddressInfo;
  expect((await fetch(`http://127.0.0.1:${port}/api/v1/session`, { headers: { authorization: `Bearer ${await world.bearer('viewer')}` } })).status).toBe(200);
  await new Promise((next) => { setTimeout(next, 100); });
  expect(logged).toEqual([]);
});

test('takes nobody else’s tries away', async () => {
  for (let sent = 0; sent <= limits.signInsPerMinute; sent++) await cancelled('POST', '/api/v1/session');
  const { port } = server.server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"token":"none"}' });
  expect(answer.status).toBe(401);
});

test.each([
  ['a session, wherever it comes from', { session: { id: 'one' }, ip: '2001:db8::1' }, 'one'],
  ['an address', { session: undefined, ip: '192.0.2.7' }, '192.0.2.7'],
  ['the same address written as IPv6', { session: undefined, ip: '::ffff:192.0.2.7' }, '192.0.2.7'],
  ['a network of IPv6, of which one host has all', { session: undefined, ip: '2001:db8:0:7:a:b:c:d' }, '2001:db8:0:7::'],
  ['whoever has gone', { session: undefined, ip: undefined }, 'gone'],
])('counts %s', (_what, request, key) => { expect(countedBy(request as Parameters<typeof countedBy>[0])).toBe(key); });
