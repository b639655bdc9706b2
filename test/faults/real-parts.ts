/** Hands on the real parts: pids, connections, and processes beside the supervised ones. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { projectRoot } from '../../services/shell/project-root';
import { stackPorts } from '../../services/stack/endpoints';
import type { StageName } from '../../services/topology';
import type { RunningSystem } from '../support/running-system';

export interface OwnProcess { readonly pid: number; readonly end: (signal?: NodeJS.Signals) => Promise<void> }

const running = new Set<ChildProcess>();

/** A process that the campaign answers for; what it says goes to logs/<name>.log. */
export function beginProcess(system: RunningSystem, name: string, command: string, args: readonly string[], options: { readonly folder?: string; readonly environment?: NodeJS.ProcessEnv } = {}): OwnProcess {
  const log = openSync(join(system.home, 'logs', `${name}.log`), 'a');
  const child = spawn(command, args, { cwd: options.folder ?? projectRoot(), env: options.environment ?? process.env, stdio: ['ignore', log, log] });
  closeSync(log);
  if (child.pid === undefined) throw new Error(`${command} cannot be run`);
  running.add(child);
  const ended = new Promise<void>((resolve) => child.once('exit', () => { running.delete(child); resolve(); }));
  return { pid: child.pid, end: async (signal = 'SIGTERM') => { child.kill(signal); await ended; } };
}

/** Another instance of a service beside the supervised one. `root`: of the installation it runs from. */
export function second(system: RunningSystem, stage: StageName, root = projectRoot(), more: Readonly<Record<string, string>> = {}): OwnProcess {
  return beginProcess(system, `${stage}-second`, process.execPath, [join(root, `dist/services/${stage}/main.js`)], { folder: root, environment: { ...system.environment, TIDEWAITER_HOME: system.home, ...more } });
}

/** At the end of a campaign, also of one that failed. */
export function endOwnProcesses(): void { for (const child of running) child.kill('SIGKILL'); }

export const partPid = (system: RunningSystem, part: string): number => {
  const found = (JSON.parse(system.cli('stack', 'status', '--json').stdout) as { parts: { name: string; pid: number | null }[] }).parts.find(({ name }) => name === part)?.pid;
  if (typeof found !== 'number') throw new Error(`${part} does not run`);
  return found;
};

export async function withRedis(system: RunningSystem, act: (redis: Redis) => Promise<unknown>, port = stackPorts(system.config.TIDEWAITER_BASE_PORT).redis): Promise<void> {
  const redis = new Redis({ host: '127.0.0.1', port });
  redis.on('error', () => undefined);
  try { await act(redis); } finally { redis.disconnect(); }
}
