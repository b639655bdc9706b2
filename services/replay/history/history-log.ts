/** The log as a replay is to see it: longer by what an archive has kept, and ending where history ends. */
import { limits } from '../../limits';
import { LimitedSource } from '../../shell/limited-source';
import { OutsideLog } from '../../shell/outside-log';
import type { FetchedBatch, Log, LogInspector, LogStretch, OffsetRange, Sink, Source, SourceRecord, TopicPartition, TroubleListener } from '../../shell/ports';
import { partOf } from '../../shell/range-reader';
import type { StageName, TopicName } from '../../topology';
import type { ArchivedHistory } from './archived-history';
import type { YieldingPace } from '../yielding/yielding-pace';
import { YieldingSource } from '../yielding/yielding-source';
import { HistorySource, type HistoryPlaces, type Whereabouts } from './history-source';

export interface HistoryBounds {
  /** Undefined: the log alone. */
  readonly archive: ArchivedHistory | undefined;
  /** `topic/partition` → first offset that does not belong to it; undefined: no end. */
  readonly until: Readonly<Record<string, number>> | undefined;
  /** Undefined: as fast as it goes. */
  readonly pace?: YieldingPace | undefined;
}

interface LogPart { readonly partition: number; readonly start: number; readonly end: number }

export class HistoryLog implements Log {
  constructor(private readonly inner: Log, private readonly bounds: HistoryBounds, private readonly onTrouble: TroubleListener) {}

  source(stage: StageName, topics: readonly TopicName[], namespace?: string): Source {
    const { archive, until, pace } = this.bounds;
    const log = this.inner.source(stage, topics, namespace);
    const whole = archive ? new HistorySource(log, new Places(() => this.inner.inspector(), archive), this.onTrouble) : log;
    const bounded = until ? new LimitedSource(whole, until) : whole;
    return pace ? new YieldingSource(bounded, pace) : bounded;
  }

  async inspector(): Promise<LogInspector> { return historyInspector(await this.inner.inspector(), this.bounds); }

  tail(...following: Parameters<Log['tail']>): ReturnType<Log['tail']> { return this.inner.tail(...following); }
  sink(): Promise<Sink> { return this.inner.sink(); }
  partitionOf(key: string, partitions: number): number { return this.inner.partitionOf(key, partitions); }
  close(): Promise<void> { return this.inner.close(); }
}

/** An inspector of the log whose offsets are those of its history. @throws DamagedArchive */
export function historyInspector(inspector: LogInspector, bounds: HistoryBounds): LogInspector {
  return {
    offsets: async (topic) => boundedParts(topic, await extendedParts(topic, inspector, bounds), bounds.until),
    offsetsAt: (topic, timestampMs) => extendedOffsetsAt(topic, timestampMs, inspector, bounds),
    stampedByBroker: (topic) => inspector.stampedByBroker(topic),
    committed: (stage, topic) => inspector.committed(stage, topic),
    members: (stage, namespace) => inspector.members(stage, namespace),
    read: (position, limit) => inspector.read(position, limit),
    readStretches: (topic, stretches, each) => readHistoryStretches(topic, stretches, inspector, bounds, each),
    readAll: (topic, each) => inspector.readAll(topic, each),
    readRanges: (ranges, each) => readHistory(ranges, inspector, bounds, each),
    close: () => inspector.close(),
  };
}

/** What the log does not have any more from the archive, then the rest. Of one topic. */
async function readHistory(ranges: readonly OffsetRange[], inspector: LogInspector, { archive }: HistoryBounds, each: (batch: FetchedBatch) => Promise<void>): Promise<void> {
  const [first] = ranges;
  if (!archive || !first) return inspector.readRanges(ranges, each);
  const starts = new Map(archive.alone ? [] : (await inspector.offsets(first.topic)).map(({ partition, start }) => [partition, start]));
  const inLog: OffsetRange[] = [];
  for (const range of ranges) {
    let at = range.from;
    if (archive.alone || at < (starts.get(range.partition) ?? 0)) {
      for await (const batch of archive.batches(range, at)) {
        await each(partOf(batch, at, range.next));
        at = batch.next;
        if (at >= range.next) break;
      }
    }
    if (at < range.next) inLog.push({ ...range, from: at });
  }
  const [left] = inLog;
  if (left && archive.alone) throw new OutsideLog(left);
  await inspector.readRanges(inLog, each);
}

