/** Figures: the answers of `tidewaiter query`, as JSON and as CSV. */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { viewShapes } from '../../domain/cubes';
import { figuresCsv } from '../../query/figures-csv';
import type { QueryAnswer, QueryRequest } from '../../query/answer-query';
import { limits } from '../../limits';
import { parsePeriodRequest, PERIOD_FORMS, resolvePeriod, type PeriodRequest } from '../../query/period-request';
import { dimensionFault } from '../../query/plan';
import type { View } from '../../topology';
import { demand, sessionOf } from '../access/guard';
import { viewAccess } from '../access/permissions';
import { isView, type Figures } from '../live/figures';
import { RecentAnswers } from '../live/recent-answers';
import { SharedAnswers } from '../live/shared-answers';
import { ApiError } from './api-error';
import type { ConsoleParts } from './parts';
import { described, object, oneOf, text } from './schemas';

const WORD_LENGTH = 200;
const CONDITIONS = 20;
export const viewParams = object({ view: oneOf(Object.keys(viewShapes)) }, ['view']);
/** Which cells are asked about. */
export const cellsQuestion = { period: text(WORD_LENGTH), at: text(WORD_LENGTH, { format: 'date-time' }), where: { type: 'array', maxItems: CONDITIONS, items: text(WORD_LENGTH) } } as const;
const question = object({ ...cellsQuestion, by: { type: 'string', maxLength: WORD_LENGTH }, adjustments: { type: 'boolean', default: false } }, ['period']);

export function figureRoutes(server: FastifyInstance, parts: ConsoleParts): void {
  server.get('/api/v1/cubes', { schema: described({ summary: 'Views, their measures and kept combinations', tag: 'figures' }) }, async (request) => {
    const { permissions } = sessionOf(request);
    const visible = (Object.keys(viewShapes) as View[]).filter((view) => { const needed = viewAccess[view]; return needed === undefined || permissions.has(needed); });
    return { views: Object.fromEntries(visible.map((view) => [view, { measures: Object.keys(viewShapes[view].measures), combinations: parts.figures.cubes[view].combinations.map(({ id, dimensions, grains }) => ({ id, dimensions, grains })) }])) };
  });
  /** Permissions are judged before: an answer is the same for all who may ask for it. */
  const recent = new RecentAnswers<Sent>({ most: limits.recentAnswersKept, keepMs: limits.recentAnswerMs, isSmall: ({ text }) => text.length <= limits.recentAnswerCharacters });
  const shared = new SharedAnswers<Told>({ gatherMs: limits.answerGatherMs, everyMs: limits.answerEveryMs, factor: limits.answerRestFactor });
  server.get('/api/v1/figures/:view', { schema: described({ summary: 'Figures of a view and period, as "tidewaiter query --json" gives them; with "Cache-Control: max-age=30" one that is at most so many seconds old', tag: 'figures', params: viewParams, querystring: question }) }, async (request, reply) => {
    const asked = permitted(request, parts);
    const mostAgeMs = mostAgeOf(request);
    const ask = async (): Promise<Sent> => { const { text, etag } = await answered(asked, parts, shared); return { text, etag }; };
    const live = parts.figures.liveName;
    /** None of what was live before: a line would show points of two namespaces. */
    const { text, etag } = mostAgeMs === 0 ? await ask() : await recent.take(`${live} ${JSON.stringify(asked)}`, mostAgeMs, ask, () => parts.figures.liveName === live);
    void reply.type('application/json; charset=utf-8');
    if (etag === undefined) return reply.send(text);
    void reply.header('etag', etag).header('cache-control', 'private, no-cache');
    return request.headers['if-none-match'] === etag ? reply.code(304).send() : reply.send(text);
  });
  server.get('/api/v1/figures/:view/csv', { schema: described({ summary: 'The same as comma-separated values', tag: 'figures', params: viewParams, querystring: question, type: 'text/csv' }) }, async (request, reply) => {
    const { answer } = await answered(permitted(request, parts), parts, shared);
    const name = `${answer.view}-${answer.period.from.slice(0, 10)}.csv`;
    parts.acts.note(sessionOf(request), { action: 'download', subject: `${answer.view} ${(request.query as Question).period}`, outcome: 'done' });
    return reply.header('content-disposition', `attachment; filename="${name}"`).type('text/csv; charset=utf-8').send(figuresCsv(answer));
  });
}

