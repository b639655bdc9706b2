/**
 * Notices partitions that stand still although there is something to read: the client may hold a partition without
 * fetching it, a loop may wait for what never comes, and nobody would be told.
 */
import type { Logger } from 'pino';
import { limits } from '../limits';
import type { TopicName } from '../topology';
import { silentMeasurements, type Measurements } from './measurements';
import type { LogInspector, TopicPartition } from './ports';
import type { StateReporter } from './service-state';
import { stopReason } from './stop-reasons';
import { monotonicMs } from './waiting';

export interface Watched { readonly key: string; readonly next: number; readonly end: number }

/** A process that slept must not take its own sleep for a stall. */
const LEAST_LOOKS = 3;
const LOOKS_PER_STALL = 4;

export class StallWatch {
  private seen = new Map<string, { readonly next: number; readonly sinceMs: number; looks: number }>();

  constructor(private readonly stallMs: number) {}

  /** Those that have not moved for long enough, of all that are owned now. `waiting`: a neighbour is away, which explains everything. */
  look(nowMs: number, partitions: readonly Watched[], waiting: boolean): Watched[] {
    const before = this.seen;
    this.seen = new Map();
    if (waiting) return [];
    return partitions.filter(({ key, next, end }) => {
      const last = before.get(key);
      const still = last !== undefined && last.next === next && next < end;
      const now = still ? { ...last, looks: last.looks + 1 } : { next, sinceMs: nowMs, looks: 0 };
      this.seen.set(key, now);
      return now.looks >= LEAST_LOOKS && nowMs - now.sinceMs >= this.stallMs;
    });
  }
}

export interface Guarded {
  readonly topics: readonly TopicName[];
  readonly state: StateReporter;
  readonly logger: Logger;
  readonly measurements?: Measurements | undefined;
  inspector(): LogInspector;
  /** Where each partition that is owned now goes on, and up to where it is read: a large piece counts only when it is whole. */
  positions(): readonly (TopicPartition & { readonly next: number; readonly read?: number | undefined })[];
  restart(reason: string): void;
}

/** Looks by a timer of its own, as the loop that it guards may be what hangs: alarm, log line, and the consumer begins anew. */
export class ProgressGuard {
  private readonly watch = new StallWatch(limits.stallMs);
  private readonly alarms = new Map<string, { readonly next: number; readonly atMs: number }>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly guarded: Guarded) {}

  start(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.look().finally(() => this.start()), limits.stallMs / LOOKS_PER_STALL);
    /** Timers of simulated time are numbers. */
    (this.timer as Partial<NodeJS.Timeout>).unref?.();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async look(): Promise<void> {
    const { guarded } = this;
    const ranges = await this.ranges();
    if (this.stopped || !ranges) return;
    const owned = guarded.positions().map(({ topic, partition, next, read }) => ({ key: `${topic}/${partition}`, next, read: read ?? next, end: ranges.get(`${topic}/${partition}`) ?? next }));
    (guarded.measurements ?? silentMeasurements).stands(owned);
    const watched = owned.map(({ key, read, end }): Watched => ({ key, next: read, end }));
    this.clearAlarms(watched);
    const stalled = this.watch.look(monotonicMs(), watched, guarded.state.waitingFor !== undefined);
    for (const { key, next, end } of stalled) {
      const finding = stopReason('no progress', `${key} stands at ${next} of ${end} for ${limits.stallMs / 1_000} s and longer`);
      this.alarms.set(key, { next, atMs: monotonicMs() });
      guarded.state.alarm(`progress of ${key}`, finding);
      guarded.logger.error({ partition: key, next, end }, 'no progress; the consumer begins anew');
    }
    if (stalled.length > 0) guarded.restart('no progress');
  }

  /** Log ends by partition; undefined while the broker does not tell. */
  private async ranges(): Promise<ReadonlyMap<string, number> | undefined> {
    try {
      const all = await Promise.all(this.guarded.topics.map(async (topic) => (await this.guarded.inspector().offsets(topic)).map(({ partition, end }) => [`${topic}/${partition}`, end] as const)));
      return new Map(all.flat());
    } catch {
      return undefined;
    }
  }

  /** An alarm goes when its partition has moved, or belongs to somebody else for long enough. */
  private clearAlarms(watched: readonly Watched[]): void {
    for (const [key, { next, atMs }] of this.alarms) {
      const now = watched.find((candidate) => candidate.key === key);
      if (now ? now.next === next && now.next < now.end : monotonicMs() - atMs < limits.stallMs) continue;
      this.alarms.delete(key);
      this.guarded.state.alarm(`progress of ${key}`, undefined);
    }
  }
}
