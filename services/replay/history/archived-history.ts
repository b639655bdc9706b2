/** What an archive has of the topics of a namespace, as batches of the log that it was taken from. */
import { dayOf } from '../../archive/archive-names';
import type { ArchiveFiles } from '../../archive/archive-files';
import { archivedRange, archivedRanges, readArchive, recordsFrom, type ArchivedRange } from '../../archive/read-archive';
import type { ManifestArchive } from '../../domain/namespace-directory';
import { limits } from '../../limits';
import type { FetchedBatch, SourceRecord, TopicPartition } from '../../shell/ports';
import type { TopicName } from '../../topology';

export class ArchivedHistory {
  constructor(private readonly files: ArchiveFiles, private readonly use: Pick<ManifestArchive, 'alone' | 'leaveOut'>) {}

  /** The log is not read, only asked who owns which partition. */
  get alone(): boolean { return this.use.alone; }

  rangeOf(target: TopicPartition): Promise<ArchivedRange | undefined> { return archivedRange(this.files, target); }

  rangesOf(topic: TopicName): Promise<readonly ArchivedRange[]> { return archivedRanges(this.files, topic); }

  /** What was lost before it was archived, in words; undefined: nothing was. */
  async leftOutOf(topics: readonly TopicName[]): Promise<string | undefined> {
    for (const topic of topics) for (const { partition, leftOut: [span] } of await this.rangesOf(topic)) if (span) return `offsets ${span.from} to ${span.next - 1} of ${topic} partition ${partition}`;
    return undefined;
  }

  /** The first offset whose record is of that time or a later one; undefined: none is. */
  async offsetAt({ files }: ArchivedRange, timestampMs: number): Promise<number | undefined> {
    for (const manifest of files) {
      if (manifest.day < dayOf(timestampMs)) continue;
      for await (const records of recordsFrom(this.files, manifest, manifest.firstOffset)) {
        const found = records.find(({ timestamp }) => timestamp >= timestampMs);
        if (found) return found.offset;
      }
    }
    return undefined;
  }

  /** Batches that join, from `from` to the end of what is archived. @throws DamagedArchive as `readArchive` does. */
  async *batches({ topic, partition }: TopicPartition, from: number): AsyncGenerator<FetchedBatch> {
    const end = (await this.rangeOf({ topic, partition }))?.next ?? from;
    let at = from;
    const batchUntil = (next: number, records: readonly SourceRecord[]): FetchedBatch => {
      const batch = { topic, partition, from: at, next, end, records };
      at = next;
      return batch;
    };
    for await (const group of readArchive(this.files, { topic, partition, offset: from }, { overLeftOut: this.use.leaveOut })) {
      for (let start = 0; start < group.length; start += limits.queuedRecordsPerPartition) {
        const records = group.slice(start, start + limits.queuedRecordsPerPartition);
        yield batchUntil((records.at(-1) as SourceRecord).offset + 1, records);
      }
    }
    if (at < end) yield batchUntil(end, []);
  }
}
