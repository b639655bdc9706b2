/** What must be in order before services run well: each check says what it found, and the remedy. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { limits } from '../limits';
import { allTopicSchemas } from '../shell/avro/schema-files';
import type { Config } from '../shell/config';
import { readCubes, readProfile, readReferenceSet } from '../shell/definition-files';
import { connectRedis, connectStates } from '../shell/connect';
import { brokerClocks, leastApartMs } from '../shell/kafka/broker-clocks';
import { memoryUseOf } from '../shell/redis/memory-use';
import type { RedisConnection } from '../shell/redis/redis-connection';
import type { ServiceStates } from '../shell/states/service-states';
import { usedShare } from '../shell/used-share';
import { openAdmin } from './commands/topics';
import { schemaFinding } from './commands/schemas';
import { checkManifest } from '../shell/manifest-check';
import type { Neighbours } from './neighbours';
import { serviceNames } from '../status/service-names';
import { needsSomebody } from '../status/status-report';
import { CLOCK_PROBE_TOPICS } from '../topology';
import { topicDifferences } from './topic-differences';

export type Verdict = 'ok' | 'warning' | 'fault';
export interface Finding { readonly verdict: Verdict; readonly found: string; readonly fix?: string }
export interface Check { readonly name: string; run(neighbours: Neighbours): Promise<Finding> | Finding }

const ok = (found: string): Finding => ({ verdict: 'ok', found });
const fault = (found: string, fix: string): Finding => ({ verdict: 'fault', found, fix });
const warning = (found: string, fix: string): Finding => ({ verdict: 'warning', found, fix });

const LEAST_JAVA = 17;
const LEAST_NODE: readonly [number, number] = [20, 19];
const OTHERS_MAY_READ = 0o077;

export const checks: readonly Check[] = [
  { name: 'node', run: checkNode },
  { name: 'java', run: ({ config }) => checkJava(config) },
  { name: 'profile', run: ({ config }) => checkProfile(config) },
  { name: 'pseudonym key', run: ({ config }) => checkKey(config) },
  { name: 'disk space', run: ({ config }) => checkDisk(config) },
  { name: 'redis policy', run: checkRedisPolicy },
  { name: 'clocks', run: checkClocks },
  { name: 'manifest', run: checkNamespace },
  { name: 'topics', run: checkTopics },
  { name: 'schemas', run: checkSchemas },
  { name: 'services', run: ({ config }) => checkServices(connectStates(config)) },
];

function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const enough = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  return enough ? ok(process.version) : fault(process.version, `install Node.js ${LEAST_NODE.join('.')} or later`);
}

/** Only the native stack needs it. */
function checkJava(config: Config): Finding {
  const command = process.env['JAVA_HOME'] ? join(process.env['JAVA_HOME'], 'bin/java') : 'java';
  const answer = spawnSync(command, ['-version'], { timeout: limits.commandCallMs });
  const version = /version "(\d+)[^"]*"/.exec(answer.stderr?.toString() ?? '');
  if (version && Number(version[1]) >= LEAST_JAVA) return ok(version[0]);
  const found = version ? version[0] : 'not found';
  const fix = `install Java ${LEAST_JAVA} or later, or name a broker and a registry elsewhere`;
  const elsewhere = process.env['TIDEWAITER_BROKERS'] && process.env['TIDEWAITER_REGISTRY_URL'];
  return elsewhere ? ok(`${found}; not needed, broker and registry are elsewhere`) : existsSync(join(config.home, 'run')) ? fault(found, fix) : warning(found, fix);
}

function checkProfile(config: Config): Finding {
  const profile = readProfile(config.TIDEWAITER_PROFILE);
  readCubes();
  return ok(`${profile.id}: ${profile.currency}, ${profile.timeZone}, definitions ${readReferenceSet(profile).at(Date.now()).definitions}`);
}

function checkKey({ pseudonymKeyFile: file }: Config): Finding {
  if (!existsSync(file)) return fault(`${file} does not exist`, '"tidewaiter stack up" writes one; elsewhere create it with 32 random bytes and name it with TIDEWAITER_PSEUDONYM_KEY_FILE');
  const { mode, size } = statSync(file);
  if (size < 32) return fault(`${file} has ${size} bytes`, 'use at least 32 random bytes; a new key gives every party a new token');
  if ((mode & OTHERS_MAY_READ) !== 0) return fault(`${file} is readable by others (mode ${(mode & 0o777).toString(8)})`, `chmod 600 ${file}`);
  try {
    accessSync(file, constants.R_OK);
  } catch {
    return fault(`${file} cannot be read by this user`, 'let the user that runs ingest own it');
  }
  return ok(`${file}, mode ${(mode & 0o777).toString(8)}`);
}

function checkDisk({ home }: Config): Finding {
  let folder = home;
  while (!existsSync(folder)) folder = dirname(folder);
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const found = `${(free / 1024 ** 3).toFixed(1)} GiB free at ${folder}`;
  return free >= limits.leastFreeBytes ? ok(found) : fault(found, 'make room: Kafka and Redis stop taking writes when the disk is full');
}

/** What services say of themselves. Those that nothing is known of may run elsewhere. */
export async function checkServices(states: ServiceStates): Promise<Finding> {
  const known = await states.read();
  const said = serviceNames().flatMap((name) => { const state = known.get(name); return state ? [{ name, state }] : []; });
  const needs = said.flatMap(({ name, state }) => needsSomebody(name, state));
  if (needs.length === 0) return ok(said.length === 0 ? 'none was started under this home' : `${said.length} run, none with a stopped partition or an alarm`);
  const stoppedOnly = said.every(({ state }) => state.state === 'down');
  return stoppedOnly ? warning('none of them runs', 'start them with "tidewaiter start"') : fault(needs.join('; '), 'see infra/runbooks');
}

