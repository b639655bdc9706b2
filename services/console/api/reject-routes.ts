/** Refusals: lists, one with the record that was refused, and sending them again after a fix. */
import type { FastifyInstance } from 'fastify';
import type { RejectedDeclaration } from '../../domain/declaration';
import { isResultCode } from '../../domain/result-codes';
import { limits } from '../../limits';
import { refusedContent } from '../../redrive/refused-content';
import type { RefusalFilter, RefusalPlace } from '../../redrive/refusal-book';
import type { RejectHead } from '../../redrive/reject-list';
import { chosen } from '../../redrive/selection';
import { avroType, Decoder } from '../../shell/avro/codec';
import { topicSchema } from '../../shell/avro/schema-files';
import { monotonicMs } from '../../shell/waiting';
import { within } from '../../shell/within';
import { rejectedTopic, stageNames } from '../../topology';
import { sessionOf } from '../access/guard';
import { listsOf } from './alert-routes';
import { ApiError } from './api-error';
import type { ConsoleParts } from './parts';
import { described, listed, object, oneOf, text } from './schemas';

/** Of those meant, shown before and after. */
const SAMPLE = 20;
const rejectParams = object({ rejectId: text(limits.eventIdLength) }, ['rejectId']);
const choice = object({ rejectIds: { type: 'array', minItems: 1, maxItems: limits.redriveIdsMost, items: text(limits.eventIdLength) }, code: text(limits.codeLength), stage: oneOf(stageNames), dryRun: { type: 'boolean', default: false } });

export function rejectRoutes(server: FastifyInstance, parts: ConsoleParts): void {
  server.get('/api/v1/rejects', { schema: described({ summary: 'Refusals, newest first, and how many of each code', tag: 'rejects', querystring: object({ ...listed, stage: oneOf(stageNames), code: text(limits.codeLength) }) }) }, async (request) => {
    const { limit, before, ...filter } = request.query as RefusalFilter & { limit: number; before?: string };
    const page = listsOf(parts).refusals.page(filter, limit, before);
    if (!page) throw new ApiError('malformed', 'before is no place in this list: begin without it');
    return page;
  });
  server.get('/api/v1/rejects/:rejectId', { schema: described({ summary: 'One refusal with the record that was refused, without party ids', tag: 'rejects', params: rejectParams }) }, async (request) => {
    const found = listsOf(parts).refusals.one((request.params as { rejectId: string }).rejectId);
    if (!found) throw new ApiError('not-found', 'there is no such refusal');
    return { reject: found.reject, content: await contentAt(found.place, parts) };
  });
  server.post('/api/v1/rejects/redrive', { schema: described({ summary: 'Sends refused declarations again, or says which with dryRun', tag: 'rejects', body: choice }) }, async (request) => {
    const asked = request.body as Choice;
    const selected = selection(listsOf(parts).refusals.all(), asked);
    const sample = selected.slice(0, SAMPLE).map(({ rejectId, code, declarationId }) => ({ rejectId, code, declarationId }));
    const unknown = (asked.rejectIds ?? []).filter((id) => !selected.some(({ rejectId }) => rejectId === id)).map((rejectId) => ({ rejectId, reason: 'there is no such refusal' }));
    if (asked.dryRun) return { selected: selected.length, sent: 0, skipped: unknown, sample };
    const { sent, missing } = await parts.acts.redrive(sessionOf(request), selected, subjectOf(asked));
    return { selected: selected.length, sent, skipped: [...unknown, ...missing.map((rejectId) => ({ rejectId, reason: 'the raw record is gone from the log' }))], sample };
  });
}

interface Choice { readonly rejectIds?: readonly string[]; readonly code?: string; readonly stage?: string; readonly dryRun: boolean }

/** @throws ApiError when it does not say which. */
function selection(heads: readonly RejectHead[], { rejectIds, code, stage }: Choice): RejectHead[] {
  if (rejectIds === undefined && code === undefined && stage === undefined) throw new ApiError('malformed', 'say which refusals are to be sent again: rejectIds, code or stage');
  if (code !== undefined && !isResultCode(code)) throw new ApiError('malformed', 'there is no such code: "tidewaiter compendium" has them all');
  const meant = new Set(chosen(heads, { ...(rejectIds === undefined ? {} : { ids: rejectIds }), ...(code === undefined ? {} : { code }) }).map(({ rejectId }) => rejectId));
  return heads.filter((head) => meant.has(head.rejectId) && (stage ?? head.stage) === head.stage);
}

const subjectOf = ({ rejectIds, code, stage }: Choice): string => (rejectIds ? (rejectIds.length === 1 ? (rejectIds[0] as string) : `${rejectIds.length} refusals`) : [code, stage].filter((part) => part !== undefined).join(' of '));

async function contentAt({ partition, offset }: RefusalPlace, { inspector, registry }: ConsoleParts): Promise<object | null> {
  const reader = await inspector();
  const [record] = await within(limits.consoleCallMs, reader.read({ topic: rejectedTopic, partition, offset }, 1));
  if (!record || record.offset !== offset) throw new ApiError('not-found', 'the refusal is gone from the log');
  const decoder = new Decoder<RejectedDeclaration>(avroType(topicSchema(rejectedTopic)), registry);
  await within(limits.consoleCallMs, decoder.prepare([record.value], monotonicMs()));
  const decoded = decoder.decode(record.value);
  if ('failure' in decoded) throw new ApiError('not-found', 'the refusal cannot be read by this version');
  const content = await within(limits.consoleCallMs, refusedContent(decoded.value, registry));
  if (content === null || !('undecodable' in content)) return content;
  return { hex: content.beginsWith ?? '', bytes: content.bytes, reason: 'the record cannot be decoded; its bytes may hold ids of persons and are not shown' };
}
