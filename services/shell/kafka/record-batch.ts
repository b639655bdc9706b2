/**
 * Kafka's record batches (message format v2), written and read in one pass over one buffer. kafkajs builds
 * an encoder and several buffers per record and decodes offsets and timestamps as texts: that was a third of
 * every stage's time. Format: KIP-98 and the protocol guide of Apache Kafka; batches here are never compressed.
 */
import { crc32c } from '@node-rs/crc32';
import type { RecordHeader } from '../ports';

export interface BatchRecord {
  readonly key: Buffer | string | null;
  readonly value: Buffer | string | null;
  readonly headers?: readonly RecordHeader[] | undefined;
}
export interface ProducerIdentity { readonly producerId: bigint; readonly producerEpoch: number; readonly firstSequence: number; readonly transactional?: boolean }

/** Shared by the records of a batch; kafkajs reads it to leave out aborted transactions. */
export interface BatchContext {
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** Counts the leaders that the partition has had, up to the one that took these records. */
  readonly partitionLeaderEpoch: number;
  readonly producerId: string;
  readonly inTransaction: boolean;
  readonly isControlBatch: boolean;
}
export interface DecodedRecord {
  readonly offset: number;
  /** Of the broker where the topic is stamped by it, else of the producer; ms. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly RecordHeader[];
  readonly isControlRecord: boolean;
  readonly batchContext: BatchContext;
}

const MAGIC = 2;
const BATCH_LENGTH_AT = 8;
const LEADER_EPOCH_AT = 12;
const MAGIC_AT = 16;
const CRC_AT = 17;
const ATTRIBUTES_AT = 21;
const HEADER_BYTES = 61;
/** firstOffset and length themselves are not counted in the length field. */
const LENGTH_EXCLUDES = 12;
const COMPRESSION_MASK = 0x07;
const LOG_APPEND_TIME = 0x08;
const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;
/** Attributes, deltas and five lengths of at most five bytes each. */
const RECORD_OVERHEAD_BYTES = 40;
const noHeaders: readonly RecordHeader[] = [];

/** Records that a batch may be compressed with; the client's own decoder has the codecs. */
export class CompressedBatch extends Error {}

/** One batch for one partition; offsets are the broker's to give. */
export function encodeRecordBatch(records: readonly BatchRecord[], producer: ProducerIdentity, timestampMs: number): Buffer {
  let bound = HEADER_BYTES;
  for (const { key, value, headers } of records) {
    bound += RECORD_OVERHEAD_BYTES + mostBytes(key) + mostBytes(value);
    if (headers) for (const header of headers) bound += RECORD_OVERHEAD_BYTES + header.key.length * 3 + header.value.length;
  }
  const buffer = Buffer.allocUnsafe(bound);
  let at = HEADER_BYTES;
  for (let index = 0; index < records.length; index++) at = writeRecord(buffer, at, records[index] as BatchRecord, index);
  buffer.writeBigInt64BE(0n, 0);
  buffer.writeInt32BE(at - LENGTH_EXCLUDES, BATCH_LENGTH_AT);
  buffer.writeInt32BE(0, 12);
  buffer.writeInt8(MAGIC, MAGIC_AT);
  buffer.writeInt16BE(producer.transactional ? TRANSACTIONAL : 0, ATTRIBUTES_AT);
  buffer.writeInt32BE(records.length - 1, 23);
  buffer.writeBigInt64BE(BigInt(timestampMs), 27);
  buffer.writeBigInt64BE(BigInt(timestampMs), 35);
  buffer.writeBigInt64BE(producer.producerId, 43);
  buffer.writeInt16BE(producer.producerEpoch, 51);
  buffer.writeInt32BE(producer.firstSequence, 53);
  buffer.writeInt32BE(records.length, 57);
  buffer.writeUInt32BE(crc32c(buffer.subarray(ATTRIBUTES_AT, at)), CRC_AT);
  return buffer.subarray(0, at);
}

/** The record's own length comes first: it is written into a gap that fits it, computed beforehand. */
function writeRecord(buffer: Buffer, start: number, { key, value, headers = noHeaders }: BatchRecord, offsetDelta: number): number {
  const keyBytes = bytesOf(key);
  const valueBytes = bytesOf(value);
  let length = 2 + varintBytes(offsetDelta) + varintBytes(keyBytes) + Math.max(0, keyBytes) + varintBytes(valueBytes) + Math.max(0, valueBytes) + varintBytes(headers.length);
  for (const header of headers) {
    const nameBytes = Buffer.byteLength(header.key);
    length += varintBytes(nameBytes) + nameBytes + varintBytes(header.value.length) + header.value.length;
  }
  let at = writeVarint(buffer, start, length);
  buffer[at++] = 0;
  buffer[at++] = 0;
  at = writeVarint(buffer, at, offsetDelta);
  at = writeVarint(buffer, at, keyBytes);
  at = writeContent(buffer, at, key);
  at = writeVarint(buffer, at, valueBytes);
  at = writeContent(buffer, at, value);
  at = writeVarint(buffer, at, headers.length);
  for (const header of headers) {
    at = writeVarint(buffer, at, Buffer.byteLength(header.key));
    at += buffer.write(header.key, at);
    at = writeVarint(buffer, at, header.value.length);
    at += header.value.copy(buffer, at);
  }
  return at;
}

/** UTF-8 takes at most three bytes for each unit of a text. */
const mostBytes = (content: Buffer | string | null): number => (content === null ? 0 : content.length * (typeof content === 'string' ? 3 : 1));
const bytesOf = (content: Buffer | string | null): number => (content === null ? -1 : typeof content === 'string' ? Buffer.byteLength(content) : content.length);

function writeContent(buffer: Buffer, at: number, content: Buffer | string | null): number {
  if (content === null) return at;
  return at + (typeof content === 'string' ? buffer.write(content, at) : content.copy(buffer, at));
}

function varintBytes(value: number): number {
  let rest = zigzag(value);
  let bytes = 1;
  while (rest > 0x7f) { rest >>>= 7; bytes++; }
  return bytes;
}
const zigzag = (value: number): number => ((value << 1) ^ (value >> 31)) >>> 0;

function writeVarint(buffer: Buffer, start: number, value: number): number {
  let rest = zigzag(value);
  let at = start;
  while (rest > 0x7f) { buffer[at++] = (rest & 0x7f) | 0x80; rest >>>= 7; }
  buffer[at++] = rest;
  return at;
}

/**
 * The records of a fetch response's record set, control records among them. A last batch that the broker
 * cut short is left out. @throws CompressedBatch where a batch is compressed or of an older format.
 */
export function decodeRecordBatches(set: Buffer): DecodedRecord[] {
  const records: DecodedRecord[] = [];
  let start = 0;
  while (set.length - start >= HEADER_BYTES) {
    const end = start + LENGTH_EXCLUDES + set.readInt32BE(start + BATCH_LENGTH_AT);
    if (end > set.length) break;
    if (set[start + MAGIC_AT] !== MAGIC || (set.readInt16BE(start + ATTRIBUTES_AT) & COMPRESSION_MASK) !== 0) throw new CompressedBatch();
    decodeBatch(set, start, records);
    start = end;
  }
  return records;
}

function decodeBatch(set: Buffer, start: number, records: DecodedRecord[]): void {
  const attributes = set.readInt16BE(start + ATTRIBUTES_AT);
  const firstOffset = Number(set.readBigInt64BE(start));
  const firstTimestamp = Number(set.readBigInt64BE(start + 27));
  const maxTimestamp = Number(set.readBigInt64BE(start + 35));
  const stamped = (attributes & LOG_APPEND_TIME) !== 0;
  const isControlBatch = (attributes & CONTROL) !== 0;
  const batchContext: BatchContext = {
    firstOffset, lastOffset: firstOffset + set.readInt32BE(start + 23), partitionLeaderEpoch: set.readInt32BE(start + LEADER_EPOCH_AT), isControlBatch,
    producerId: set.readBigInt64BE(start + 43).toString(), inTransaction: (attributes & TRANSACTIONAL) !== 0,
  };
  const cursor = new Cursor(set, start + HEADER_BYTES);
  for (let left = set.readInt32BE(start + 57); left > 0; left--) {
    cursor.varint();
    cursor.at++;
    const timestampDelta = cursor.varint();
    const offset = firstOffset + cursor.varint();
    const keyLength = cursor.skip();
    const keyEnd = cursor.at;
    const valueLength = cursor.skip();
    const valueEnd = cursor.at;
    records.push(new RecordInSet(set, keyEnd, keyLength, valueEnd, valueLength, offset, stamped ? maxTimestamp : firstTimestamp + timestampDelta, cursor.headers(), isControlBatch, batchContext));
  }
}

/** Key and value are cut out when they are asked for: thousands of records wait, and the collector would move two more objects for each. Lengths below zero: none. */
class RecordInSet implements DecodedRecord {
  constructor(
    private readonly set: Buffer,
    private readonly keyEnd: number,
    private readonly keyLength: number,
    private readonly valueEnd: number,
    private readonly valueLength: number,
    readonly offset: number,
    readonly timestamp: number,
    readonly headers: readonly RecordHeader[],
    readonly isControlRecord: boolean,
    readonly batchContext: BatchContext,
  ) {}

  get key(): Buffer | null { return cut(this.set, this.keyEnd, this.keyLength); }
  get value(): Buffer | null { return cut(this.set, this.valueEnd, this.valueLength); }
}

const cut = (set: Buffer, end: number, length: number): Buffer | null => (length < 0 ? null : set.subarray(end - length, end));

class Cursor {
  constructor(private readonly set: Buffer, public at: number) {}

  /** Zigzag variable-length integer; wider than 32 bits only for timestamps, hence no bit operations on the sum. */
  varint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = this.set[this.at++] as number;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) break;
      factor *= 0x80;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** Goes behind some bytes; answers how many they are, below zero for none. */
  skip(): number {
    const length = this.varint();
    this.at += Math.max(0, length);
    return length;
  }

  bytes(): Buffer | null {
    const length = this.skip();
    return cut(this.set, this.at, length);
  }

  headers(): readonly RecordHeader[] {
    const count = this.varint();
    if (count <= 0) return noHeaders;
    const headers: RecordHeader[] = [];
    for (let left = count; left > 0; left--) headers.push({ key: this.bytes()?.toString('utf8') ?? '', value: this.bytes() ?? Buffer.alloc(0) });
    return headers;
  }
}
