/** W3C trace context in record headers, with ids that follow from the declaration: what a crash repeats carries the same ones. */
import { createHash } from 'node:crypto';
import type { Origin } from '../../domain/declaration';
import type { RecordHeader, SourceRecord } from '../ports';

export const TRACEPARENT = 'traceparent';

export interface TraceContext { readonly traceId: string; readonly spanId: string; readonly sampled: boolean }

const form = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;
const SAMPLED = 1;

/** Undefined where there is none, or one that is damaged: it is then as if nobody had begun a trace. */
export function contextOf({ headers }: Pick<SourceRecord, 'headers'>): TraceContext | undefined {
  for (const { key, value } of headers) {
    if (key !== TRACEPARENT) continue;
    const [, traceId = '', spanId = '', flags = ''] = form.exec(value.toString('latin1')) ?? [];
    if (traceId === '' || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
    return { traceId, spanId, sampled: (parseInt(flags, 16) & SAMPLED) === SAMPLED };
  }
  return undefined;
}

export const traceparent = ({ traceId, spanId, sampled }: TraceContext): RecordHeader =>
  ({ key: TRACEPARENT, value: Buffer.from(`00-${traceId}-${spanId}-${sampled ? '01' : '00'}`, 'latin1') });

const TRACE_DIGITS = 32;
const SPAN_DIGITS = 16;
const digest = (text: string, digits: number): string => createHash('sha256').update(text).digest('hex').slice(0, digits);

/** The time is part of it: another log has other traces. */
export const traceIdOf = ({ partition, offset, timestamp }: Origin): string => digest(`trace ${partition}/${offset} ${timestamp}`, TRACE_DIGITS);
export const spanIdOf = (traceId: string, place: string): string => digest(`span ${traceId} ${place}`, SPAN_DIGITS);

const RANGE = 2 ** 32;

/** Whether a raw record is followed: decided by its place in the log, so that a repeat is decided alike. Allocates nothing. */
export function isSampled(partition: number, offset: number, ratio: number): boolean {
  let mixed = Math.imul((offset % RANGE) ^ Math.imul(partition + 1, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) < ratio * RANGE;
}
