/**
 * When a page asks again for figures that have changed: not before the last answer is there, else a question that takes
 * long would be given up each time and never answered; and not more often than the eye can follow.
 */
export interface RefreshPorts { readonly everyMs: number; readonly nowMs: () => number; readonly ask: () => void }

export class Refresh {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private askedAtMs = -Infinity;
  private asking = false;
  private due = false;

  constructor(private readonly ports: RefreshPorts) {}

  /** What is shown is no longer the newest. */
  changed(): void {
    this.due = true;
    this.arm();
  }

  /** Also where somebody else asked: what is on its way may be older than the next change, and no older than now. */
  asks(asking: boolean): void {
    if (asking && !this.asking) this.askedAtMs = this.ports.nowMs();
    this.asking = asking;
    if (!asking) this.arm();
  }

  stop(): void { clearTimeout(this.timer); }

  private arm(): void {
    if (!this.due || this.asking || this.timer !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.due = false;
      this.askedAtMs = this.ports.nowMs();
      this.ports.ask();
    }, Math.max(0, this.askedAtMs + this.ports.everyMs - this.ports.nowMs()));
  }
}
