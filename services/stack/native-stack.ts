/** The broker, the registry and Redis as processes of this machine, on 127.0.0.1. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { limits } from '../limits';
import { Daemon, type DaemonPlan } from './daemon';
import { stackPorts, type StackPorts } from './endpoints';
import { fetchJars, type Jars } from './jars';
import { brokerAnswers, portTaken, redisAnswers, registryAnswers } from './probes';
import { StackError } from './stack-error';
import { monotonicMs } from '../shell/waiting';

export interface StackSettings {
  readonly home: string;
  readonly basePort: number;
  readonly projectRoot: string;
  /** Where fetched jars are kept. */
  readonly cache: string;
  readonly say: (line: string) => void;
}
export interface StackPart { readonly name: 'kafka' | 'registry' | 'redis'; readonly pid: number | null; readonly port: number; readonly answers: boolean }

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

const daemons = (home: string, basePort: number) => ({
  kafka: new Daemon(home, 'kafka', join(home, 'run', 'server.properties')),
  registry: new Daemon(home, 'registry', `tidewaiter.home=${home}`),
  redis: new Daemon(home, 'redis', `127.0.0.1:${stackPorts(basePort).redis}`),
});

/** Starts what does not run and returns when all three answer. */
export async function stackUp(settings: StackSettings): Promise<void> {
  const { home, basePort, projectRoot, cache, say } = settings;
  for (const folder of ['run', 'logs', 'data/kafka', 'data/redis']) mkdirSync(join(home, folder), { recursive: true });
  writeKey(home);
  installRedis(say);
  const jars = await fetchJars(projectRoot, cache, say);
  const ports = stackPorts(basePort);
  const parts = daemons(home, basePort);
  if (parts.redis.pid() === undefined) await startRedis(parts.redis, settings, ports);
  if (parts.kafka.pid() === undefined) await startKafka(parts.kafka, settings, ports, jars);
  await ready('Redis', home, 'redis', parts.redis, () => redisAnswers(ports.redis), say);
  await ready('Kafka', home, 'kafka', parts.kafka, () => brokerAnswers(ports.broker), say);
  if (parts.registry.pid() === undefined) await startRegistry(parts.registry, settings, ports, jars);
  await ready('registry', home, 'registry', parts.registry, () => registryAnswers(ports.registry), say);
}

export async function stackDown({ home, basePort }: Pick<StackSettings, 'home' | 'basePort'>): Promise<void> {
  const parts = daemons(home, basePort);
  await parts.registry.stop();
  await Promise.all([parts.kafka.stop(), parts.redis.stop()]);
}

export async function stackStatus({ home, basePort }: Pick<StackSettings, 'home' | 'basePort'>): Promise<StackPart[]> {
  const ports = stackPorts(basePort);
  const parts = daemons(home, basePort);
  const [kafka, registry, redis] = await Promise.all([brokerAnswers(ports.broker), registryAnswers(ports.registry), redisAnswers(ports.redis)]);
  return [
    { name: 'kafka', pid: parts.kafka.pid() ?? null, port: ports.broker, answers: kafka },
    { name: 'registry', pid: parts.registry.pid() ?? null, port: ports.registry, answers: registry },
    { name: 'redis', pid: parts.redis.pid() ?? null, port: ports.redis, answers: redis },
  ];
}

function writeKey(home: string): void {
  const file = join(home, 'pseudonym.key');
  if (!existsSync(file)) writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
}

/** Through the distribution's packages when we may; its own service is not wanted and not started. */
function installRedis(say: (line: string) => void): void {
  if (spawnSync('redis-server', ['--version']).status === 0) return;
  const root = process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0;
  if (!root) throw new StackError('redis-server is not installed, and only root can install it here: install the package redis-server');
  say('installing redis-server …');
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  spawnSync('apt-get', ['update', '-q'], { env: environment });
  const installed = spawnSync('apt-get', ['install', '-yq', '--no-install-recommends', 'redis-server'], { env: environment });
  if (installed.status !== 0) throw new StackError(`redis-server could not be installed:\n${installed.stderr.toString().slice(-1_000)}`);
}

async function free(port: number, what: string): Promise<void> {
  if (await portTaken(port)) throw new StackError(`port ${port} for ${what} is taken by another program: set TIDEWAITER_BASE_PORT to another value, or stop that program`);
}

