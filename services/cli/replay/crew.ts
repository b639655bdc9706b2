/** The workers that a `replay run` has started: they end with it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../shell/project-root';
import { CommandFailure } from '../failure';

export class Crew {
  private workers: readonly Worker[] = [];

  constructor(private readonly namespace: string, private readonly count: number) {}

  start(): void { this.workers = Array.from({ length: this.count }, () => new Worker(this.namespace)); }

  /** @throws CommandFailure when one has ended by itself. */
  mustGoOn(): void { for (const worker of this.workers) worker.mustGoOn(); }

  async stop(): Promise<void> { await Promise.all(this.workers.map((worker) => worker.stop())); }
}

class Worker {
  private readonly child: ChildProcess;
  private exitCode: number | null | undefined;
  private readonly ended: Promise<void>;

  constructor(namespace: string) {
    this.child = spawn(process.execPath, ['--max-semi-space-size=32', join(projectRoot(), 'dist', 'services', 'replay', 'main.js'), namespace, '--with-parent'], { stdio: ['pipe', 'ignore', 'inherit'], env: { TIDEWAITER_LOG_LEVEL: 'error', ...process.env } });
    this.ended = new Promise((resolve) => this.child.once('exit', (code) => { this.exitCode = code; resolve(); }));
  }

  mustGoOn(): void {
    if (this.exitCode !== undefined) throw new CommandFailure(`a worker of the replay ended with ${this.exitCode ?? 'a signal'}; what it said stands above`);
  }

  async stop(): Promise<void> {
    if (this.exitCode === undefined) this.child.kill('SIGTERM');
    await this.ended;
  }
}