async function withRedis<Answer>(neighbours: Neighbours, work: (redis: RedisConnection) => Promise<Answer>): Promise<Answer> {
  await neighbours.figures();
  const runner = connectRedis(neighbours.config, neighbours.logger);
  try {
    return await neighbours.redisCall(work(runner.redis), limits.doctorCallMs);
  } finally {
    await runner.close();
  }
}

async function checkRedisPolicy(neighbours: Neighbours): Promise<Finding> {
  return withRedis(neighbours, async (redis) => {
    try {
      const policy = ((await redis.config('GET', 'maxmemory-policy')))[1] ?? '';
      const appendOnly = ((await redis.config('GET', 'appendonly')))[1] ?? '';
      if (policy !== 'noeviction') return fault(`maxmemory-policy is ${policy}`, 'set maxmemory-policy noeviction: an evicted figure is a wrong figure');
      if (appendOnly !== 'yes') return warning('noeviction, append-only file off', 'set appendonly yes, or figures are rebuilt from the log after every restart');
      const use = memoryUseOf(await redis.info('memory'));
      if (use.mostBytes === 0) return warning('noeviction, append-only file on, maxmemory not set', 'set maxmemory below the memory that Redis may have: beyond it writes are refused and everything waits, without it the kernel ends Redis');
      const size = `${Math.round(usedShare(use) * 100)} % of ${(use.mostBytes / 1024 ** 3).toFixed(1)} GiB in use`;
      if (usedShare(use) >= limits.redisNearlyFullShare) return warning(`noeviction, append-only file on, ${size}`, 'give Redis more (maxmemory) or let replays go (tidewaiter replay list, drop): beyond it writes are refused and everything waits; infra/runbooks/redis-full.md');
      return ok(`noeviction, append-only file on, ${size}`);
    } catch (error) {
      return warning(`CONFIG GET or INFO is not allowed: ${(error as Error).message}`, 'see in the provider’s console that maxmemory-policy is noeviction and persistence is on');
    }
  });
}

/** The brokers' clocks judge future dates and period ends, Redis' clock ends leases, ours makes none of it: all of them should agree. */
async function checkClocks(neighbours: Neighbours): Promise<Finding> {
  const redis = { name: 'Redis', apartMs: await redisApartMs(neighbours) };
  const brokers = await neighbours.kafkaCall(brokerClocks((await neighbours.log()).client).catch((error: Error) => error));
  const clocks = [redis, ...(brokers instanceof Error ? [] : brokers.map(({ broker, apartMs }) => ({ name: `broker ${broker}`, apartMs })))];
  const found = `${clocks.map(({ name, apartMs }) => `${name} ${apartMs} ms`).join(', ')} apart from this machine`;
  if (clocks.some(({ apartMs }) => apartMs > limits.clockToleranceMs)) return fault(found, 'synchronise the clocks (NTP): future dates and period ends are judged by the brokers’ clocks');
  if (brokers instanceof Error) return warning(`${found}; the brokers’ clocks could not be compared: ${brokers.message}`, `let this user create and delete topics named ${CLOCK_PROBE_TOPICS}*, or compare the clocks of the brokers’ machines: future dates and period ends are judged by them`);
  return ok(found);
}

async function redisApartMs(neighbours: Neighbours): Promise<number> {
  return withRedis(neighbours, async (redis) => {
    await redis.ping();
    const before = Date.now();
    const [seconds = 0, micros = 0] = (await redis.time()).map(Number);
    return leastApartMs(seconds * 1_000 + micros / 1_000, before, Date.now());
  });
}

async function checkNamespace(neighbours: Neighbours): Promise<Finding> {
  const reader = await neighbours.figures();
  const manifest = await neighbours.redisCall(reader.manifest(), limits.doctorCallMs);
  checkManifest(manifest, neighbours.config);
  return ok(manifest === undefined ? `namespace ${neighbours.config.TIDEWAITER_NAMESPACE} is empty` : `namespace ${neighbours.config.TIDEWAITER_NAMESPACE} is made with these settings`);
}

async function checkTopics(neighbours: Neighbours): Promise<Finding> {
  const { TIDEWAITER_PARTITIONS: partitions, TIDEWAITER_REPLICATION: replication } = neighbours.config;
  const found = await neighbours.kafkaCall(topicDifferences(await openAdmin(neighbours), { partitions, replication }));
  const differing = found.filter(({ differences }) => differences.length > 0);
  if (differing.length === 0) return ok(`${found.length} as declared`);
  return fault(differing.map(({ topic, differences }) => `${topic} ${differences.join(', ')}`).join('; '), 'run "tidewaiter topics apply"');
}

async function checkSchemas(neighbours: Neighbours): Promise<Finding> {
  const registry = await neighbours.registry();
  const problems: string[] = [];
  const all = allTopicSchemas();
  for (const { topic, text } of all) {
    const { subject, problem } = await neighbours.registryCall(schemaFinding(registry, topic, text));
    if (problem !== null) problems.push(`${subject} ${problem}`);
  }
  return problems.length === 0 ? ok(`${all.length} as declared`) : fault(problems.join('; '), 'run "tidewaiter schemas register"');
}
