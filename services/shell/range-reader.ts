/**
 * Ranges of the log, read by a member of a group of its own that leaves when it has them all. The source says when it
 * was given its partitions anew or a leader changed: then reading begins at the last record handed over, which must
 * still be the same.
 */
import { limits } from '../limits';
import { AnotherLog, LogSilent, OutsideLog } from './outside-log';
import type { FetchedBatch, OffsetRange, Source, SourceHandlers, SourceRecord, StartPosition, TopicPartition, TroubleListener } from './ports';
import { sameRecord } from './same-record';
import { monotonicMs } from './waiting';

/** Offsets that the log has of a partition now; undefined: no such partition. */
export type HeldOffsets = (target: TopicPartition) => Promise<{ readonly start: number; readonly end: number } | undefined>;
type TakeBatch = (batch: FetchedBatch) => Promise<void>;

interface Reading {
  readonly range: OffsetRange;
  at: number;
  last: SourceRecord | undefined;
  /** Must come again before anything else. */
  recognise: SourceRecord | undefined;
  taken: Promise<void>;
}

/** Told to the source alone: no stage stands behind it. */
const NOT_READ = 'not read';

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

export async function readRanges(open: (onTrouble: TroubleListener) => Source, ranges: readonly OffsetRange[], held: HeldOffsets, each: TakeBatch): Promise<void> {
  const wanted = ranges.filter(({ from, next }) => from < next);
  if (wanted.length === 0) return;
  const reader = new RangeReader(wanted, held, each);
  const source = open((trouble) => { reader.trouble = trouble; });
  const silence = setInterval(() => reader.mustHear(), limits.progressLineMs);
  try {
    await source.start(reader);
    await reader.done;
  } finally {
    clearInterval(silence);
    await source.stop();
    await reader.settled();
  }
}

class RangeReader implements SourceHandlers {
  readonly done: Promise<void>;
  trouble: string | undefined;
  private readonly readings: ReadonlyMap<string, Reading>;
  private finish: () => void = () => undefined;
  private fail: (error: Error) => void = () => undefined;
  private ended = false;
  /** Batches that are being taken: no silence of the log. */
  private taking = 0;
  private heardMs = monotonicMs();

  constructor(ranges: readonly OffsetRange[], private readonly held: HeldOffsets, private readonly each: TakeBatch) {
    this.readings = new Map(ranges.map((range) => [keyOf(range), { range, at: range.from, last: undefined, recognise: undefined, taken: Promise.resolve() }]));
    this.done = new Promise<void>((resolve, reject) => {
      this.finish = () => { this.ended = true; resolve(); };
      this.fail = (error) => { this.ended = true; reject(error); };
    });
    /** Heard by whoever reads, unless opening fails first. */
    this.done.catch(() => undefined);
  }

  /** Nobody takes anything any more. */
  async settled(): Promise<void> { await Promise.allSettled([...this.readings.values()].map(({ taken }) => taken)); }

  mustHear(): void {
    if (this.taking > 0 || monotonicMs() - this.heardMs < limits.readerSilenceMs) return;
    this.fail(new LogSilent(limits.readerSilenceMs / 1_000, this.trouble));
  }

  revoked(): void { /* what was handed over stays so; reading goes on where it stood */ }

  assigned(partitions: readonly TopicPartition[]): Promise<readonly StartPosition[]> {
    return Promise.all(partitions.map((target) => this.startOf(target)));
  }

  private async startOf(target: TopicPartition): Promise<StartPosition> {
    const reading = this.readings.get(keyOf(target));
    if (!reading || reading.at >= reading.range.next) return { ...target, stopped: NOT_READ };
    const log = await this.held(target);
    if (!log || reading.at < log.start || reading.range.next > log.end) {
      this.fail(new OutsideLog({ ...reading.range, from: reading.at }));
      return { ...target, stopped: NOT_READ };
    }
    reading.recognise = reading.last && reading.last.offset >= log.start ? reading.last : undefined;
    return { ...target, offset: reading.recognise?.offset ?? reading.at };
  }

  /** Never rejects: the source would take that for a fault of its own. */
  async fetched(batch: FetchedBatch): Promise<void> {
    const reading = this.readings.get(keyOf(batch));
    if (!reading || this.ended) return;
    this.heardMs = monotonicMs();
    const { recognise } = reading;
    if (recognise && batch.next > recognise.offset) {
      const again = batch.records.find(({ offset }) => offset === recognise.offset);
      /** Compaction may have taken it away meanwhile. */
      if (again && !sameRecord(again, recognise)) { this.fail(new AnotherLog(batch.topic, batch.partition, recognise.offset)); return; }
      reading.recognise = undefined;
    }
    const part = partOf(batch, reading.at, reading.range.next);
    if (part.from >= part.next) return;
    reading.at = part.next;
    reading.last = part.records.at(-1) ?? reading.last;
    await this.take(reading, part);
  }

  private async take(reading: Reading, part: FetchedBatch): Promise<void> {
    this.taking++;
    reading.taken = reading.taken.then(() => (this.ended ? undefined : this.each(part)));
    try {
      await reading.taken;
      this.heardMs = monotonicMs();
      if (this.taking === 1 && [...this.readings.values()].every(({ at, range }) => at >= range.next)) this.finish();
    } catch (error) {
      this.fail(error as Error);
    } finally {
      this.taking--;
    }
  }
}

/** What of a batch lies in [from, next). */
export function partOf(batch: FetchedBatch, from: number, next: number): FetchedBatch {
  const [first, behind] = [Math.max(batch.from, from), Math.min(batch.next, next)];
  return { ...batch, from: first, next: behind, records: batch.records.filter(({ offset }) => offset >= first && offset < behind) };
}
