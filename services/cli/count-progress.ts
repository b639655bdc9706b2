/** How far a command has come that counts what it does: a bar for people, once it has taken two seconds. */
import { SingleBar } from 'cli-progress';
import { limits } from '../limits';
import { monotonicMs } from '../shell/waiting';
import { say } from './output';

export class CountProgress {
  private bar: SingleBar | undefined;
  private readonly startMs = monotonicMs();

  constructor(private readonly total: number, private readonly noun: string) {}

  update(done: number): void {
    const elapsedMs = monotonicMs() - this.startMs;
    if (!process.stderr.isTTY || elapsedMs < limits.progressPatienceMs) return;
    const rate = Math.round(done / (elapsedMs / 1_000));
    if (this.bar) this.bar.update(done, { rate });
    else {
      this.bar = new SingleBar({ format: `{bar} {percentage} %  {value} ${this.noun}  {rate}/s`, stream: process.stderr, hideCursor: false, clearOnComplete: false, gracefulExit: false });
      this.bar.start(this.total, done, { rate });
    }
  }

  /** A line that stays above the bar. */
  line(text: string): void {
    if (this.bar) process.stderr.write('\r\x1b[K');
    say(text);
  }

  stop(): void { this.bar?.stop(); }
}
