/** Records out of a Parquet file, a row group at a time. */
import { parquetMetadataAsync, parquetRead, type AsyncBuffer, type FileMetaData } from 'hyparquet';
import type { RecordHeader, SourceRecord } from '../../shell/ports';
import type { ReadableFile } from '../archive-files';
import { decompressors } from './record-schema';

interface Columns {
  readonly offset: readonly bigint[];
  readonly timestamp: readonly number[];
  readonly key: readonly (Uint8Array | null | undefined)[];
  readonly value: readonly (Uint8Array | null | undefined)[];
  readonly headers: readonly (readonly { readonly key: string; readonly value: Uint8Array }[])[];
}
const columnNames: readonly (keyof Columns)[] = ['offset', 'timestamp', 'key', 'value', 'headers'];
const noHeaders: readonly RecordHeader[] = [];

export class RecordFileReader {
  private constructor(private readonly source: AsyncBuffer, private readonly metadata: FileMetaData) {}

  static async open(file: ReadableFile): Promise<RecordFileReader> {
    const source: AsyncBuffer = { byteLength: file.bytes, slice: (start, end) => file.read(start, end ?? file.bytes) };
    return new RecordFileReader(source, await parquetMetadataAsync(source));
  }

  /** The groups that hold offsets from `from` on, the earlier ones left out unread. */
  async *groupsFrom(from: number): AsyncGenerator<readonly SourceRecord[]> {
    let rowStart = 0;
    for (const { num_rows: rows, columns } of this.metadata.row_groups) {
      const rowEnd = rowStart + Number(rows);
      const offsets = columns.find(({ meta_data: column }) => column?.path_in_schema.join('.') === 'offset')?.meta_data?.statistics;
      const last = offsets?.max_value;
      if (typeof last !== 'bigint' || last >= BigInt(from)) yield recordsOf(await this.read(rowStart, rowEnd), rowEnd - rowStart);
      rowStart = rowEnd;
    }
  }

  private async read(rowStart: number, rowEnd: number): Promise<Columns> {
    const chunks: Record<string, ArrayLike<unknown>[]> = {};
    await parquetRead({
      file: this.source, metadata: this.metadata, rowStart, rowEnd, columns: [...columnNames], compressors: decompressors, utf8: false,
      parsers: { timestampFromMilliseconds: Number },
      onChunk: ({ columnName, columnData }) => { (chunks[columnName] ??= []).push(columnData); },
    });
    return Object.fromEntries(columnNames.map((name) => [name, joined(chunks[name] ?? [])])) as unknown as Columns;
  }
}

/** One page, or one after the other. */
const joined = (pages: readonly ArrayLike<unknown>[]): ArrayLike<unknown> => (pages.length === 1 ? (pages[0] as ArrayLike<unknown>) : pages.flatMap((page) => Array.from(page)));

const asBuffer = (bytes: Uint8Array | null | undefined): Buffer | null => (bytes ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length) : null);

function recordsOf({ offset, timestamp, key, value, headers }: Columns, rows: number): SourceRecord[] {
  const short = [offset, timestamp, key, value, headers].some(({ length }) => length !== rows);
  if (short) throw new Error('columns of a row group have different lengths');
  const records: SourceRecord[] = new Array<SourceRecord>(rows);
  for (let row = 0; row < rows; row++) {
    const found = headers[row] as Columns['headers'][number];
    records[row] = {
      offset: Number(offset[row]), timestamp: timestamp[row] as number, key: asBuffer(key[row]), value: asBuffer(value[row]),
      headers: found.length === 0 ? noHeaders : found.map((header) => ({ key: header.key, value: asBuffer(header.value) as Buffer })),
    };
  }
  return records;
}
