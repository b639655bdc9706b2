/**
 * Between the client's fetches and the loop: batches wait per partition, bounded. `put` resolves when
 * that partition has room again, which is all the back-pressure there is.
 */
import type { FetchedBatch } from './ports';

export interface TakenBatch extends FetchedBatch { readonly generation: number }

export class BatchQueue {
  private waiting: FetchedBatch[] = [];
  private readonly queuedRecords = new Map<string, number>();
  private roomListeners: (() => void)[] = [];
  private workListener: (() => void) | undefined;
  private current = 0;

  constructor(private readonly recordsPerPartition: number) {}

  get generation(): number { return this.current; }
  get empty(): boolean { return this.waiting.length === 0; }

  async put(batch: FetchedBatch): Promise<void> {
    const key = `${batch.topic}/${batch.partition}`;
    const generation = this.current;
    this.waiting.push(batch);
    this.queuedRecords.set(key, (this.queuedRecords.get(key) ?? 0) + batch.records.length);
    this.workListener?.();
    while (generation === this.current && (this.queuedRecords.get(key) ?? 0) >= this.recordsPerPartition) {
      await new Promise<void>((resolve) => this.roomListeners.push(resolve));
    }
  }

  /** Whole batches, oldest first, until `maxRecords` are reached; those of busy partitions stay. */
  take(maxRecords: number, busy: (target: FetchedBatch) => boolean = () => false): TakenBatch[] {
    const taken: TakenBatch[] = [];
    const left: FetchedBatch[] = [];
    let records = 0;
    for (const batch of this.waiting) {
      if (records >= maxRecords || busy(batch)) {
        left.push(batch);
        continue;
      }
      records += batch.records.length;
      const key = `${batch.topic}/${batch.partition}`;
      this.queuedRecords.set(key, (this.queuedRecords.get(key) ?? 0) - batch.records.length);
      taken.push({ ...batch, generation: this.current });
    }
    this.waiting = left;
    this.releaseRoom();
    return taken;
  }

  /** The assignment is gone: nothing queued may be worked on any more. */
  drop(): void {
    this.current++;
    this.waiting = [];
    this.queuedRecords.clear();
    this.releaseRoom();
  }

  /** Drops what waits for one partition: it is going to be read again from elsewhere. */
  dropPartition(topic: string, partition: number): void {
    this.waiting = this.waiting.filter((batch) => batch.topic !== topic || batch.partition !== partition);
    this.queuedRecords.delete(`${topic}/${partition}`);
    this.releaseRoom();
  }

  private releaseRoom(): void {
    const listeners = this.roomListeners;
    this.roomListeners = [];
    for (const listener of listeners) listener();
  }

  /** Resolves when something waits, or after `milliseconds`. */
  async work(milliseconds: number): Promise<void> {
    if (!this.empty) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.workListener = () => { clearTimeout(timer); resolve(); };
    });
    this.workListener = undefined;
  }
}
