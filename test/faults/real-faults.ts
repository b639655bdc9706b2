/** What is done to the real parts while declarations flow. Each fault ends with everything where it was, or on its way back. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import type { Random } from '../../services/generate/random';
import { projectRoot } from '../../services/shell/project-root';
import { rawTopic, stageNames, type StageName } from '../../services/topology';
import type { RunningSystem } from '../support/running-system';
import { pause, until } from '../support/until';

export interface FaultContext { readonly system: RunningSystem; readonly random: Random }
type Fault = (context: FaultContext) => Promise<void>;

const SESSION_MS = 15_000;
const POISON_RECORDS = 50;

const kill = (stage: StageName): Fault => async ({ system }) => { process.kill(system.pidOf(stage), 'SIGKILL'); };

/** Another instance of a service beside the supervised one; answers how to end it. */
function second(system: RunningSystem, stage: StageName): (signal?: NodeJS.Signals) => Promise<void> {
  const child = spawn(process.execPath, [join(projectRoot(), `dist/services/${stage}/main.js`)], { cwd: projectRoot(), env: { ...system.environment, TIDEWAITER_HOME: system.home }, stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return async (signal = 'SIGTERM') => { child.kill(signal); await ended; };
}

/** SIGSTOP until the group has given its partitions to another one; then it goes on as if nothing had been. */
const zombie = (stage: StageName): Fault => async ({ system }) => {
  const pid = system.pidOf(stage);
  const end = second(system, stage);
  await pause(3_000);
  process.kill(pid, 'SIGSTOP');
  await pause(SESSION_MS);
  process.kill(pid, 'SIGCONT');
  await pause(3_000);
  await end();
};

const partPid = (system: RunningSystem, part: string): number => {
  const found = (JSON.parse(system.cli('stack', 'status', '--json').stdout) as { parts: { name: string; pid: number | null }[] }).parts.find(({ name }) => name === part)?.pid;
  if (typeof found !== 'number') throw new Error(`${part} does not run`);
  return found;
};
const killPart = (part: string, awayMs: number): Fault => async ({ system }) => {
  process.kill(partPid(system, part), 'SIGKILL');
  await pause(awayMs);
  system.done('stack', 'up');
};

async function withRedis(system: RunningSystem, act: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis(system.config.redisUrl);
  try { await act(redis); } finally { redis.disconnect(); }
}

/** A member joins and leaves every two seconds. */
const storm: Fault = async ({ system }) => {
  for (const stage of ['ingest', 'aggregate'] as const) for (let time = 0; time < 2; time++) {
    const end = second(system, stage);
    await pause(2_000);
    await end(time === 0 ? 'SIGTERM' : 'SIGKILL');
  }
};

/** Not Avro, an unknown schema, cut short, nothing. */
const poison: Fault = async ({ system, random }) => {
  const log = system.log();
  const sink = await log.sink();
  const bytes = (): Buffer | null => random.pick([Buffer.from('{"this is": "no Avro"}'), Buffer.from([0, 0, 9, 9, 9, 1, 2, 3]), Buffer.alloc(3), Buffer.alloc(200_000, 7), null]);
  const { TIDEWAITER_PARTITIONS: partitions } = system.config;
  await sink.send(Array.from({ length: POISON_RECORDS }, (_, number) => ({ topic: rawTopic, partition: random.between(0, partitions - 1), key: `poison-${number}`, value: bytes() })));
  await sink.close();
  await log.close();
};

export const faults: Readonly<Record<string, Fault>> = {
  ...Object.fromEntries(stageNames.map((stage) => [`${stage}-killed`, kill(stage)])),
  'aggregate-zombie': zombie('aggregate'),
  'standardize-zombie': zombie('standardize'),
  'publish-zombie': zombie('publish'),
  'broker-killed': killPart('kafka', 3_000),
  'registry-killed': killPart('registry', 3_000),
  'redis-killed': killPart('redis', 1_000),
  'redis-emptied': ({ system }) => withRedis(system, (redis) => redis.flushall()),
  'redis-full': ({ system }) => withRedis(system, async (redis) => {
    await redis.config('SET', 'maxmemory-policy', 'noeviction');
    const [, before = '0'] = await redis.config('GET', 'maxmemory');
    await redis.config('SET', 'maxmemory', '1mb');
    await pause(5_000);
    await redis.config('SET', 'maxmemory', before);
  }),
  'rebalance-storm': storm,
  'poison': poison,
};

/** All services run and all parts answer. */
export const healthy = (system: RunningSystem): Promise<void> => until('everything runs again', () => system.cli('stack', 'status').status === 0 && system.status().services.every(({ state }) => state === 'running'), 90_000);
