/** A refusal as a record of the rejected topic: why, and the record as the stage read it (decisions/0002). */
import { limits } from '../limits';
import type { Origin, RejectedDeclaration } from '../domain/declaration';
import type { Identity, Refusal } from '../domain/outcome';
import { resultCodes, type ResultCode } from '../domain/result-codes';
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

/** A mistake of ours that one record brings out must not stop all others, again and again. */
export const internalRefusal: Refusal = { code: 'E-INTERNAL' satisfies ResultCode, field: 'value', message: resultCodes['E-INTERNAL'].en };

/** What a log may tell of a mistake: its kind and its place in the code. Its message may quote the record, and that a person. */
export function placeOf(error: unknown): { readonly error: string; readonly at: readonly string[] } {
  const { name, stack = '' } = error instanceof Error ? error : new Error('no error was thrown');
  return { error: name, at: stack.split('\n').filter((line) => line.startsWith('    at ')) };
}
