/** The processes under measure: started with the same flags as in production, read from /proc. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { serviceArguments } from '../../services/status/service-names';
import { projectRoot } from '../../services/shell/project-root';
import type { ServiceName } from '../../services/topology';

const CLOCK_TICKS_PER_SECOND = 100;

export interface Measured { readonly name: string; readonly pid: number }
export interface ServiceProcess extends Measured { readonly child: ChildProcess }

export function startService(name: ServiceName, home: string, profileFolder: string | undefined): ServiceProcess {
  const log = openSync(join(home, 'logs', `${name}.log`), 'a');
  const profiling = profileFolder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileFolder}`, `--cpu-prof-name=${name}.cpuprofile`];
  const child = spawn(process.execPath, [...profiling, ...serviceArguments(name)], { cwd: projectRoot(), stdio: ['ignore', log, log] });
  closeSync(log);
  if (child.pid === undefined) throw new Error(`${name} does not start`);
  return { name, pid: child.pid, child };
}

export async function stopService({ child, name }: ServiceProcess): Promise<void> {
  if (child.exitCode !== null) throw new Error(`${name} ended by itself with exit code ${child.exitCode}`);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
}

/** User and system time of all threads so far, seconds. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
}

/** Highest resident set so far, MB. */
export function peakMegabytes(pid: number): number {
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(line?.[1] ?? 0) / 1024;
}

/** A command of the command line, in the foreground; throws with what it said when it fails. */
export function tidewaiter(...args: string[]): string {
  const answer = spawnSync(process.execPath, [join(projectRoot(), 'dist/services/cli/main.js'), ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (answer.status !== 0) throw new Error(`tidewaiter ${args.join(' ')} failed:\n${answer.stderr}${answer.stdout}`);
  return answer.stdout;
}
