/** The broker as one simulated process sees it. Processes that share a broker share a MemoryBroker. */
import type { StageName, TopicName } from '../../topology';
import type { CommittedPosition, FetchedBatch, Log, LogInspector, LogStretch, OffsetRange, Sink, SourceRecord, TailReader, TailStart, TopicPartition, TroubleListener } from '../ports';
import type { MemoryBroker } from './memory-broker';
import { MemorySink } from './memory-sink';
import { MemorySource } from './memory-source';
import { OutsideLog } from '../outside-log';
import { partitionOf } from '../partition-of';
import { turnOfEvents } from './turn-of-events';

export class MemoryLog implements Log {
  constructor(readonly broker: MemoryBroker, private readonly onTrouble: TroubleListener = () => undefined) {}

  source(stage: StageName, topics: readonly TopicName[], namespace?: string): MemorySource {
    return new MemorySource(this.broker, this.broker.group(stage, namespace), topics, this.onTrouble);
  }

  async tail(topics: readonly TopicName[], each: (topic: TopicName, partition: number, record: SourceRecord) => void, from: TailStart = 'beginning'): Promise<TailReader> {
    return followTopics(this.broker, topics, each, from);
  }

  async sink(): Promise<Sink> { return new MemorySink(this.broker, this.onTrouble); }

  async inspector(): Promise<LogInspector> { return new MemoryInspector(this.broker); }

  partitionOf(key: string, partitions: number): number { return partitionOf(key, partitions); }

  async close(): Promise<void> { /* nothing is open */ }
}

class MemoryInspector implements LogInspector {
  constructor(private readonly broker: MemoryBroker) {}

  private async answer<Answer>(question: () => Answer): Promise<Answer> {
    await turnOfEvents();
    this.broker.mustBeAvailable();
    return question();
  }

  offsets(topic: TopicName): Promise<{ partition: number; start: number; end: number }[]> {
    return this.answer(() => this.broker.partitions(topic).map(({ start, end }, partition) => ({ partition, start, end })));
  }

  offsetsAt(topic: TopicName, timestampMs: number): Promise<{ partition: number; offset: number }[]> {
    return this.answer(() => this.broker.partitions(topic).map((log, partition) => ({
      partition, offset: log.fetch(log.start, Infinity)?.records.find(({ timestamp }) => timestamp >= timestampMs)?.offset ?? log.end,
    })));
  }

  stampedByBroker(topic: TopicName): Promise<boolean> { return this.answer(() => this.broker.stamps(topic)); }

  committed(stage: StageName, topic: TopicName): Promise<CommittedPosition[]> {
    return this.answer(() => this.broker.group(stage).committed(topic));
  }

  members(stage: StageName, namespace?: string): Promise<number> { return this.answer(() => this.broker.group(stage, namespace).members.length); }

  read(position: TopicPartition & { readonly offset: number }, limit: number): Promise<readonly SourceRecord[]> {
    return this.answer(() => {
      const partition = this.broker.partition(position);
      return partition.fetch(Math.max(position.offset, partition.start), limit)?.records ?? [];
    });
  }

  readStretches(topic: TopicName, stretches: readonly LogStretch[], each: (partition: number, record: SourceRecord) => void): Promise<void> {
    return this.answer(() => {
      for (const { partition, from, to } of [...stretches].sort((a, b) => a.from - b.from)) {
        const log = this.broker.partition({ topic, partition });
        for (const record of log.fetch(Math.max(from, log.start), Math.max(0, to - from))?.records ?? []) if (record.offset < to) each(partition, record);
      }
    });
  }

  readAll(topic: TopicName, each: (partition: number, record: SourceRecord) => void): Promise<void> {
    return this.answer(() => {
      this.broker.partitions(topic).forEach((log, partition) => {
        for (const record of log.fetch(log.start, Infinity)?.records ?? []) each(partition, record);
      });
    });
  }

  async readRanges(ranges: readonly OffsetRange[], each: (batch: FetchedBatch) => Promise<void>): Promise<void> {
    for (const { topic, partition, from, next } of ranges) {
      for (let at = from; at < next; ) {
        const fetched = await this.answer(() => this.broker.partition({ topic, partition }).fetch(at, this.broker.recordsPerFetch));
        if (!fetched || fetched.end < next) throw new OutsideLog({ topic, partition, from: at, next });
        const covered = Math.min(fetched.next, next);
        await each({ topic, partition, from: at, next: covered, end: fetched.end, records: fetched.records.filter(({ offset }) => offset < covered) });
        at = covered;
      }
    }
  }

  async close(): Promise<void> { /* nothing is open */ }
}

/** Resolves once everything up to the end offsets seen at start has been handed over. */
async function followTopics(broker: MemoryBroker, topics: readonly TopicName[], each: (topic: TopicName, partition: number, record: SourceRecord) => void, begin: TailStart): Promise<TailReader> {
  await turnOfEvents();
  broker.mustBeAvailable();
  let stopped = false;
  const caughtUp: Promise<void>[] = [];
  for (const topic of topics) {
    broker.partitions(topic).forEach(({ end }, partition) => {
      caughtUp.push(new Promise((resolve) => void follow({ topic, partition }, end, resolve)));
    });
  }
  async function follow(target: TopicPartition, end: number, reached: () => void): Promise<void> {
    for (let from = begin === 'beginning' ? broker.partition(target).start : end; !stopped; ) {
      const log = broker.partition(target);
      const fetched = broker.available ? log.fetch(from, broker.recordsPerFetch) : undefined;
      for (const record of fetched?.records ?? []) each(target.topic, target.partition, record);
      const before = from;
      from = fetched?.next ?? (broker.available ? log.start : from);
      if (from >= end) reached();
      if (from === before) await log.changed();
      else await turnOfEvents();
    }
  }
  await Promise.all(caughtUp);
  return {
    async stop(): Promise<void> {
      stopped = true;
      for (const topic of topics) for (const partition of broker.partitions(topic)) partition.wake();
    },
  };
}
