import type { KafkaMessage } from 'kafkajs';
import type { RecordHeader, SourceRecord } from '../ports';

/** The broker's word for a partition without a commit. Below it stands what the client commits when its position is outside the log: that is one, and must be seen. */
export const NO_COMMIT = -1;

const noHeaders: readonly RecordHeader[] = [];

/** Where the client's own decoder was at work, offsets and timestamps are text and headers an object. */
export function sourceRecord(message: KafkaMessage): SourceRecord {
  if (typeof message.offset === 'number') return message as unknown as SourceRecord;
  return {
    offset: Number(message.offset),
    timestamp: Number(message.timestamp),
    key: message.key,
    value: message.value,
    headers: headerList(message.headers),
  };
}

function headerList(headers: KafkaMessage['headers']): readonly RecordHeader[] {
  if (!headers) return noHeaders;
  if (Array.isArray(headers)) return headers as readonly RecordHeader[];
  const list: RecordHeader[] = [];
  for (const key in headers) {
    const values = headers[key];
    for (const value of Array.isArray(values) ? values : [values]) {
      if (value !== undefined) list.push({ key, value: Buffer.isBuffer(value) ? value : Buffer.from(value) });
    }
  }
  return list.length === 0 ? noHeaders : list;
}
