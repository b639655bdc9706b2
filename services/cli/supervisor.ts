/** Keeps services running: a process each, started again when it dies, stopped in good order. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { limits } from '../limits';
import { boundLogFiles } from '../stack/log-files';
import { backoffMs, monotonicMs } from '../shell/waiting';
import { serviceArguments } from '../status/service-names';

export interface SupervisorSettings { readonly home: string; say(line: string): void; /** Beside that of this process. */ environmentOf?(name: string): Readonly<Record<string, string>> }

interface Child { process: ChildProcess | undefined; attempt: number; timer: NodeJS.Timeout | undefined }

export class Supervisor {
  private readonly children = new Map<string, Child>();
  private stopping = false;
  private allGone: () => void = () => undefined;

  constructor(private readonly settings: SupervisorSettings) {}

  start(names: readonly string[]): void {
    const logs = join(this.settings.home, 'logs');
    mkdirSync(logs, { recursive: true });
    boundLogFiles(logs);
    /** Those of the native stack lie there too. */
    setInterval(() => boundLogFiles(logs), limits.logLookMs).unref();
    for (const name of names) {
      this.children.set(name, { process: undefined, attempt: 0, timer: undefined });
      this.run(name);
    }
  }

  private run(name: string): void {
    const child = this.children.get(name) as Child;
    const startedMs = monotonicMs();
    const log = openSync(join(this.settings.home, 'logs', `${name}.log`), 'a');
    const running = spawn(process.execPath, serviceArguments(name), { stdio: ['ignore', log, log], env: { ...process.env, ...this.settings.environmentOf?.(name) } });
    closeSync(log);
    child.process = running;
    if (running.pid !== undefined) this.settings.say(`${name} started (pid ${running.pid})`);
    let ended = false;
    const gone = (how: string): void => {
      if (ended) return;
      ended = true;
      child.process = undefined;
      this.ended(name, child, how, monotonicMs() - startedMs);
    };
    running.once('error', (error) => gone(error.message));
    running.once('exit', (code, signal) => gone(signal === null ? `exit code ${code}` : signal));
  }

  private ended(name: string, child: Child, how: string, ranMs: number): void {
    if (this.stopping) {
      this.settings.say(`${name} stopped (${how})`);
      if ([...this.children.values()].every(({ process: other }) => other === undefined)) this.allGone();
      return;
    }
    if (ranMs > limits.serviceSettledMs) child.attempt = 0;
    const waitMs = backoffMs(child.attempt++);
    this.settings.say(`${name} ended (${how}); starting it again in ${waitMs} ms; see ${join(this.settings.home, 'logs', `${name}.log`)}`);
    child.timer = setTimeout(() => this.run(name), waitMs);
  }

  /** SIGTERM to all, SIGKILL to those that are still there after ten seconds. */
  async stop(): Promise<void> {
    if (this.stopping) return;
    this.stopping = true;
    for (const { timer } of this.children.values()) clearTimeout(timer);
    const alive = [...this.children.values()].flatMap(({ process: running }) => (running ? [running] : []));
    if (alive.length === 0) return;
    const done = new Promise<void>((resolve) => { this.allGone = resolve; });
    for (const running of alive) running.kill('SIGTERM');
    const timer = setTimeout(() => { for (const { process: running } of this.children.values()) running?.kill('SIGKILL'); }, limits.serviceStopMs);
    await done;
    clearTimeout(timer);
  }
}
