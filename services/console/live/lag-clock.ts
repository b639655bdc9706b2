/** Lag in seconds: how long ago the log was as long as what has been read of it. Read from samples, so it holds at any rate. */
export class LagClock {
  private readonly samples: { readonly atMs: number; readonly produced: number }[] = [];

  constructor(private readonly capacity: number) {}

  /** `produced`: records ever written to what the service reads. A log that is shorter than before was made anew. */
  sample(atMs: number, produced: number): void {
    if (produced < (this.samples.at(-1)?.produced ?? 0)) this.samples.length = 0;
    this.samples.push({ atMs, produced });
    if (this.samples.length > this.capacity) this.samples.shift();
  }

  /** Whole seconds; behind what samples reach, at least their length; null before there is one. */
  lagSeconds(lag: number): number | null {
    const newest = this.samples.at(-1);
    const oldest = this.samples[0];
    if (!newest || !oldest) return null;
    if (lag <= 0) return 0;
    const reached = newest.produced - lag;
    const since = this.samples.find(({ produced }) => produced > reached) ?? newest;
    return Math.max(0, Math.round((newest.atMs - since.atMs) / 1_000));
  }
}
