/** What a screen reader is told: at most once per interval, and then only the newest of what piled up. */
export class Announcements {
  private waiting: string | undefined;
  private spokenAtMs = -Infinity;

  constructor(private readonly intervalMs: number) {}

  add(text: string): void { this.waiting = text; }

  /** The text to be spoken now, if its turn has come. */
  due(nowMs: number): string | undefined {
    if (this.waiting === undefined || nowMs - this.spokenAtMs < this.intervalMs) return undefined;
    const text = this.waiting;
    this.waiting = undefined;
    this.spokenAtMs = nowMs;
    return text;
  }
}