export interface CellsAsked { readonly period: string; readonly where?: readonly string[]; readonly at?: string }
interface Question extends CellsAsked { readonly by?: string; readonly adjustments: boolean }

/** An answer as it is sent, written once for all who share it. `etag`: of closed figures, which stand. */
interface Sent { readonly text: string; readonly etag: string | undefined }
interface Told extends Sent { readonly answer: QueryAnswer }

/** How old an answer may be, as HTTP has it (RFC 9111, 5.2.1.1). */
function mostAgeOf({ headers }: FastifyRequest): number {
  const control = headers['cache-control'] ?? '';
  if (/no-cache|no-store/i.test(control)) return 0;
  const seconds = /(?:^|[\s,])max-age=(\d{1,9})(?:$|[\s,])/i.exec(control)?.[1];
  return Math.min(Number(seconds ?? 0) * 1_000, limits.recentAnswerMs);
}

/** What is asked by somebody who may. @throws ApiError: malformed, not permitted. */
function permitted(request: FastifyRequest, { figures }: ConsoleParts): QueryRequest {
  const view = viewAsked(request);
  demand(request, viewAccess[view]);
  const asked = questionOf(view, request.query as Question);
  mustBe(asked.period, figures);
  return asked;
}

/** @throws ApiError: no kept figure answers. */
function answered(asked: QueryRequest, { figures }: ConsoleParts, shared: SharedAnswers<Told>): Promise<Told> {
  return shared.ask(JSON.stringify(asked), async () => {
    const outcome = await figures.answer(asked);
    if ('malformed' in outcome) throw new ApiError('malformed', outcome.malformed);
    if ('refused' in outcome) throw new ApiError('refused', outcome.refused);
    const text = JSON.stringify(outcome);
    return { answer: outcome, text, etag: outcome.status === 'closed' ? `"${createHash('sha256').update(text).digest('hex').slice(0, 32)}"` : undefined };
  });
}

/** @throws ApiError: malformed */
export function viewAsked({ params }: FastifyRequest): View {
  const { view } = params as { view: string };
  if (!isView(view)) throw new ApiError('malformed', `there is no such view; there are ${Object.keys(viewShapes).join(', ')}`);
  return view;
}

/** @throws ApiError where the calendar has no such period. */
export function mustBe(period: PeriodRequest, { calendar }: Figures): void {
  if (!resolvePeriod(period, calendar, 0)) throw new ApiError('malformed', `there is no ${period.kind} ${period.value}`);
}

function questionOf(view: View, { by = '', adjustments, ...asked }: Question): QueryRequest {
  return { ...cellsAsked(view, by === '' ? [] : by.split(','), asked), adjustments };
}

/** What a question about figures names: period, conditions, dimensions, and the end of a rolling window. @throws ApiError: malformed */
export function cellsAsked(view: View, by: readonly string[], { period: periodText, where: conditions = [], at }: CellsAsked): Omit<QueryRequest, 'adjustments'> {
  const period = parsePeriodRequest(periodText);
  if (!period) throw new ApiError('malformed', `period has none of the forms ${PERIOD_FORMS}`);
  if (at !== undefined && period.kind !== 'rolling') throw new ApiError('malformed', 'at goes with a rolling period only');
  const where = Object.fromEntries(conditions.map((condition) => {
    const colon = condition.indexOf(':');
    if (colon < 1) throw new ApiError('malformed', 'where has the form dimension:value, such as office:KIN01');
    return [condition.slice(0, colon), condition.slice(colon + 1)];
  }));
  const asked = { view, by, where };
  const fault = dimensionFault(asked);
  if (fault !== undefined) throw new ApiError('malformed', fault);
  return { ...asked, period, ...(at === undefined ? {} : { atMs: Date.parse(at) }) };
}
