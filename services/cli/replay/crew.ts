/** The workers that a `replay run` has started: they end with it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../shell/project-root';
import { CommandFailure } from '../failure';

/** `behind`: those who count live figures come first, wherever a processor is not enough for both. */
export type Rank = 'equal' | 'behind';

/** How Node.js is told to run a worker: large pieces outlive a smaller young generation. */
export const WORKER_HEAP = '--max-semi-space-size=128';

export class Crew {
  private workers: readonly Worker[] = [];

  constructor(private readonly namespace: string, private readonly count: number) {}

  start(rank: Rank): void { this.workers = Array.from({ length: this.count }, () => new Worker(this.namespace, rank)); }

  /** @throws CommandFailure when one has ended by itself. */
  mustGoOn(): void { for (const worker of this.workers) worker.mustGoOn(); }

  async stop(): Promise<void> { await Promise.all(this.workers.map((worker) => worker.stop())); }
}

class Worker {
  private readonly child: ChildProcess;
  private exitCode: number | null | undefined;
  private readonly ended: Promise<void>;

  constructor(namespace: string, rank: Rank) {
    this.child = spawn(process.execPath, [WORKER_HEAP, join(projectRoot(), 'dist', 'services', 'replay', 'main.js'), namespace, '--with-parent'], { stdio: ['pipe', 'ignore', 'inherit'], env: { TIDEWAITER_LOG_LEVEL: 'error', ...process.env } });
    this.ended = new Promise((resolve) => this.child.once('exit', (code) => { this.exitCode = code; resolve(); }));
    if (rank === 'behind') stepBehind(this.child.pid);
  }

  mustGoOn(): void {
    if (this.exitCode !== undefined) throw new CommandFailure(`a worker of the replay ended with ${this.exitCode ?? 'a signal'}; what it said stands above`);
  }

  async stop(): Promise<void> {
    if (this.exitCode === undefined) this.child.kill('SIGTERM');
    await this.ended;
  }
}

/** At once: threads have the priority of the one that started them, and it cannot be raised again without rights. */
function stepBehind(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch { /* it has ended already, which is heard of elsewhere */ }
}
