import type { SourceRecord } from './ports';

const sameBytes = (left: Buffer | null, right: Buffer | null): boolean => (left === null || right === null ? left === right : left.equals(right));

/** Whether two records are the same to the last byte: place, time, key, value and headers in their order. */
export const sameRecord = (left: SourceRecord, right: SourceRecord): boolean =>
  left.offset === right.offset && left.timestamp === right.timestamp && sameBytes(left.key, right.key) && sameBytes(left.value, right.value)
  && left.headers.length === right.headers.length
  && left.headers.every(({ key, value }, index) => key === right.headers[index]?.key && sameBytes(value, right.headers[index]?.value ?? null));
