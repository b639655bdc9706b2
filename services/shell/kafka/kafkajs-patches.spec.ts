/** A fetch loop that asks nobody must not hold the process: on the client's own runner and fetch manager. */
/* eslint-disable @typescript-eslint/no-require-imports -- not exported by the package */
import { EventEmitter } from 'node:events';
import { patchEndlessFetch } from './kafkajs-patches';

type Runner = new (options: object) => { running: boolean; fetchManager: { start(): Promise<void>; stop(): Promise<void> }; fetch: unknown };
const Runner = require('kafkajs/src/consumer/runner') as Runner;
const silent = { namespace: () => silent, debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

function made(): { runner: InstanceType<Runner>; fetches: () => number } {
  let fetches = 0;
  const consumerGroup = { getNodeIds: () => [1], fetch: async () => { fetches++; return []; }, heartbeat: async () => undefined };
  return { runner: new Runner({ logger: silent, consumerGroup, instrumentationEmitter: new EventEmitter(), concurrency: 1, eachBatch: async () => undefined, onCrash: () => undefined }), fetches: () => fetches };
}

beforeAll(patchEndlessFetch);

test('fetchers that are made after the client was stopped come to an end', async () => {
  const { runner, fetches } = made();
  runner.running = false;
  await runner.fetchManager.start();
  expect(fetches()).toBe(0);
});

test('answers that took no time leave room for everything else', async () => {
  const { runner, fetches } = made();
  runner.running = true;
  const started = runner.fetchManager.start();
  await new Promise((next) => setTimeout(next, 200));
  expect(fetches()).toBeGreaterThan(2);
  expect(fetches()).toBeLessThan(20);
  await runner.fetchManager.stop();
  await started;
});
