/** Behind a proxy all browsers come from one address: what it says of them counts, where it is known, and nowhere else. */
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { createServer } from '../../services/console/server';
import { limits } from '../../services/limits';
import { ConsoleWorld } from '../support/console-world';

jest.setTimeout(30_000);
let world: ConsoleWorld;
beforeAll(async () => { world = await ConsoleWorld.start(); });
afterAll(() => world.stop());

const serverBehind = (proxies: readonly string[]): Promise<FastifyInstance> => createServer({ ...world.console.parts, proxies }, pino({ level: 'silent' }));

async function signIn(server: FastifyInstance, remoteAddress: string, forwardedFor: string): Promise<number> {
  return (await server.inject({ method: 'POST', url: '/api/v1/session', remoteAddress, headers: { 'x-forwarded-for': forwardedFor }, payload: { token: 'none' } })).statusCode;
}

/** So many that the address they count by may sign in no more. */
async function exhaust(server: FastifyInstance, remoteAddress: string, forwardedFor: string): Promise<void> {
  for (let count = 0; count < limits.signInsPerMinute; count++) expect(await signIn(server, remoteAddress, forwardedFor)).toBe(401);
  expect(await signIn(server, remoteAddress, forwardedFor)).toBe(429);
}

test('browsers behind a known proxy are counted one by one', async () => {
  const server = await serverBehind(['10.244.0.0/16']);
  await exhaust(server, '10.244.3.9', '192.0.2.1');
  expect(await signIn(server, '10.244.3.9', '192.0.2.2')).toBe(401);
  /** What the browser itself has written before the proxy came is no news of the proxy. */
  expect(await signIn(server, '10.244.3.9', '192.0.2.77, 192.0.2.1')).toBe(429);
  await server.close();
});

test.each([[['10.244.0.0/16']], [[]]])('a browser that claims to stand behind another one is counted by its own address, proxies %p', async (proxies) => {
  const server = await serverBehind(proxies);
  await exhaust(server, '192.0.2.9', '192.0.2.1');
  expect(await signIn(server, '192.0.2.9', '192.0.2.2')).toBe(429);
  await server.close();
});
