/** Held to the client's own encoder and decoder, which every broker test of kafkajs stands behind. */
/* eslint-disable @typescript-eslint/no-require-imports -- not exported by the package */
import * as fc from 'fast-check';
import { CompressedBatch, decodeRecordBatches, encodeRecordBatch, type BatchRecord } from './record-batch';

const { RecordBatch } = require('kafkajs/src/protocol/recordBatch/v0');
const Record = require('kafkajs/src/protocol/recordBatch/record/v0');
const Decoder = require('kafkajs/src/protocol/decoder');
const decodeMessages = require('kafkajs/src/protocol/requests/fetch/v4/decodeMessages');

const producer = { producerId: 4_711n, producerEpoch: 3, firstSequence: 2_000 };
const timestampMs = 1_790_000_000_123;

const bytes = (maxLength: number) => fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));
const record: fc.Arbitrary<BatchRecord> = fc.record({
  key: fc.oneof(fc.constant(null), fc.string({ unit: 'grapheme', maxLength: 40 }), bytes(200)),
  value: fc.oneof(fc.constant(null), bytes(20_000)),
  headers: fc.oneof(fc.constant(undefined), fc.array(fc.record({ key: fc.string({ minLength: 1 }), value: bytes(30) }), { maxLength: 3 })),
});

const theirs = async (records: readonly BatchRecord[]): Promise<Buffer> => (await RecordBatch({
  records: records.map((one, index) => Record({ key: one.key, value: one.value, headers: Object.fromEntries((one.headers ?? []).map(({ key, value }) => [key, value])), offsetDelta: index, timestampDelta: 0 })),
  firstTimestamp: timestampMs, maxTimestamp: timestampMs, lastOffsetDelta: records.length - 1, ...producer, producerId: String(producer.producerId),
})).buffer;

const inResponse = (set: Buffer): Buffer => {
  const size = Buffer.alloc(4);
  size.writeInt32BE(set.length);
  return Buffer.concat([size, set]);
};

test('batches are byte for byte those of the client', async () => {
  await fc.assert(fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 30 }), async (records) => {
    fc.pre(records.every(({ headers }) => new Set(headers?.map(({ key }) => key)).size === (headers?.length ?? 0) && !headers?.some(({ key }) => /^\d+$/.test(key) || key === '__proto__')));
    expect(encodeRecordBatch(records, producer, timestampMs).equals(await theirs(records))).toBe(true);
  }), { numRuns: 200 });
});

test('what the client decodes is what we decode, several batches in one set, the last one cut short', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.array(record, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 4 }), fc.nat(60), async (batches, cut) => {
    const encoded = batches.map((records, index) => {
      const batch = encodeRecordBatch(records, producer, timestampMs + index);
      batch.writeBigInt64BE(BigInt(index * 1_000), 0);
      return batch;
    });
    const set = Buffer.concat([...encoded, encodeRecordBatch([{ key: null, value: Buffer.alloc(100) }], producer, 0).subarray(0, 61 + cut)]);
    const expected = (await decodeMessages(new Decoder(inResponse(set)))) as { offset: string; timestamp: string; key: Buffer | null; value: Buffer | null }[];
    const decoded = decodeRecordBatches(set);
    expect(decoded.map(({ offset, timestamp, key, value }) => ({ offset: String(offset), timestamp: String(timestamp), key, value })))
      .toEqual(expected.map(({ offset, timestamp, key, value }) => ({ offset, timestamp, key, value })));
    expect(decoded.map(({ headers }) => headers)).toEqual(batches.flat().map(({ headers }) => headers ?? []));
  }), { numRuns: 100 });
});

test('the broker’s timestamp, control records and transactions are read from the attributes', () => {
  const batch = encodeRecordBatch([{ key: 'a', value: null }, { key: 'b', value: null }], producer, timestampMs);
  batch.writeInt16BE(0x08 | 0x10 | 0x20, 21);
  batch.writeBigInt64BE(1_800_000_000_000n, 35);
  const [first, second] = decodeRecordBatches(batch);
  expect([first?.timestamp, second?.timestamp]).toEqual([1_800_000_000_000, 1_800_000_000_000]);
  expect([first?.isControlRecord, first?.batchContext.inTransaction, first?.batchContext.producerId]).toEqual([true, true, '4711']);
});

test('a timestamp delta wider than 32 bits', () => {
  const batch = encodeRecordBatch([{ key: null, value: null }], producer, 0);
  const wide = Buffer.concat([batch.subarray(0, 61), Buffer.from([0x1c, 0, 0x80, 0xc0, 0xca, 0xf3, 0x84, 0xa3, 0x02, 0, 1, 1, 0])]);
  wide.writeInt32BE(wide.length - 12, 8);
  let delta = 0n;
  [0x80, 0xc0, 0xca, 0xf3, 0x84, 0xa3, 0x02].forEach((byte, index) => { delta += BigInt(byte & 0x7f) << BigInt(7 * index); });
  expect(decodeRecordBatches(wide)[0]?.timestamp).toBe(Number(delta / 2n));
});

test('compressed batches are left to the client', () => {
  const batch = encodeRecordBatch([{ key: null, value: null }], producer, 0);
  batch.writeInt16BE(4, 21);
  expect(() => decodeRecordBatches(batch)).toThrow(CompressedBatch);
});
