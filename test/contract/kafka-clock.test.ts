/** A clock set back an hour must not cost a member its group: kafkajs 2.2.4 sends no heartbeat until the hour has passed again. */
import { randomUUID } from 'node:crypto';
import { limits } from '../../services/limits';
import { KafkaLog } from '../../services/shell/kafka/kafka-log';
import { patchHeartbeat } from '../../services/shell/kafka/kafkajs-patches';
import { createLogger } from '../../services/shell/log';
import { kafkaWorld } from '../support/log-worlds';
import { describeOnStack, requireStack } from '../support/test-stack';

const HOUR_MS = 3_600_000;
const INTERVAL_MS = 1_000;
const realNow = Date.now;
afterEach(() => { Date.now = realNow; });

test('a member beats on after the clock was set back, and no oftener than before', async () => {
  patchHeartbeat();
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- not exported by the package
  const ConsumerGroup = require('kafkajs/src/consumer/consumerGroup') as new (options: object) => { memberId: string; coordinator: object; heartbeat(options: { interval: number }): Promise<void> };
  let nowMs = Date.UTC(2026, 2, 15);
  Date.now = () => nowMs;
  let beats = 0;
  const group = new ConsumerGroup({ groupId: 'g', topics: [], logger: { namespace: () => ({}) }, instrumentationEmitter: { emit: () => undefined } });
  Object.assign(group, { memberId: 'm', coordinator: { heartbeat: async () => { beats++; } } });
  const beatsIn = async (milliseconds: number): Promise<number> => {
    beats = 0;
    for (const end = nowMs + milliseconds; nowMs < end; nowMs += 100) await group.heartbeat({ interval: INTERVAL_MS });
    return beats;
  };
  expect(await beatsIn(10_000)).toBe(9);
  nowMs -= HOUR_MS;
  expect(await beatsIn(10_000)).toBe(10);
});

describeOnStack('on the real broker', () => {
  test('a member whose clock was set back is still one after its session would have run out', async () => {
    const world = await kafkaWorld();
    const { client } = new KafkaLog({ brokers: requireStack().brokers, clientId: 'clock' }, createLogger('clock', 'silent'));
    const consumer = client.consumer({ groupId: `contract-${randomUUID()}`, sessionTimeout: limits.sessionTimeoutMs, heartbeatInterval: limits.heartbeatIntervalMs, maxWaitTimeInMs: limits.fetchWaitMs });
    let joins = 0;
    consumer.on(consumer.events.GROUP_JOIN, () => { joins++; });
    const beats: number[] = [];
    consumer.on(consumer.events.HEARTBEAT, () => beats.push(performance.now()));
    try {
      await consumer.connect();
      await consumer.subscribe({ topics: [world.stamped] });
      await consumer.run({ eachBatch: async () => undefined });
      while (beats.length === 0) await new Promise((next) => setTimeout(next, 50));
      Date.now = () => realNow() - HOUR_MS;
      const steppedMs = performance.now();
      await new Promise((next) => setTimeout(next, limits.sessionTimeoutMs + 3_000));
      expect(beats.filter((beat) => beat > steppedMs).length).toBeGreaterThan(5);
      expect(joins).toBe(1);
    } finally {
      await consumer.disconnect();
      await world.close();
    }
  }, 60_000);
});
