/** The broker, the registry and Redis in containers, where there is a Docker engine and no Java. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stackPorts } from './endpoints';
import type { StackPart, StackSettings } from './native-stack';
import { brokerAnswers, redisAnswers, registryAnswers } from './probes';
import { StackError } from './stack-error';

const neighbours = ['kafka', 'registry', 'redis'] as const;
const works = (command: string, ...args: string[]): boolean => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** True where the native stack cannot be had and a Docker engine with compose answers. */
export const dockerIsNeeded = (): boolean => !works('sh', '-c', 'command -v java && command -v mvn') && works('docker', 'compose', 'version') && works('docker', 'info');

function compose({ home, basePort, projectRoot }: Pick<StackSettings, 'home' | 'basePort' | 'projectRoot'>, ...args: string[]): void {
  const ports = stackPorts(basePort);
  const environment = {
    ...process.env, COMPOSE_PROJECT_NAME: `tidewaiter-${basePort}`, PSEUDONYM_KEY: join(home, 'pseudonym.key'),
    KAFKA_PORT: String(ports.broker), REGISTRY_PORT: String(ports.registry), REDIS_PORT: String(ports.redis),
  };
  const done = spawnSync('docker', ['compose', '--project-directory', projectRoot, '--file', join(projectRoot, 'docker-compose.yml'), ...args], { env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
  if (done.status !== 0) throw new StackError(`docker compose ${args.join(' ')} failed:\n${done.stderr.toString().slice(-1_000)}`);
}

/** Starts the three neighbours and returns when their health checks pass. */
export function dockerUp(settings: StackSettings): void {
  mkdirSync(settings.home, { recursive: true });
  const key = join(settings.home, 'pseudonym.key');
  if (!existsSync(key)) writeFileSync(key, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
  settings.say('starting Kafka, the registry and Redis with Docker …');
  compose(settings, 'up', '--detach', '--wait', ...neighbours);
}

/** Stops them; volumes stay. */
export function dockerDown(settings: StackSettings): void { compose(settings, 'stop', ...neighbours); }

export async function dockerStatus({ basePort }: Pick<StackSettings, 'basePort'>): Promise<StackPart[]> {
  const ports = stackPorts(basePort);
  const [kafka, registry, redis] = await Promise.all([brokerAnswers(ports.broker), registryAnswers(ports.registry), redisAnswers(ports.redis)]);
  return [
    { name: 'kafka', pid: null, port: ports.broker, answers: kafka },
    { name: 'registry', pid: null, port: ports.registry, answers: registry },
    { name: 'redis', pid: null, port: ports.redis, answers: redis },
  ];
}
