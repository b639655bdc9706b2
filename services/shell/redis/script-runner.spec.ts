import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { ScriptRunner } from './script-runner';

const pause = (milliseconds: number): Promise<void> => new Promise((next) => setTimeout(next, milliseconds));

test('while Redis is away, each caller has one command in the client’s queue, however long it takes', async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const runner = new ScriptRunner(`redis://127.0.0.1:${(server.address() as AddressInfo).port}`, pino({ level: 'silent' }), () => undefined, { commandTimeout: 30 });
  const calls = [0, 1].map(() => runner.patiently(() => runner.redis.get('key')).catch(() => undefined));
  await pause(1_500);
  expect((runner.redis as unknown as { offlineQueue: { length: number } }).offlineQueue.length).toBeLessThanOrEqual(2);
  await runner.close();
  await Promise.all(calls);
  await new Promise((closed) => server.close(closed));
});
