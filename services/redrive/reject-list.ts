/** Refusals as they are shown: each once, by arrival; and the record that was refused, without party ids. */
import type { RejectedDeclaration } from '../domain/declaration';
import { rawTopic, type TopicName } from '../topology';

export type RejectHead = Pick<RejectedDeclaration, 'rejectId' | 'origin' | 'stage' | 'code' | 'codes' | 'message' | 'declarationId'>;

/** Fields of a refusal that a list does without: most of its bytes. */
export const unreadByList: readonly string[] = ['recordTopic', 'recordKey', 'recordValue', 'recordHeaders', 'version', 'office', 'occurredAt'];

export interface ShownReject {
  readonly rejectId: string;
  readonly stage: string;
  readonly code: string;
  readonly message: string;
  /** Position of the raw record. */
  readonly topic: TopicName;
  readonly partition: number;
  readonly offset: number;
  readonly declarationId?: string;
  /** When the raw record arrived at the broker. */
  readonly at: string;
  readonly codes: readonly string[];
}

export function rejectList(records: readonly RejectHead[], sinceMs = -Infinity, limit = Infinity): ShownReject[] {
  const unique = [...new Map(records.map((record) => [record.rejectId, record])).values()];
  unique.sort((a, b) => a.origin.timestamp - b.origin.timestamp || a.origin.partition - b.origin.partition || a.origin.offset - b.origin.offset);
  const recent = unique.filter(({ origin }) => origin.timestamp >= sinceMs);
  return recent.slice(Math.max(0, recent.length - limit)).map(shownReject);
}

export const shownReject = ({ rejectId, origin, stage, code, codes, message, declarationId }: RejectHead): ShownReject => ({
  rejectId, stage, code, message, topic: rawTopic, partition: origin.partition, offset: origin.offset,
  ...(declarationId === null ? {} : { declarationId }),
  at: new Date(origin.timestamp).toISOString(), codes,
});

const personal: ReadonlySet<string> = new Set(['declarantId', 'traderId', 'counterpartyId']);
const moments: ReadonlySet<string> = new Set(['occurredAt', 'acceptedAt', 'paidAt']);
export const REMOVED = '[removed]';

/** A decoded record as JSON people may see: party ids removed, tokens kept; `decimals` writes scaled integers as text. */
export function withoutParties(value: unknown, decimalScale: (field: string) => number, format: (value: bigint, scale: number) => string, field = ''): unknown {
  if (personal.has(field)) return value === null ? null : REMOVED;
  if (typeof value === 'bigint') return format(value, decimalScale(field));
  if (moments.has(field) && typeof value === 'number') return new Date(value).toISOString();
  if (Array.isArray(value)) return value.map((part) => withoutParties(part, decimalScale, format));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withoutParties(part, decimalScale, format, name)]));
}
