import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { ScriptRunner } from './script-runner';

const pause = (milliseconds: number): Promise<void> => new Promise((next) => setTimeout(next, milliseconds));

test('while Redis is away, each caller has one command in the client’s queue, however long it takes', async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const runner = new ScriptRunner({ urls: [`redis://127.0.0.1:${(server.address() as AddressInfo).port}`], commandTimeoutMs: 30 }, pino({ level: 'silent' }));
  const calls = [0, 1].map(() => runner.patiently(() => runner.redis.get('key')).catch(() => undefined));
  await pause(1_500);
  expect((runner.redis as unknown as { offlineQueue: { length: number } }).offlineQueue.length).toBeLessThanOrEqual(2);
  await runner.close();
  await Promise.all(calls);
  await new Promise((closed) => server.close(closed));
});

/** Answers each SCAN with its next page, and hangs up after the first one. */
function serverWithPages(pages: readonly (readonly [next: string, keys: readonly string[]])[], asked: string[]): ReturnType<typeof createServer> {
  let page = 0;
  return createServer((socket) => socket.on('data', (chunk) => {
    for (const command of chunk.toString().split(/(?=\*\d+\r\n)/)) {
      const words = command.split('\r\n').filter((_, index) => index % 2 === 0 && index > 0);
      if (words[0]?.toUpperCase() !== 'SCAN') { socket.write('+OK\r\n'); continue; }
      asked.push(words[1] ?? '');
      const [next, keys] = pages[page++] as (typeof pages)[number];
      socket.write(`*2\r\n$${next.length}\r\n${next}\r\n*${keys.length}\r\n${keys.map((key) => `$${key.length}\r\n${key}\r\n`).join('')}`);
      if (page === 1) socket.end();
    }
  }));
}

test('names are asked for from the first page on after a new connection: a cursor says nothing to another server', async () => {
  const asked: string[] = [];
  const server = serverWithPages([['7', ['{t}a', '{t}b']], ['0', []], ['3', ['{t}c', '{t}a']], ['0', ['{t}b']]], asked);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const runner = new ScriptRunner({ urls: [`redis://127.0.0.1:${(server.address() as AddressInfo).port}`] }, pino({ level: 'silent' }));
  const names = new Set<string>();
  for await (const name of runner.keysFrom('{t}')) { names.add(name); await pause(names.size === 1 ? 300 : 0); }
  expect(asked).toEqual(['0', '7', '0', '3']);
  expect([...names].sort()).toEqual(['a', 'b', 'c']);
  await runner.close();
  await new Promise((closed) => server.close(closed));
});
