import type { KafkaMessage } from 'kafkajs';
import type { RecordHeader, SourceRecord } from '../ports';

const noHeaders: readonly RecordHeader[] = [];

/** kafkajs keeps offsets and timestamps as text and headers as an object; converted once. */
export function sourceRecord(message: KafkaMessage): SourceRecord {
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
  const list: RecordHeader[] = [];
  for (const key in headers) {
    const values = headers[key];
    for (const value of Array.isArray(values) ? values : [values]) {
      if (value !== undefined) list.push({ key, value: Buffer.isBuffer(value) ? value : Buffer.from(value) });
    }
  }
  return list.length === 0 ? noHeaders : list;
}
