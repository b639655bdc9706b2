/** Services killed, frozen, and joined by others. */
import { Keys } from '../../services/shell/redis/keys';
import { stageNames, type StageName } from '../../services/topology';
import { pause, until } from '../support/until';
import type { Fault } from './fault';
import { second, withRedis } from './real-parts';

const SESSION_MS = 15_000;
const KILLS_OF_PUBLISH = 5;

const killed = (stage: StageName): Fault => ({ act: async ({ system, strike }) => {
  const pid = system.pidOf(stage);
  await strike();
  process.kill(pid, 'SIGKILL');
} });

/** SIGSTOP until the group has given its partitions to another one; then it goes on as if nothing had been. */
const zombie = (stage: StageName): Fault => ({ act: async ({ system, strike }) => {
  const pid = system.pidOf(stage);
  const other = second(system, stage);
  await pause(3_000);
  await strike();
  process.kill(pid, 'SIGSTOP');
  await pause(SESSION_MS);
  process.kill(pid, 'SIGCONT');
  await pause(3_000);
  await other.end();
} });

/** Two publishers, the first frozen, wherever it is, until the lease has moved to the second; thawed, it goes on with what it had in hand. */
const twoPublishers: Fault = { act: async ({ system, random, strike }) => {
  const lease = new Keys(system.config.TIDEWAITER_NAMESPACE, system.config.TIDEWAITER_SHARDS).lease('publisher');
  const first = system.pidOf('publish');
  const other = second(system, 'publish');
  try {
    await withRedis(system, async (redis) => {
      await until('a publisher holds the lease', async () => (await redis.get(lease)) !== null, 30_000);
      const holder = await redis.get(lease);
      await strike();
      await pause(random.next() * 500);
      process.kill(first, 'SIGSTOP');
      try {
        await until('the lease has moved', async () => ![holder, null].includes(await redis.get(lease)), 30_000);
        await pause(random.next() * 2_000);
      } finally {
        process.kill(first, 'SIGCONT');
      }
    });
    await pause(3_000);
  } finally {
    await other.end();
  }
} };

/** Again and again, wherever it is between taking changes and their acknowledgement. */
const publishKilledOften: Fault = { act: async ({ system, random, strike }) => {
  await strike();
  for (let time = 0; time < KILLS_OF_PUBLISH; time++) {
    await until('publish runs', () => typeof system.status().services.find(({ name }) => name === 'publish')?.pid === 'number', 30_000);
    await pause(200 + random.next() * 2_000);
    process.kill(system.pidOf('publish'), 'SIGKILL');
  }
} };

/** A member joins and leaves every two seconds. */
const storm: Fault = { act: async ({ system, strike }) => {
  await strike();
  for (const stage of ['ingest', 'aggregate'] as const) for (let time = 0; time < 2; time++) {
    const other = second(system, stage);
    await pause(2_000);
    await other.end(time === 0 ? 'SIGTERM' : 'SIGKILL');
  }
} };

export const serviceFaults: Readonly<Record<string, Fault>> = {
  ...Object.fromEntries(stageNames.map((stage) => [`${stage}-killed`, killed(stage)])),
  'aggregate-zombie': zombie('aggregate'),
  'standardize-zombie': zombie('standardize'),
  'two-publishers': twoPublishers,
  'publish-killed-often': publishKilledOften,
  'rebalance-storm': storm,
};
