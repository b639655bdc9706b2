/**
 * Files of declarations as the raw topic would hold them if they had been fed to it, all at one moment: offsets count from
 * 0 in each partition. Files are read once to count and again for the records, and are never in memory: where the second
 * reading does not find what the first one has found, it ends.
 */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { RawDeclaration } from '../domain/declaration';
import { limits } from '../limits';
import { partitionOf } from '../shell/partition-of';
import type { FetchedBatch, LogInspector, OffsetRange, RecordHeader, SourceRecord } from '../shell/ports';
import { rawTopic, type TopicName } from '../topology';
import type { FeedLine } from './feed-line';
import { FeedFileError } from './kcs-csv';
import { rawEncoder, rawRecord } from './raw-record';

export interface DeclarationFile {
  readonly name: string;
  /** From its beginning, each time. */
  open(): Readable;
}

export interface FileLogSettings {
  /** One behind the other, as if one had been fed after the other. */
  readonly files: readonly DeclarationFile[];
  readonly partitions: number;
  /** Time of all records, ms. */
  readonly timestampMs: number;
  readonly schemaId: number;
  readonly read: (input: Readable) => AsyncIterable<FeedLine>;
}

export interface CountingListener {
  /** A line that is no event: it has no place in the log. */
  readonly onFaults: (file: string, line: FeedLine) => void;
  readonly onBytes: (more: number) => void;
}

interface SeenBytes { readonly bytes: number; readonly sha256: string }
export interface CountedFile extends SeenBytes { readonly name: string; readonly declarations: number; readonly faulty: number; readonly unknownFields: number }

const noHeaders: readonly RecordHeader[] = [];
const named = (name: string, problem: string): FeedFileError => new FeedFileError(`${name}: ${problem}`);
const CHANGED = 'the file has changed since it was counted: leave it as it is, and begin again';

export class FileLog implements Pick<LogInspector, 'offsets' | 'readRanges'> {
  private constructor(private readonly settings: FileLogSettings, readonly files: readonly CountedFile[], private readonly ends: readonly number[]) {}

  /** The first reading. @throws FeedFileError where a file is not of its format, and what opening and reading reject with. */
  static async counted(settings: FileLogSettings, listener: CountingListener): Promise<FileLog> {
    const ends = new Array<number>(settings.partitions).fill(0);
    const files: CountedFile[] = [];
    for (const file of settings.files) {
      const count = { declarations: 0, faulty: 0, unknownFields: 0 };
      const seen = await eachLine(file, settings, (line) => {
        count.unknownFields += line.unknownFields.length;
        if (line.declaration === undefined) {
          count.faulty++;
          listener.onFaults(file.name, line);
          return undefined;
        }
        count.declarations++;
        const partition = partitionOf(line.declaration.declarationId, settings.partitions);
        ends[partition] = (ends[partition] as number) + 1;
        return undefined;
      }, listener.onBytes);
      files.push({ name: file.name, ...count, ...seen });
    }
    return new FileLog(settings, files, ends);
  }

  async offsets(topic: TopicName): Promise<readonly { readonly partition: number; readonly start: number; readonly end: number }[]> {
    return topic === rawTopic ? this.ends.map((end, partition) => ({ partition, start: 0, end })) : [];
  }

  /** Reads all files again, whatever the ranges. @throws FeedFileError where they are not what they were. */
  async readRanges(ranges: readonly OffsetRange[], each: (batch: FetchedBatch) => Promise<void>): Promise<void> {
    const { settings, files } = this;
    const shares = new Map(ranges.map((range) => [range.partition, new Share(range, this.ends[range.partition] ?? 0, settings)]));
    let [heldRecords, heldBytes] = [0, 0];
    const handOver = async (): Promise<void> => {
      [heldRecords, heldBytes] = [0, 0];
      for (const share of shares.values()) if (share.holds) await each(share.batch());
    };
    for (const [index, file] of settings.files.entries()) {
      const seen = await eachLine(file, settings, ({ declaration }) => {
        const share = declaration && shares.get(partitionOf(declaration.declarationId, settings.partitions));
        if (!share) return undefined;
        heldBytes += share.take(declaration);
        return ++heldRecords >= limits.recordsPerFeedSend || heldBytes >= limits.archiveBytesPerGroup ? handOver() : undefined;
      });
      if (seen.sha256 !== files[index]?.sha256) throw named(file.name, CHANGED);
    }
    await handOver();
  }
}

/**
 * What the files have of one partition. Each has an encoder of its own: records that wait for their row group keep the
 * bytes of their neighbours alive, which would be those of the whole file where a partition gets few of them.
 */
class Share {
  private readonly encode: ReturnType<typeof rawEncoder>;
  private records: SourceRecord[] = [];
  private offset = 0;
  private from: number;

  constructor(private readonly range: OffsetRange, private readonly end: number, private readonly settings: FileLogSettings) {
    this.encode = rawEncoder(settings.schemaId);
    this.from = range.from;
  }

  get holds(): boolean { return this.records.length > 0; }

  /** Bytes that are held from now on. */
  take(declaration: RawDeclaration): number {
    const offset = this.offset++;
    if (offset < this.range.from || offset >= this.range.next) return 0;
    const { key, value, headers = noHeaders } = rawRecord(declaration, this.range.partition, this.encode);
    this.records.push({ offset, timestamp: this.settings.timestampMs, key: Buffer.from(key as string), value, headers });
    return value?.length ?? 0;
  }

  batch(): FetchedBatch {
    const { range: { topic, partition }, from, end, records } = this;
    this.records = [];
    this.from += records.length;
    return { topic, partition, from, next: this.from, end, records };
  }
}

/** Reads a file once, and answers what its bytes were. */
async function eachLine(file: DeclarationFile, { read }: FileLogSettings, take: (line: FeedLine) => Promise<void> | undefined, onBytes?: (more: number) => void): Promise<SeenBytes> {
  const hash = createHash('sha256');
  let bytes = 0;
  let failure: Error | undefined;
  /** Ends where the file cannot be read on: not every reader of lines passes the fault of its input on. */
  async function* chunks(): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of file.open() as AsyncIterable<Buffer>) {
        hash.update(chunk);
        bytes += chunk.length;
        onBytes?.(chunk.length);
        yield chunk;
      }
    } catch (error) {
      failure = error as Error;
    }
  }
  const input = Readable.from(chunks(), { objectMode: false });
  try {
    for await (const line of read(input)) {
      const taking = take(line);
      if (taking) await taking;
    }
  } catch (error) {
    throw failure ?? (error instanceof FeedFileError ? named(file.name, error.message) : error);
  } finally {
    input.destroy();
  }
  if (failure) throw failure;
  return { bytes, sha256: hash.digest('hex') };
}
