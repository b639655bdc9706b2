/** How far behind each owned partition is, in records and in seconds, from what the stage sees anyway. */
import type { PartitionStand } from '../measurements';
import type { FetchedBatch } from '../ports';

export interface Lag { readonly topic: string; readonly partition: string; readonly records: number; readonly seconds: number }

interface Seen { next: number; end: number; newestDoneMs: number; nothingLeftMs: number; readonly firstSeenMs: number }

export class LagEstimate {
  private readonly seen = new Map<string, Seen>();

  constructor(private readonly now: () => number) {}

  reached({ topic, partition, next, end, records }: FetchedBatch): void {
    const seen = this.of(`${topic}/${partition}`);
    seen.next = Math.max(seen.next, next);
    seen.end = Math.max(seen.end, end);
    seen.newestDoneMs = Math.max(seen.newestDoneMs, records.at(-1)?.timestamp ?? 0);
    this.note(seen);
  }

  /** Partitions that are not among them are somebody else's now. */
  stands(partitions: readonly PartitionStand[]): void {
    const owned = new Set(partitions.map(({ key }) => key));
    for (const key of this.seen.keys()) if (!owned.has(key)) this.seen.delete(key);
    for (const { key, next, end } of partitions) {
      const seen = this.of(key);
      Object.assign(seen, { next, end });
      this.note(seen);
    }
  }

  private of(key: string): Seen {
    let seen = this.seen.get(key);
    if (!seen) this.seen.set(key, (seen = { next: 0, end: 0, newestDoneMs: 0, nothingLeftMs: 0, firstSeenMs: this.now() }));
    return seen;
  }

  private note(seen: Seen): void { if (seen.next >= seen.end) seen.nothingLeftMs = this.now(); }

  /** The oldest record left came after the newest that is done, and after the moment at which nothing was left. */
  lags(): Lag[] {
    const nowMs = this.now();
    return [...this.seen].map(([key, { next, end, newestDoneMs, nothingLeftMs, firstSeenMs }]) => {
      const [topic = '', partition = ''] = key.split('/');
      const records = Math.max(0, end - next);
      const sinceMs = Math.max(newestDoneMs, nothingLeftMs) || firstSeenMs;
      return { topic, partition, records, seconds: records === 0 ? 0 : Math.max(0, nowMs - sinceMs) / 1_000 };
    });
  }
}
