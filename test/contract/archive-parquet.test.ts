/** The archive's files, read by another program: DuckDB finds in them, row by row, what was sent. */
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { array, asyncProperty, assert, constant, integer, oneof, option, record as recordOf, string, uint8Array } from 'fast-check';
import { join } from 'node:path';
import type { FileManifest } from '../../services/archive/archive-manifest';
import { recordsPath } from '../../services/archive/archive-manifest';
import { PartitionWriter } from '../../services/archive/partition-writer';
import { readArchive } from '../../services/archive/read-archive';
import { SchemaKeeper } from '../../services/archive/schema-keeper';
import { verifyFile } from '../../services/archive/verify-file';
import { limits } from '../../services/limits';
import type { SourceRecord } from '../../services/shell/ports';
import { rawTopic } from '../../services/topology';
import { ArchiveWorld, collected, HastyFiles } from '../support/archive-world';

jest.setTimeout(300_000);

let world: ArchiveWorld;
let sql: DuckDBConnection;
beforeEach(async () => { world = await ArchiveWorld.create(); sql = await (await DuckDBInstance.create(':memory:')).connect(); });
afterEach(async () => { jest.restoreAllMocks(); sql.closeSync(); await world.close(); });

const rows = async (query: string): Promise<unknown[][]> => (await sql.runAndReadAll(query)).getRowsJson();
const hex = (bytes: Buffer | null): string | null => (bytes === null ? null : bytes.toString('hex').toUpperCase());
const asRow = ({ offset, timestamp, key, value, headers }: SourceRecord): unknown[] => [String(offset), String(timestamp), hex(key), hex(value), headers.map((header) => ({ key: header.key, value: hex(header.value) }))];
const columns = '"offset", epoch_ms(timestamp), hex(key), hex(value), [{ key: header.key, value: hex(header.value) } for header in headers]';

/** Writes records as a run does, in a folder of their own. */
async function written(records: readonly SourceRecord[], root = world.root): Promise<readonly FileManifest[]> {
  const files = new HastyFiles(root);
  const writer = new PartitionWriter(rawTopic, 2, records[0]?.offset ?? 0, undefined, files, new SchemaKeeper(files, world.registry));
  await writer.take(records);
  await writer.finish();
  return writer.finished;
}

test('DuckDB reads what was sent: places, times, keys, values and headers', async () => {
  await world.send(60, 0, rawTopic, [{ key: 'traceparent', value: Buffer.from('00-1') }, { key: 'ключ', value: Buffer.from([0, 200, 255]) }]);
  await world.send(40);
  world.nowMs += 86_400_000;
  await world.send(30);
  await world.send(20, 1);
  await world.run();
  const files = join(world.root, rawTopic, '*', '*', '*.parquet');
  const found = await rows(`select partition, ${columns} from read_parquet('${files}') order by partition, "offset"`);
  expect(found).toEqual([0, 1].flatMap((partition) => world.inLog(partition).map((record) => [partition, ...asRow(record)])));
  expect(found).toHaveLength(150);
  expect(await rows(`select column_name, column_type from (describe select * from read_parquet('${files}'))`)).toEqual([
    ['partition', 'INTEGER'], ['offset', 'BIGINT'], ['timestamp', expect.stringContaining('TIMESTAMP')], ['key', 'BLOB'], ['value', 'BLOB'], ['headers', 'STRUCT("key" VARCHAR, "value" BLOB)[]'],
  ]);
  /** The digest of all content, and the declaration's id as people look for it. */
  expect(await rows(`select decode(key), partition from read_parquet('${files}') where decode(key) = 'D-7' order by partition`)).toEqual([['D-7', 0], ['D-7', 1]]);
});

test('more rows than a page or a row group holds, and records larger than both', async () => {
  const records = Array.from({ length: 12_001 }, (_, index): SourceRecord => ({ offset: index * 2, timestamp: 1_764_000_000_000 + index, key: Buffer.from(`D-${index}`), value: Buffer.alloc(index % 3_000 === 7 ? 3_000_000 : 150, index), headers: index % 5 === 0 ? [{ key: 'h', value: Buffer.from(String(index)) }] : [] }));
  const manifests = await written(records);
  const files = manifests.map((manifest) => `'${join(world.root, recordsPath(manifest))}'`).join(', ');
  expect(await rows(`select count(*), count(distinct "offset"), sum("offset")::bigint, sum(octet_length(value))::bigint, sum(len(headers))::bigint from read_parquet([${files}])`)).toEqual([[
    '12001', '12001', String(records.reduce((sum, { offset }) => sum + offset, 0)), String(records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0)), '2401',
  ]]);
  const found = await rows(`select ${columns.replace('hex(value)', 'md5(value)')} from read_parquet([${files}]) order by "offset"`);
  expect(found.map(([offset, ms, key]) => [offset, ms, key])).toEqual(records.map((record) => asRow(record).slice(0, 3)));
  const back = await collected(readArchive(world.files, { topic: rawTopic, partition: 2, offset: 0 }));
  expect(back.length).toBe(records.length);
  expect(back.every((record, index) => record.offset === records[index]?.offset && record.timestamp === records[index]?.timestamp && record.value?.equals(records[index]?.value as Buffer) && record.headers.length === records[index]?.headers.length)).toBe(true);
});

test('whatever a record may hold comes back as it was, through our own reader and through DuckDB', async () => {
  jest.replaceProperty(limits, 'archiveRowsPerGroup', 3 as never);
  const bytes = uint8Array({ maxLength: 40 }).map((content) => Buffer.from(content));
  const content = recordOf({
    gap: integer({ min: 1, max: 5 }),
    timestamp: oneof(integer({ min: 1_764_000_000_000, max: 1_764_100_000_000 }), constant(-1), constant(0), constant(Date.UTC(2999, 0, 1))),
    key: option(bytes), value: option(bytes),
    headers: array(recordOf({ key: string({ unit: 'grapheme', maxLength: 8 }).filter((text) => Buffer.from(text).toString() === text), value: bytes }), { maxLength: 4 }),
  });
  let number = 0;
  await assert(asyncProperty(array(content, { minLength: 1, maxLength: 14 }), async (contents) => {
    let at = 0;
    const records = contents.map(({ gap, ...rest }): SourceRecord => ({ offset: (at += gap), ...rest }));
    const root = join(world.root, String(number++));
    const manifests = await written(records, root);
    const files = new HastyFiles(root);
    expect(await collected(readArchive(files, { topic: rawTopic, partition: 2, offset: records[0]?.offset ?? 0 }))).toEqual(records);
    for (const manifest of manifests) expect(await verifyFile(files, manifest, () => undefined)).toEqual([]);
    expect(await rows(`select ${columns} from read_parquet('${join(root, rawTopic, '2', '*', '*.parquet')}') order by "offset"`)).toEqual(records.map(asRow));
  }), { numRuns: 15 });
});
