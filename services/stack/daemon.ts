/** Processes that outlive the command: a pid file each, recognised by their command line because pids are used again. */
import { spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync, rmSync, writeFileSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { limits } from '../limits';
import { boundLogFiles } from './log-files';

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

export interface DaemonPlan { readonly name: string; readonly command: string; readonly args: readonly string[]; readonly environment?: Readonly<Record<string, string>>; readonly folder: string }

export class Daemon {
  constructor(private readonly home: string, readonly name: string, private readonly mark: string) {}

  private get file(): string { return join(this.home, 'run', `${this.name}.pid`); }

  /** Undefined when it does not run. */
  pid(): number | undefined {
    if (!existsSync(this.file)) return undefined;
    const pid = Number(readFileSync(this.file, 'utf8'));
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(this.mark) && !isZombie(pid) ? pid : undefined;
    } catch {
      return undefined;
    }
  }

  start(plan: DaemonPlan): void {
    boundLogFiles(join(this.home, 'logs'));
    const log = openSync(join(this.home, 'logs', `${this.name}.log`), 'a');
    const child = spawn(plan.command, plan.args, { cwd: plan.folder, detached: true, stdio: ['ignore', log, log], env: { ...process.env, ...plan.environment } });
    closeSync(log);
    child.on('error', () => undefined);
    writeFileSync(this.file, String(child.pid ?? 0));
    child.unref();
  }

  async stop(): Promise<void> {
    const pid = this.pid();
    if (pid !== undefined) {
      process.kill(pid, 'SIGTERM');
      for (let waited = 0; this.pid() !== undefined && waited < limits.stackStopMs; waited += 100) await pause(100);
      if (this.pid() !== undefined) process.kill(pid, 'SIGKILL');
      while (this.pid() !== undefined) await pause(20);
    }
    rmSync(this.file, { force: true });
  }
}

function isZombie(pid: number): boolean {
  return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}
