/**
 * How fast history may be counted beside live figures: slowly at first, half as fast at each look that finds them behind, a
 * little faster at each that does not, and much more carefully near the pace at which they got behind. Pure.
 */
export interface PaceLimits {
  /** How far live figures may be behind before a replay yields: so much of their own stream, and so many records at the least. */
  readonly behindMs: number;
  readonly behindRecords: number;
  readonly slowestPerSecond: number;
  /** Share by which it grows at each look. */
  readonly growth: number;
  /** Of what something took of the store, so many times it rests then; of what took longer, as of so long: a store that was away was waited for. */
  readonly restFactor: number;
  readonly restedMostMs: number;
  /** What is counted goes in batches, and waits while a large piece is written: its pace is that over so long. */
  readonly measuredMs: number;
  /** Live figures that have not moved for so long are counted by nobody: to wait for them would help none. */
  readonly stillMs: number;
}

/** Records that live figures have counted so far, and those that wait for it. */
export interface LiveProgress { readonly countedRecords: number; readonly behindRecords: number }

export class YieldingPace {
  /** Undefined: as fast as it goes. */
  private perSecond: number | undefined;
  /** At which live figures kept up when they got behind last. */
  private ceiling = Infinity;
  private wasBehind = false;
  private freeAtMs = 0;
  private passed = 0;
  /** Looks behind which something passed, the oldest first: since when, and how much. */
  private passings: { readonly fromMs: number; readonly records: number }[] = [];
  private lookedMs: number | undefined;
  private askedAtMs: number | undefined;
  private countedBefore: number | undefined;
  private movedAtMs = -Infinity;

  constructor(private readonly limits: PaceLimits) { this.perSecond = limits.slowestPerSecond; }

  /** Nothing is written, until it may be again: what was read is not, either. */
  held = false;

  get recordsPerSecond(): number { return this.perSecond ?? Infinity; }

  /** `nowMs` of a clock that only goes forward. */
  look({ behindRecords, countedRecords }: LiveProgress, nowMs: number): void {
    const seconds = (nowMs - (this.lookedMs ?? nowMs)) / 1_000;
    const livePerSecond = seconds > 0 ? Math.max(0, countedRecords - (this.countedBefore ?? countedRecords)) / seconds : 0;
    if (this.countedBefore !== undefined && this.countedBefore !== countedRecords) this.movedAtMs = nowMs;
    this.countedBefore = countedRecords;
    const measured = this.measured(nowMs);
    this.lookedMs = nowMs;
    const { slowestPerSecond, growth, stillMs } = this.limits;
    if (seconds > 0 && nowMs - this.movedAtMs >= stillMs) {
      this.perSecond = undefined;
      return;
    }
    const isBehind = behindRecords > Math.max(this.limits.behindRecords, (livePerSecond * this.limits.behindMs) / 1_000);
    if (isBehind) {
      const pace = measured === 0 ? (this.perSecond ?? slowestPerSecond) : Math.min(this.recordsPerSecond, measured);
      if (!this.wasBehind) this.ceiling = Math.max(slowestPerSecond, pace * KEPT_UP);
      this.perSecond = Math.max(slowestPerSecond, pace / 2);
    } else if (this.perSecond !== undefined) {
      this.perSecond = this.perSecond < this.ceiling ? Math.min(this.ceiling, this.perSecond * (1 + growth)) : this.perSecond * (1 + growth / CAREFULLY);
      /** What is never reached holds nothing back. */
      if (measured > slowestPerSecond && this.perSecond > measured * UNREACHED) this.perSecond = undefined;
    }
    this.wasBehind = isBehind;
  }

  private measured(nowMs: number): number {
    if (this.lookedMs !== undefined) this.passings.push({ fromMs: this.lookedMs, records: this.passed });
    this.passed = 0;
    while (this.passings[0] && (this.passings[0].records === 0 || this.passings[0].fromMs < nowMs - this.limits.measuredMs)) this.passings.shift();
    const [first] = this.passings;
    return first ? (this.passings.reduce((sum, { records }) => sum + records, 0) * 1_000) / (nowMs - first.fromMs) : 0;
  }

  /** As fast as it goes from now on. */
  release(): void {
    this.perSecond = undefined;
    this.held = false;
  }

  /** Nobody has looked for so long: who cannot see live figures cannot wait for them. */
  private isBlind(nowMs: number): boolean {
    this.askedAtMs ??= nowMs;
    return nowMs - (this.lookedMs ?? this.askedAtMs) >= this.limits.stillMs;
  }

  /** How long to leave the store alone behind what took so long of it. */
  restMs(tookMs: number): number { return this.perSecond === undefined ? 0 : Math.min(tookMs, this.limits.restedMostMs) * this.limits.restFactor; }

  /** How long some records have to wait; they count as passed then. */
  waitMs(records: number, nowMs: number): number {
    this.passed += records;
    if (this.isBlind(nowMs)) this.perSecond = undefined;
    if (this.perSecond === undefined) return 0;
    const startMs = Math.max(nowMs, this.freeAtMs);
    this.freeAtMs = startMs + (records * 1_000) / this.perSecond;
    return startMs - nowMs;
  }
}

const UNREACHED = 4;
/** Share of the pace at which they got behind, and by how much slower it grows beyond. */
const [KEPT_UP, CAREFULLY] = [0.75, 10];
