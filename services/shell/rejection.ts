/** A refusal as a record of the rejected topic: why, and the record as the stage read it (decisions/0002). */
import { limits } from '../limits';
import type { Origin, RejectedDeclaration } from '../domain/declaration';
import type { Identity, Refusal } from '../domain/outcome';
import type { StageName, TopicName } from '../topology';
import type { SourceRecord } from './ports';

/** `rejectId` follows from the origin: what a crash repeats has the same one. */
export function rejection(stage: StageName, origin: Origin, refusals: readonly Refusal[], identity: Identity | null, topic: TopicName, record: SourceRecord): RejectedDeclaration {
  return {
    rejectId: `${stage}-${origin.partition}-${origin.offset}`, origin, stage,
    code: refusals[0]?.code ?? 'E-DECODE-CONTENT', codes: [...new Set(refusals.map(({ code }) => code))],
    message: refusals.map(({ field, message }) => `${field}: ${message}`).join('; ').slice(0, limits.refusalMessageLength),
    declarationId: identity?.declarationId ?? null, version: identity?.version ?? null, office: identity?.office ?? null, occurredAt: identity?.occurredAt ?? null,
    recordTopic: topic, recordKey: record.key, recordValue: record.value, recordHeaders: record.headers,
  };
}
