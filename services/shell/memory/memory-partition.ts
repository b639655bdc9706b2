/** One partition of the in-memory broker: records by rising offset, with gaps where markers lay or compaction took some away. */
import type { OutgoingRecord, SourceRecord } from '../ports';

export interface Fetched { readonly next: number; readonly end: number; readonly records: readonly SourceRecord[] }

export class MemoryPartition {
  private records: SourceRecord[] = [];
  private waiters: (() => void)[] = [];
  private first = 0;
  private behindLast = 0;

  /** Offset of the oldest record that is still promised, and the one that the next record gets. */
  get start(): number { return this.first; }
  get end(): number { return this.behindLast; }

  /** Appends copies: what the sender does with its buffers afterwards changes no log. Answers the first offset. */
  append(records: readonly OutgoingRecord[], timestampMs: number): number {
    const base = this.behindLast;
    for (const { key, value, headers } of records) {
      this.records.push({
        offset: this.behindLast++,
        timestamp: timestampMs,
        key: Buffer.from(key as string),
        value: value === null ? null : Buffer.from(value),
        headers: (headers ?? []).map((header) => ({ key: header.key, value: Buffer.from(header.value) })),
      });
    }
    this.wake();
    return base;
  }

  /** Offsets that hold no record: transaction markers, aborted records. */
  skip(count: number): void {
    this.behindLast += count;
    this.wake();
  }

  /** What a fetch at `from` brings; undefined outside the log. Behind the last record all gaps are covered at once. */
  fetch(from: number, maxRecords: number): Fetched | undefined {
    if (from < this.first || from > this.behindLast) return undefined;
    const index = this.indexOf(from);
    const records = this.records.slice(index, index + maxRecords);
    const all = index + records.length === this.records.length;
    return { records, next: all ? this.behindLast : (records.at(-1)?.offset ?? from - 1) + 1, end: this.behindLast };
  }

  /** Keeps the newest record of each key below `before`, and everything from there on. Offsets stay. */
  compact(before: number, keepTombstones: boolean): void {
    const newest = new Map<string, number>();
    for (const { key, offset } of this.records) newest.set(key?.toString('latin1') ?? '', offset);
    this.records = this.records.filter(({ key, value, offset }) =>
      offset >= before || (newest.get(key?.toString('latin1') ?? '') === offset && (keepTombstones || value !== null)));
  }

  /** Retention: the log begins later. */
  deleteBefore(offset: number): void {
    this.first = Math.min(Math.max(this.first, offset), this.behindLast);
    this.records = this.records.slice(this.indexOf(this.first));
    this.wake();
  }

  /** Power loss: what was not synced is gone, and its offsets are given again. */
  truncate(end: number): void {
    this.records = this.records.slice(0, this.indexOf(end));
    this.behindLast = Math.min(this.behindLast, end);
    this.first = Math.min(this.first, this.behindLast);
    this.wake();
  }

  private indexOf(offset: number): number {
    let low = 0;
    let high = this.records.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.records[middle] as SourceRecord).offset < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Resolves at the next change of this partition, or on `wake`. */
  changed(): Promise<void> { return new Promise((resolve) => this.waiters.push(resolve)); }

  /** Lets readers look again. */
  wake(): void {
    const { waiters } = this;
    this.waiters = [];
    for (const waiter of waiters) waiter();
  }
}