async function startRedis(daemon: Daemon, { home, projectRoot }: StackSettings, ports: StackPorts): Promise<void> {
  await free(ports.redis, 'Redis');
  daemon.start({ name: 'redis', command: 'redis-server', folder: join(home, 'data/redis'), args: [join(projectRoot, 'infra/native/redis.conf'), '--port', String(ports.redis), '--dir', join(home, 'data/redis'), '--maxmemory', String(Math.floor(totalmem() * limits.redisMemoryShare))] });
}

async function startKafka(daemon: Daemon, { home, projectRoot }: StackSettings, ports: StackPorts, jars: Jars): Promise<void> {
  await free(ports.broker, 'Kafka');
  await free(ports.controller, 'Kafka’s controller');
  const file = join(home, 'run', 'server.properties');
  const template = readFileSync(join(projectRoot, 'infra/native/server.properties'), 'utf8');
  writeFileSync(file, template.replaceAll('{brokerPort}', String(ports.broker)).replaceAll('{controllerPort}', String(ports.controller)).replaceAll('{data}', join(home, 'data')));
  if (!existsSync(join(home, 'data/kafka/meta.properties'))) formatStorage(jars, newClusterId(), file);
  daemon.start(brokerPlan('kafka', home, jars, file));
}

/** Without its highest bit the text begins with a letter: one in 64 began with a hyphen, and was taken for an option. */
export function newClusterId(): string {
  const bytes = randomBytes(16);
  bytes.writeUInt8(bytes.readUInt8(0) & 0x7f, 0);
  return bytes.toString('base64url');
}

/** `more`: further arguments of the tool, such as users. */
export function formatStorage(jars: Jars, clusterId: string, file: string, more: readonly string[] = []): void {
  const format = spawnSync(java(), ['-cp', join(jars.kafka, '*'), 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', file, ...more]);
  if (format.status !== 0) throw new StackError(`Kafka’s storage could not be formatted:\n${format.stderr.toString().slice(-1_000)}`);
}

/** A broker with the settings of a file. */
export const brokerPlan = (name: string, home: string, jars: Jars, file: string): DaemonPlan =>
  ({ name, command: java(), folder: home, args: ['-Xms256m', '-Xmx512m', '-XX:+UseG1GC', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-cp', join(jars.kafka, '*'), 'kafka.Kafka', file] });

async function startRegistry(daemon: Daemon, { home }: StackSettings, ports: StackPorts, jars: Jars): Promise<void> {
  await free(ports.registry, 'the registry');
  const jar = readdirSync(jars.registry).find((name) => name.endsWith('-runner.jar'));
  if (!jar) throw new StackError(`the registry's folder ${jars.registry} is incomplete: remove it and start again`);
  daemon.start({
    name: 'registry', command: java(), folder: jars.registry,
    args: ['-Xmx256m', '-XX:+UseSerialGC', `-Dtidewaiter.home=${home}`, '-jar', jar],
    environment: { QUARKUS_HTTP_HOST: '127.0.0.1', QUARKUS_HTTP_PORT: String(ports.registry), APICURIO_STORAGE_KIND: 'kafkasql', APICURIO_KAFKASQL_BOOTSTRAP_SERVERS: `127.0.0.1:${ports.broker}`, QUARKUS_LOG_LEVEL: 'WARN' },
  });
}

const java = (): string => (process.env['JAVA_HOME'] ? join(process.env['JAVA_HOME'], 'bin/java') : 'java');

async function ready(what: string, home: string, log: string, daemon: Daemon, answers: () => Promise<boolean>, say: (line: string) => void): Promise<void> {
  const start = monotonicMs();
  while (!(await answers())) {
    if (daemon.pid() === undefined && monotonicMs() - start > 2_000) throw new StackError(`${what} stopped while starting: see ${join(home, 'logs', `${log}.log`)}`);
    if (monotonicMs() - start > limits.stackReadyMs) throw new StackError(`${what} does not answer after ${limits.stackReadyMs / 1_000} s: see ${join(home, 'logs', `${log}.log`)}`);
    await pause(100);
  }
  say(`${what} answers (${((monotonicMs() - start) / 1_000).toFixed(1)} s)`);
}
