/**
 * The whole system for one test: a native stack of its own, topics, schemas, and every service under the
 * supervisor, driven through the command line only. Nothing is left behind, also when the test fails.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { readConfig, type Config } from '../../services/shell/config';
import { connectFigures, connectLog } from '../../services/shell/connect';
import type { FigureReader } from '../../services/shell/figure-store';
import type { Log } from '../../services/shell/ports';
import { projectRoot } from '../../services/shell/project-root';

const root = projectRoot();
const mainFile = join(root, 'dist/services/cli/main.js');

/** Real declarations and tables; absent where only the project was cloned. */
export const sharedData = (file: string): string => join(process.env['TIDEWAITER_SHARED'] ?? join(root, '../shared'), 'data', file);

/** Tests on real parts run where `scripts/test` says that a stack can be started. */
export const onRealParts = process.env['TIDEWAITER_TEST_STACK'] !== undefined;
export const withShared = onRealParts && existsSync(sharedData('kcs-train.csv'));

export interface Answer { readonly status: number | null; readonly stdout: string; readonly stderr: string }
export interface StatusAnswer {
  readonly services: readonly { readonly name: string; readonly pid: number | null; readonly state: string; readonly reason?: string; readonly stoppedPartitions?: Readonly<Record<string, string>> }[];
  readonly books: { readonly raw: number; readonly counted: number; readonly leftOut: number; readonly refused: number; readonly ignored: number; readonly balanced: boolean };
  readonly drained: boolean;
}

export class RunningSystem {
  readonly home = mkdtempSync(join(tmpdir(), 'tidewaiter-test-'));
  private supervisor: ChildProcess | undefined;
  private readonly launched: ChildProcess[] = [];
  readonly environment: NodeJS.ProcessEnv;

  /** `lane`: systems of different lanes can run side by side. */
  constructor(lane: number, settings: Readonly<Record<string, string>>) {
    const basePort = Number(process.env['TIDEWAITER_BASE_PORT'] ?? 28_000) + 100 * lane;
    this.environment = { ...process.env, TIDEWAITER_TEST_STACK: '', TIDEWAITER_HOME: this.home, TIDEWAITER_BASE_PORT: String(basePort), ...settings };
  }

  get config(): Config { return readConfig(this.environment); }
  log(): Log { return connectLog(this.config, 'test', pino({ level: 'silent' })); }
  figures(): FigureReader { return connectFigures(this.config, pino({ level: 'silent' })); }

  async start(): Promise<void> {
    for (const command of [['stack', 'up'], ['topics', 'apply'], ['schemas', 'register']]) this.done(...command);
    await this.startServices();
  }

  /** `more`: settings of the services alone, the command line goes without. */
  async startServices(more: Readonly<Record<string, string>> = {}): Promise<void> {
    this.supervisor = spawn(process.execPath, [mainFile, 'start'], { cwd: root, env: { ...this.environment, ...more }, stdio: 'ignore', detached: true });
    await this.until('all services run', () => this.status().services.every(({ state }) => state === 'running'));
  }

  async stopServices(): Promise<void> {
    const { supervisor } = this;
    if (supervisor?.exitCode !== null) return;
    const ended = new Promise((next) => supervisor.once('exit', next));
    supervisor.kill('SIGTERM');
    await ended;
  }

  cli(...args: readonly string[]): Answer { return this.cliWith({}, ...args); }

  /** With other settings than those of the system. */
  cliWith(settings: Readonly<Record<string, string>>, ...args: readonly string[]): Answer {
    const { status, stdout, stderr } = spawnSync(process.execPath, [mainFile, ...args], { cwd: root, env: { ...this.environment, ...settings }, encoding: 'utf8', maxBuffer: 1 << 30 });
    return { status, stdout, stderr };
  }

  /** A command that must succeed; its standard output. */
  done(...args: readonly string[]): string {
    const { status, stdout, stderr } = this.cli(...args);
    if (status !== 0) throw new Error(`tidewaiter ${args.join(' ')} ended with ${status}:\n${stderr}${stdout}`);
    return stdout;
  }

  /** A command that goes on while the test does something else. */
  begin(...args: readonly string[]): Promise<number | null> {
    const child = this.launch(...args);
    return new Promise((ended) => child.once('exit', (code) => ended(code)));
  }

  /** The same, for who may have to end it. */
  launch(...args: readonly string[]): ChildProcess {
    const child = spawn(process.execPath, [mainFile, ...args], { cwd: root, env: this.environment, stdio: 'ignore' });
    this.launched.push(child);
    return child;
  }

  status(): StatusAnswer { return JSON.parse(this.done('status', '--json')) as StatusAnswer; }
  pidOf(service: string): number {
    const pid = this.status().services.find(({ name }) => name === service)?.pid;
    if (typeof pid !== 'number') throw new Error(`${service} does not run`);
    return pid;
  }
  drain(seconds: number): void { this.done('drain', '--timeout', String(seconds)); }

  async until(what: string, reached: () => boolean, timeoutMs = 60_000): Promise<void> {
    for (const deadlineMs = Date.now() + timeoutMs; !reached(); ) {
      if (Date.now() > deadlineMs) throw new Error(`not reached in ${timeoutMs / 1_000} s: ${what}`);
      await new Promise((next) => setTimeout(next, 200));
    }
  }

  async stop(): Promise<void> {
    for (const child of this.launched) if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await this.stopServices();
    this.cli('stack', 'down');
    rmSync(this.home, { recursive: true, force: true });
  }
}
