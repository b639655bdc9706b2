import { Readable } from 'node:stream';
import { limits } from '../limits';
import type { RawDeclaration } from '../domain/declaration';
import { partitionOf } from '../shell/partition-of';
import type { FetchedBatch, OffsetRange } from '../shell/ports';
import { rawTopic, referenceTopic } from '../topology';
import type { FeedLine } from './feed-line';
import { FileLog } from './file-log';

afterEach(() => jest.restoreAllMocks());

const declaration = (declarationId: string): RawDeclaration => ({
  eventId: `${declarationId}/1`, declarationId, version: 1, status: 'ACCEPTED', occurredAt: 0, acceptedAt: 0, office: 'KIN01', flow: 'IMPORT', procedure: '4000', natureOfTransaction: null, incoterm: null,
  transportMode: '1', partnerCountry: 'JP', declarantId: 'd', traderId: 't', counterpartyId: null, items: [], payments: [],
});
/** One id a line; `!` is no event. */
async function* read(input: Readable): AsyncIterable<FeedLine> {
  let text = '';
  for await (const chunk of input) text += String(chunk);
  for (const [index, id] of text.split('\n').entries()) yield id === '!' ? { line: index + 1, faults: [{ field: 'x', problem: 'is missing' }], unknownFields: [] } : { line: index + 1, declaration: declaration(id), faults: [], unknownFields: ['more'] };
}

const ids = Array.from({ length: 500 }, (_, index) => `D-${index}`);
const open = (files: readonly (readonly string[])[], onFaults = jest.fn(), onBytes = jest.fn()): Promise<FileLog> =>
  FileLog.counted({ files: files.map((lines, index) => ({ name: `file ${index}`, open: () => Readable.from([Buffer.from(lines.join('\n'))]) })), partitions: 3, timestampMs: 77, schemaId: 5, read }, { onFaults, onBytes });
async function batches(log: FileLog, ranges: readonly OffsetRange[]): Promise<FetchedBatch[]> {
  const found: FetchedBatch[] = [];
  await log.readRanges(ranges, async (batch) => { found.push(batch); });
  return found;
}
const inPartition = (partition: number): string[] => ids.filter((id) => partitionOf(id, 3) === partition);

test('counts each partition over all files, faults and bytes of each', async () => {
  const [onFaults, onBytes] = [jest.fn(), jest.fn()];
  const log = await open([[...ids.slice(0, 100), '!'], ids.slice(100)], onFaults, onBytes);
  expect(await log.offsets(rawTopic)).toEqual([0, 1, 2].map((partition) => ({ partition, start: 0, end: inPartition(partition).length })));
  expect(await log.offsets(referenceTopic)).toEqual([]);
  expect(log.files.map(({ name, declarations, faulty, unknownFields }) => ({ name, declarations, faulty, unknownFields }))).toEqual([{ name: 'file 0', declarations: 100, faulty: 1, unknownFields: 100 }, { name: 'file 1', declarations: 400, faulty: 0, unknownFields: 400 }]);
  expect(onFaults.mock.calls).toEqual([['file 0', expect.objectContaining({ line: 101 })]]);
  expect(onBytes.mock.calls.flat().reduce((sum: number, more: number) => sum + more, 0)).toBe(ids.join('\n').length - 1 + '\n!'.length);
});

test('gives ranges in order and without a gap, in bounded batches, and nothing of other partitions', async () => {
  jest.replaceProperty(limits, 'recordsPerFeedSend', 40 as never);
  const log = await open([ids.slice(0, 250), ids.slice(250)]);
  const ends = (await log.offsets(rawTopic)).map(({ end }) => end);
  const found = await batches(log, [{ topic: rawTopic, partition: 0, from: 0, next: ends[0] as number }, { topic: rawTopic, partition: 2, from: 10, next: 33 }]);
  for (const [partition, from, next] of [[0, 0, ends[0] as number], [2, 10, 33]] as const) {
    const own = found.filter((batch) => batch.partition === partition);
    expect(own.length).toBeGreaterThan(1);
    expect(own.map((batch) => batch.from)).toEqual([from, ...own.slice(0, -1).map((batch) => batch.next)]);
    expect(own.at(-1)?.next).toBe(next);
    expect(own.every(({ records, end, topic }) => records.length <= 40 && records.length > 0 && end === ends[partition] && topic === rawTopic)).toBe(true);
    const records = own.flatMap((batch) => batch.records);
    expect(records.map(({ offset }) => offset)).toEqual(Array.from({ length: next - from }, (_, index) => from + index));
    expect(records.map(({ key }) => String(key))).toEqual(inPartition(partition).slice(from, next));
    expect(records.every(({ timestamp, headers, value }) => timestamp === 77 && headers.length === 0 && value?.readUInt32BE(1) === 5)).toBe(true);
  }
  expect(found.some(({ partition }) => partition === 1)).toBe(false);
});

test('what is handed over is never more than was counted', async () => {
  let grown = false;
  const log = await FileLog.counted({ files: [{ name: 'a', open: () => Readable.from([Buffer.from(grown ? [...ids, ...ids].join('\n') : ids.join('\n'))]) }], partitions: 1, timestampMs: 0, schemaId: 5, read }, { onFaults: () => undefined, onBytes: () => undefined });
  grown = true;
  const read2: number[] = [];
  await expect(log.readRanges([{ topic: rawTopic, partition: 0, from: 0, next: 500 }], async ({ next }) => { read2.push(next); })).rejects.toThrow('a: the file has changed');
  expect(Math.max(0, ...read2)).toBeLessThanOrEqual(500);
});

test('waits for whoever takes a batch, and ends with what they reject with', async () => {
  jest.replaceProperty(limits, 'recordsPerFeedSend', 100 as never);
  const log = await open([ids]);
  let taken = 0;
  await expect(log.readRanges([0, 1, 2].map((partition) => ({ topic: rawTopic, partition, from: 0, next: 200 })), async () => { if (++taken === 4) throw new Error('disk full'); })).rejects.toThrow('disk full');
  expect(taken).toBe(4);
});
