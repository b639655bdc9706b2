/** How far a feed has come: a bar for people, a line every few seconds for logs. */
import { SingleBar } from 'cli-progress';
import { say } from './output';
import { limits } from '../limits';
import { monotonicMs } from '../shell/waiting';

export class FeedProgress {
  private readonly bar: SingleBar | undefined;
  private readonly startMs = monotonicMs();
  private lastLineMs = monotonicMs();
  private troubled = '';

  /** `bytes`: size of the file; 0 when it is not known. */
  constructor(private readonly bytes: number) {
    if (!process.stderr.isTTY || bytes === 0) return;
    this.bar = new SingleBar({ format: '{bar} {percentage} %  {sent} sent  {rate}/s  {trouble}', stream: process.stderr, hideCursor: false, clearOnComplete: false, gracefulExit: false });
    this.bar.start(bytes, 0, { sent: 0, rate: 0, trouble: '' });
  }

  update(sent: number, bytesRead: number): void {
    const rate = Math.round(sent / Math.max(0.001, (monotonicMs() - this.startMs) / 1_000));
    if (this.bar) this.bar.update(Math.min(bytesRead, this.bytes), { sent, rate, trouble: this.troubled });
    else if (monotonicMs() - this.lastLineMs >= limits.progressLineMs) {
      this.lastLineMs = monotonicMs();
      say(`${sent} sent, ${rate}/s`);
    }
  }

  /** The broker is away, or (undefined) is back. */
  trouble(trouble: string | undefined): void {
    const text = trouble ?? '';
    if (text === this.troubled) return;
    this.troubled = text;
    if (this.bar) this.bar.update({ trouble: text });
    else say(text === '' ? 'the broker takes records again' : `waiting: ${text}`);
  }

  /** A line that stays above the bar. */
  line(text: string): void {
    if (this.bar) process.stderr.write('\r\x1b[K');
    say(text);
  }

  stop(): void { this.bar?.stop(); }
}
