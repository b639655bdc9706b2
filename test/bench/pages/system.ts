/** Everything that is measured, as processes: native stack, services, console; and the load, which is not. */
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Config } from '../../../services/shell/config';
import { BOOKS_HASH, type FigureReader } from '../../../services/shell/figure-store';
import type { LogInspector } from '../../../services/shell/ports';
import { projectRoot } from '../../../services/shell/project-root';
import { rawTopic, stageNames } from '../../../services/topology';
import { cpuSeconds, startService, stopService, tidewaiter, type Measured, type ServiceProcess } from '../processes';
import type { Turn } from './costs';

const READY_MS = 120_000;

export class MeasuredSystem {
  private constructor(private readonly services: readonly ServiceProcess[], readonly neighbours: readonly Measured[]) {}

  static async start(config: Config, profileFolder: string | undefined): Promise<MeasuredSystem> {
    for (const command of [['stack', 'up'], ['topics', 'apply'], ['schemas', 'register']]) tidewaiter(...command);
    const { parts } = JSON.parse(tidewaiter('stack', 'status', '--json')) as { parts: Measured[] };
    const system = new MeasuredSystem([...stageNames, 'console' as const].map((name) => startService(name, config.home, profileFolder)), parts.map(({ name, pid }) => ({ name, pid })));
    for (const deadlineMs = Date.now() + READY_MS; !(await fetch(`${config.consoleUrl}/readyz`).then(({ ok }) => ok, () => false)); await delay(200)) {
      if (Date.now() > deadlineMs) throw new Error('the console is not ready');
    }
    return system;
  }

  get all(): readonly Measured[] { return [...this.services, ...this.neighbours]; }
  get consolePid(): number { return (this.services.at(-1) as ServiceProcess).pid; }

  async stop(): Promise<void> { await Promise.all(this.services.map(stopService)); }
  end(): void { for (const { child } of this.services) child.kill('SIGTERM'); }
}

/** A process of the bench itself. */
export const forked = (script: string, args: readonly string[]): ChildProcess => fork(join(projectRoot(), 'dist/test/bench/pages', `${script}.js`), [...args], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], serialization: 'advanced' });

/** Raw records that stand in a book by now, and what the raw topic holds beyond them. */
export async function counted(reader: FigureReader, inspector: LogInspector): Promise<{ readonly events: number; readonly behind: number }> {
  const { values } = await reader.readCells(0, [{ hash: BOOKS_HASH, fields: ['counted', 'leftOut', 'refused', 'ignored'] }]);
  const events = values.reduce((sum, value) => sum + Number(value ?? 0), 0);
  const raw = (await inspector.offsets(rawTopic)).reduce((sum, { end }) => sum + end, 0);
  return { events, behind: raw - events };
}

/** Measures for so long; `work` goes on beside it. */
export async function turn(system: MeasuredSystem, withPages: boolean, seconds: number, events: () => Promise<number>): Promise<Turn> {
  const look = async (): Promise<{ readonly atMs: number; readonly events: number; readonly cpu: readonly (readonly [string, number])[] }> =>
    ({ events: await events(), cpu: system.all.map(({ name, pid }) => [name, cpuSeconds(pid)] as const), atMs: performance.now() });
  const before = await look();
  await delay(seconds * 1_000);
  const after = await look();
  return {
    withPages, seconds: (after.atMs - before.atMs) / 1_000, events: after.events - before.events,
    cpuSeconds: Object.fromEntries(after.cpu.map(([name, used], index) => [name, used - (before.cpu[index]?.[1] ?? 0)])),
  };
}
