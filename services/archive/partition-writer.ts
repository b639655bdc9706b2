/**
 * Writes the records of one partition into files, each of one day. The order of effects: records under an unfinished
 * name → on the disk → their name → schemas that their values need → manifest. A file counts from its manifest on;
 * whatever a kill leaves before that is no part of the archive, and is written again.
 */
import { limits } from '../limits';
import { frameId } from '../shell/avro/codec';
import type { SourceRecord } from '../shell/ports';
import type { TopicName } from '../topology';
import { writeWhole, type ArchiveFiles, type NewFile } from './archive-files';
import { manifestPath, manifestText, recordsPath, type FileManifest } from './archive-manifest';
import { dayFolder, dayNumber, dayOf, UNFINISHED, type OffsetSpan } from './archive-names';
import { contentBytes, RecordFileWriter } from './parquet/record-file-writer';
import { recordDigest } from './record-digest';
import type { SchemaKeeper } from './schema-keeper';

interface OpenPart {
  readonly day: number;
  readonly path: string;
  readonly file: NewFile;
  readonly writer: RecordFileWriter;
  readonly schemaIds: Set<number>;
  records: number;
  bytes: number;
  last: SourceRecord;
}

export class PartitionWriter {
  private part: OpenPart | undefined;
  readonly finished: FileManifest[] = [];

  /** @param next the first offset that the first file covers. */
  constructor(private readonly topic: TopicName, private readonly partition: number, private next: number, private leftOut: OffsetSpan | undefined, private readonly files: ArchiveFiles, private readonly schemas: SchemaKeeper) {}

  async take(records: readonly SourceRecord[]): Promise<void> {
    for (const record of records) {
      if (this.part && mustEnd(this.part, record)) await this.finish();
      const part = (this.part ??= await this.begin(record));
      part.writer.add(record);
      part.records++;
      part.bytes += contentBytes(record);
      part.last = record;
      const id = frameId(record.value);
      if (typeof id === 'number') part.schemaIds.add(id);
      if (part.writer.full) await part.writer.writeGroup();
    }
  }

  private async begin(record: SourceRecord): Promise<OpenPart> {
    /** Named by where it begins: one run at a time writes to an archive. */
    const path = `${dayFolder(this.topic, this.partition, dayOf(record.timestamp))}/${this.next}${UNFINISHED}`;
    const file = await this.files.create(path);
    return { day: dayNumber(record.timestamp), path, file, writer: new RecordFileWriter(this.partition, file), schemaIds: new Set(), records: 0, bytes: 0, last: record };
  }

  /** What was taken is archived when this returns. */
  async finish(): Promise<void> {
    const { part } = this;
    if (!part) return;
    this.part = undefined;
    const { bytes, sha256 } = await written(part);
    const { offset, timestamp } = part.last;
    const span = { form: 1 as const, topic: this.topic, partition: this.partition, day: dayOf(timestamp), firstOffset: this.next, nextOffset: offset + 1, records: part.records, bytes, sha256, lastRecord: { offset, digest: recordDigest(part.last) } };
    const manifest: FileManifest = { ...span, ...(await this.keepSchemas(part.schemaIds)), ...(this.leftOut ? { leftOut: this.leftOut } : {}) };
    await this.files.rename(part.path, recordsPath(manifest));
    await this.files.syncFolder(dayFolder(this.topic, this.partition, manifest.day));
    await writeWhole(this.files, manifestPath(manifest), manifestText(manifest), UNFINISHED);
    this.next = manifest.nextOffset;
    this.leftOut = undefined;
    this.finished.push(manifest);
  }

  private async keepSchemas(ids: ReadonlySet<number>): Promise<Pick<FileManifest, 'schemas' | 'unknownSchemas'>> {
    const schemas: Record<string, string> = {};
    const unknownSchemas: number[] = [];
    for (const id of [...ids].sort((left, right) => left - right)) {
      const digest = await this.schemas.keep(id);
      if (digest === undefined) unknownSchemas.push(id);
      else schemas[id] = digest;
    }
    return { schemas, unknownSchemas };
  }

  /** Leaves what is unfinished where it is, as a kill does. */
  async abandon(): Promise<void> {
    const { part } = this;
    this.part = undefined;
    await part?.file.close().catch(() => undefined);
  }
}

/** Returns when all of it is on the disk. */
async function written({ file, writer }: OpenPart): Promise<{ readonly bytes: number; readonly sha256: string }> {
  try {
    const whole = await writer.finish();
    await file.sync();
    return whole;
  } finally {
    await file.close();
  }
}

const mustEnd = (part: OpenPart, { timestamp }: SourceRecord): boolean =>
  part.day !== dayNumber(timestamp) || part.records >= limits.archiveRowsPerFile || part.bytes >= limits.archiveBytesPerFile;
