/** Redis killed, emptied, full; and replaced by a replica that had not caught up. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../services/shell/project-root';
import { stackPorts } from '../../services/stack/endpoints';
import type { RunningSystem } from '../support/running-system';
import { pause, until } from '../support/until';
import type { Fault, FaultContext } from './fault';
import { killedPart } from './part-faults';
import { beginProcess, partPid, second, withRedis } from './real-parts';

const LAG_MS = 1_500;
const SESSION_MS = 11_000;

/** A replica of the store, asynchronous as all of them are. */
class Replica {
  private constructor(private readonly system: RunningSystem, private readonly pid: number, private readonly port: number) {}

  static async following(system: RunningSystem, number: number): Promise<Replica> {
    const primary = stackPorts(system.config.TIDEWAITER_BASE_PORT).redis;
    const port = primary - 10 - number;
    const folder = join(system.home, 'data', `redis-replica-${number}`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await withRedis(system, (redis) => redis.config('SET', 'repl-diskless-sync-delay', '0'));
    const { pid } = beginProcess(system, 'redis-replica', 'redis-server', [join(projectRoot(), 'infra/native/redis.conf'), '--port', String(port), '--dir', folder, '--appendonly', 'no', '--enable-protected-configs', 'local', '--replicaof', `127.0.0.1 ${primary}`]);
    const replica = new Replica(system, pid, port);
    await withRedis(system, (redis) => until('the replica follows', async () => /master_link_status:up[^]*master_sync_in_progress:0/.test(await redis.info('replication')), 30_000), port);
    return replica;
  }

  /** From now on the primary's writes do not reach it. */
  async cutOff(): Promise<void> { await withRedis(this.system, (redis) => redis.call('REPLICAOF', 'NO', 'ONE'), this.port); }

  /** Stands where the dead primary stood: its port, its folder, its place in the stack. */
  async takeOver(): Promise<void> {
    const { system, pid } = this;
    const folder = join(system.home, 'data/redis');
    /** A child of the dead primary that was rewriting its file may write for a moment longer. */
    rmSync(folder, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 });
    mkdirSync(folder);
    await withRedis(system, async (redis) => {
      await redis.config('SET', 'dir', folder);
      await redis.config('SET', 'appendonly', 'yes');
      await redis.config('SET', 'port', String(stackPorts(system.config.TIDEWAITER_BASE_PORT).redis));
    }, this.port);
    writeFileSync(join(system.home, 'run/redis.pid'), String(pid));
  }
}

async function killPrimary(system: RunningSystem): Promise<void> {
  const pid = partPid(system, 'redis');
  process.kill(pid, 'SIGKILL');
  await pause(100);
}

/** What was acknowledged while the replica was cut off is gone: figures, ledger, positions, claims and change list together. */
const failover: Fault = { act: async ({ system, random, strike }) => {
  const replica = await Replica.following(system, 1);
  await pause(500);
  await replica.cutOff();
  await pause(LAG_MS + random.next() * LAG_MS);
  await strike();
  await killPrimary(system);
  await replica.takeOver();
} };

/** The second replica is older than the first, which has served for a second. */
const failoverTwice: Fault = { act: async ({ system, random, strike }) => {
  const [first, next] = [await Replica.following(system, 1), await Replica.following(system, 2)];
  await next.cutOff();
  await pause(random.next() * LAG_MS);
  await first.cutOff();
  await pause(random.next() * LAG_MS);
  await strike();
  await killPrimary(system);
  await first.takeOver();
  await pause(1_000);
  await killPrimary(system);
  await next.takeOver();
} };

/** The partitions go to another owner, the failover forgets that, and the owner before, named by the store again, wakes up. */
async function failoverForgetsClaim({ system, strike }: FaultContext): Promise<void> {
  const first = system.pidOf('aggregate');
  const replica = await Replica.following(system, 1);
  await replica.cutOff();
  await strike();
  process.kill(first, 'SIGSTOP');
  const other = second(system, 'aggregate');
  try {
    await pause(SESSION_MS + LAG_MS);
    await killPrimary(system);
    await replica.takeOver();
  } finally {
    process.kill(first, 'SIGCONT');
  }
  await pause(3_000);
  await other.end();
}

export const storeFaults: Readonly<Record<string, Fault>> = {
  'redis-killed': killedPart('redis', 1_000),
  'redis-emptied': { act: ({ system, strike }) => withRedis(system, async (redis) => { await strike(); await redis.flushall(); }) },
  'redis-full': { act: ({ system, strike }) => withRedis(system, async (redis) => {
    await redis.config('SET', 'maxmemory-policy', 'noeviction');
    await strike();
    await redis.config('SET', 'maxmemory', '1mb');
    await pause(5_000);
    await redis.config('SET', 'maxmemory', '0');
  }) },
  'redis-failover': failover,
  'redis-failover-twice': failoverTwice,
  'redis-failover-claim': { act: failoverForgetsClaim },
};
