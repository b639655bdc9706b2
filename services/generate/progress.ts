/** How far generating has come: a bar for people, once it has taken two seconds. */
import { SingleBar } from 'cli-progress';

const PATIENCE_MS = 2_000;

export class GenerateProgress {
  private bar: SingleBar | undefined;
  private readonly startMs = Date.now();

  constructor(private readonly total: number) {}

  update(done: number): void {
    const elapsedMs = Date.now() - this.startMs;
    if (!process.stderr.isTTY || elapsedMs < PATIENCE_MS) return;
    const rate = Math.round(done / (elapsedMs / 1_000));
    if (this.bar) this.bar.update(done, { rate });
    else {
      this.bar = new SingleBar({ format: '{bar} {percentage} %  {value} events  {rate}/s', stream: process.stderr, hideCursor: false, clearOnComplete: false, gracefulExit: false });
      this.bar.start(this.total, done, { rate });
    }
  }

  stop(): void { this.bar?.stop(); }
}