/** The same of stretches: what neither of them has is not there. */
async function readHistoryStretches(topic: TopicName, stretches: readonly LogStretch[], inspector: LogInspector, { archive }: HistoryBounds, each: (partition: number, record: SourceRecord) => void): Promise<void> {
  if (!archive) return inspector.readStretches(topic, stretches, each);
  const starts = new Map((await inspector.offsets(topic)).map(({ partition, start }) => [partition, archive.alone ? Infinity : start]));
  const startOf = (partition: number): number => starts.get(partition) ?? Infinity;
  const archived = stretches.flatMap((stretch) => (stretch.from < startOf(stretch.partition) ? [{ ...stretch, to: Math.min(stretch.to, startOf(stretch.partition)) }] : []));
  for (const partition of new Set(archived.map((stretch) => stretch.partition))) await readArchivedStretches(topic, partition, archived.filter((stretch) => stretch.partition === partition), archive, each);
  const inLog = stretches.flatMap((stretch) => (stretch.to > startOf(stretch.partition) ? [{ ...stretch, from: Math.max(stretch.from, startOf(stretch.partition)) }] : []));
  if (inLog.length > 0) await inspector.readStretches(topic, inLog, each);
}

/** In rising order: to open the archive costs as much as to read over a good many records. */
async function readArchivedStretches(topic: TopicName, partition: number, stretches: readonly LogStretch[], archive: ArchivedHistory, each: (partition: number, record: SourceRecord) => void): Promise<void> {
  const range = await archive.rangeOf({ topic, partition });
  const left = stretches.map(({ from, to }) => ({ from: Math.max(from, range?.from ?? to), to: Math.min(to, range?.next ?? to) })).filter(({ from, to }) => from < to);
  while (left[0]) {
    for await (const batch of archive.batches({ topic, partition }, left[0].from)) {
      for (const { from, to } of left) {
        if (from >= batch.next) break;
        for (const record of partOf(batch, from, to).records) each(partition, record);
      }
      while (left[0] && left[0].to <= batch.next) left.shift();
      if (left[0]) left[0].from = Math.max(left[0].from, Math.min(batch.next, left[0].to));
      if (!left[0] || left[0].from > batch.next + limits.archivedRecordsReadOver) break;
    }
  }
}

const boundedParts = (topic: TopicName, parts: readonly LogPart[], until: HistoryBounds['until']): readonly LogPart[] =>
  (until ? parts.map((part) => ({ ...part, end: Math.min(part.end, until[`${topic}/${part.partition}`] ?? part.end) })) : parts);

/** An archive that ends before the log begins does not make it longer. */
async function extendedParts(topic: TopicName, inspector: LogInspector, { archive }: HistoryBounds): Promise<readonly LogPart[]> {
  const parts = await inspector.offsets(topic);
  if (!archive) return parts;
  const ranges = new Map((await archive.rangesOf(topic)).map((range) => [range.partition, range]));
  return parts.map((part) => {
    const range = ranges.get(part.partition);
    if (archive.alone) return { partition: part.partition, start: range?.from ?? 0, end: range?.next ?? 0 };
    return range && range.from < part.start && range.next >= part.start ? { ...part, start: range.from } : part;
  });
}

async function extendedOffsetsAt(topic: TopicName, timestampMs: number, inspector: LogInspector, { archive }: HistoryBounds): ReturnType<LogInspector['offsetsAt']> {
  const inLog = await inspector.offsetsAt(topic, timestampMs);
  if (!archive) return inLog;
  const ranges = new Map((await archive.rangesOf(topic)).map((range) => [range.partition, range]));
  return Promise.all(inLog.map(async ({ partition, offset }) => {
    const range = ranges.get(partition);
    const archived = range && (await archive.offsetAt(range, timestampMs));
    return { partition, offset: archived ?? (archive.alone ? (range?.next ?? 0) : offset) };
  }));
}

class Places implements HistoryPlaces {
  private inspector: LogInspector | undefined;

  constructor(private readonly inspect: () => Promise<LogInspector>, private readonly archive: ArchivedHistory) {}

  async whereabouts({ topic, partition, offset }: TopicPartition & { readonly offset: number }): Promise<Whereabouts> {
    if (!this.archive.alone) {
      this.inspector ??= await this.inspect();
      const part = (await this.inspector.offsets(topic)).find((each) => each.partition === partition);
      if (part && offset >= part.start) return 'log';
    }
    const range = await this.archive.rangeOf({ topic, partition });
    if (range && offset >= range.from && offset < range.next) return 'archive';
    return this.archive.alone ? 'end' : 'hole';
  }

  archived({ topic, partition, offset }: TopicPartition & { readonly offset: number }): AsyncIterable<FetchedBatch> { return this.archive.batches({ topic, partition }, offset); }

  async close(): Promise<void> { await this.inspector?.close(); }
}
