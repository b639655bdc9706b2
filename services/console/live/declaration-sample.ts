/** A busy hour has thousands of declarations a second: pages see some of each second, and how many they did not. */
export class DeclarationSample {
  private second = NaN;
  private shown = 0;
  private dropped = 0;

  constructor(private readonly perSecond: number) {}

  /** Undefined: not shown. Else how many were not since the one before. */
  take(nowMs: number): number | undefined {
    const second = Math.floor(nowMs / 1_000);
    if (second !== this.second) { this.second = second; this.shown = 0; }
    if (this.shown >= this.perSecond) { this.dropped++; return undefined; }
    this.shown++;
    const { dropped } = this;
    this.dropped = 0;
    return dropped;
  }
}
