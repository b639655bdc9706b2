/** Records into a Parquet file, a row group at a time. */
import { createHash } from 'node:crypto';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { limits } from '../../limits';
import type { SourceRecord } from '../../shell/ports';
import type { NewFile } from '../archive-files';
import { CODEC, compressors, recordSchema } from './record-schema';

export class RecordFileWriter {
  private readonly buffer = new ByteWriter();
  private readonly parquet = new ParquetWriter({ writer: this.buffer, schema: recordSchema, codec: CODEC, compressors, createdBy: 'tidewaiter' });
  private readonly hash = createHash('sha256');
  private group: SourceRecord[] = [];
  private groupBytes = 0;
  private written = 0;

  constructor(private readonly partition: number, private readonly file: NewFile) {}

  /** The group is to be written before more is added. */
  get full(): boolean { return this.group.length >= limits.archiveRowsPerGroup || this.groupBytes >= limits.archiveBytesPerGroup; }

  add(record: SourceRecord): void {
    this.group.push(record);
    this.groupBytes += contentBytes(record);
  }

  async writeGroup(): Promise<void> {
    if (this.group.length === 0) return;
    const { group } = this;
    this.group = [];
    this.groupBytes = 0;
    void this.parquet.write({ rowGroupSize: group.length, columnData: this.columns(group) });
    await this.flush();
  }

  private columns(group: readonly SourceRecord[]): Parameters<ParquetWriter['write']>[0]['columnData'] {
    return [
      { name: 'partition', data: new Int32Array(group.length).fill(this.partition) },
      { name: 'offset', data: BigInt64Array.from(group, ({ offset }) => BigInt(offset)), encoding: 'DELTA_BINARY_PACKED' },
      { name: 'timestamp', data: BigInt64Array.from(group, ({ timestamp }) => BigInt(timestamp)), encoding: 'DELTA_BINARY_PACKED' },
      { name: 'key', data: group.map(({ key }) => key), encoding: 'PLAIN', statistics: false },
      { name: 'value', data: group.map(({ value }) => value), encoding: 'PLAIN', statistics: false },
      { name: 'headers', data: group.map(({ headers }) => headers), statistics: false },
    ];
  }

  /** The writer goes on at the start of its buffer; positions in the file are counted apart. */
  private async flush(): Promise<void> {
    const bytes = Buffer.from(this.buffer.getBytes());
    this.buffer.index = 0;
    this.hash.update(bytes);
    this.written += bytes.length;
    await this.file.write(bytes);
  }

  /** What is left, and the file's end. */
  async finish(): Promise<{ readonly bytes: number; readonly sha256: string }> {
    await this.writeGroup();
    void this.parquet.finish();
    await this.flush();
    return { bytes: this.written, sha256: this.hash.digest('hex') };
  }
}

export const contentBytes = ({ key, value, headers }: SourceRecord): number =>
  headers.reduce((sum, header) => sum + header.key.length + header.value.length, (key?.length ?? 0) + (value?.length ?? 0));
