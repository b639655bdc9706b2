/** Figures: the answers of `tidewaiter query`, as JSON and as CSV; months that were signed off. */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { viewShapes } from '../../domain/cubes';
import { limits } from '../../limits';
import { figuresCsv } from '../../query/figures-csv';
import type { QueryAnswer, QueryRequest } from '../../query/answer-query';
import { parsePeriodRequest, PERIOD_FORMS, resolvePeriod } from '../../query/period-request';
import { dimensionFault } from '../../query/plan';
import type { Seal } from '../../closing/closed-period';
import type { View } from '../../topology';
import { demand, sessionOf } from '../access/guard';
import { viewAccess } from '../access/permissions';
import { isView } from '../live/figures';
import { ApiError } from './api-error';
import type { ConsoleParts } from './parts';
import { described, object, oneOf, text } from './schemas';

const WORD_LENGTH = 200;
const CONDITIONS = 20;
const viewParams = object({ view: oneOf(Object.keys(viewShapes)) }, ['view']);
const question = object({
  period: text(WORD_LENGTH), by: { type: 'string', maxLength: WORD_LENGTH }, at: text(WORD_LENGTH, { format: 'date-time' }),
  where: { type: 'array', maxItems: CONDITIONS, items: text(WORD_LENGTH) }, adjustments: { type: 'boolean', default: false },
}, ['period']);
const monthParams = object({ month: { type: 'string', pattern: '^\\d{4}-\\d{2}$' } }, ['month']);

export function figureRoutes(server: FastifyInstance, parts: ConsoleParts): void {
  server.get('/api/v1/cubes', { schema: described({ summary: 'Views, their measures and kept combinations', tag: 'figures' }) }, async (request) => {
    const { permissions } = sessionOf(request);
    const visible = (Object.keys(viewShapes) as View[]).filter((view) => { const needed = viewAccess[view]; return needed === undefined || permissions.has(needed); });
    return { views: Object.fromEntries(visible.map((view) => [view, { measures: Object.keys(viewShapes[view].measures), combinations: parts.figures.cubes[view].combinations.map(({ id, dimensions, grains }) => ({ id, dimensions, grains })) }])) };
  });
  server.get('/api/v1/figures/:view', { schema: described({ summary: 'Figures of a view and period, as "tidewaiter query --json" gives them', tag: 'figures', params: viewParams, querystring: question }) }, async (request, reply) => {
    const answer = await answered(request, parts);
    if (answer.status !== 'closed') return answer;
    const etag = `"${createHash('sha256').update(JSON.stringify(answer)).digest('hex').slice(0, 32)}"`;
    void reply.header('etag', etag).header('cache-control', 'private, no-cache');
    return request.headers['if-none-match'] === etag ? reply.code(304).send() : answer;
  });
  server.get('/api/v1/figures/:view/csv', { schema: described({ summary: 'The same as comma-separated values', tag: 'figures', params: viewParams, querystring: question, type: 'text/csv' }) }, async (request, reply) => {
    const answer = await answered(request, parts);
    const name = `${answer.view}-${answer.period.from.slice(0, 10)}.csv`;
    parts.acts.note(sessionOf(request), { action: 'download', subject: `${answer.view} ${(request.query as Question).period}`, outcome: 'done' });
    return reply.header('content-disposition', `attachment; filename="${name}"`).type('text/csv; charset=utf-8').send(figuresCsv(answer));
  });
  periodRoutes(server, parts);
}

function periodRoutes(server: FastifyInstance, parts: ConsoleParts): void {
  server.get('/api/v1/periods', { schema: described({ summary: 'Months that were signed off', tag: 'figures' }) }, async () =>
    ({ periods: [...(await parts.figures.seals()).values()].sort((a, b) => (a.period < b.period ? -1 : 1)).map(shownSeal) }));
  server.post('/api/v1/periods/:month/closing', { schema: described({ summary: 'Signs a month off; its figures stand from then on', tag: 'figures', params: monthParams, body: object({}), status: 201, answer: 'The seal.' }) }, async (request, reply) => {
    const { month } = request.params as { month: string };
    if (!parts.figures.calendar.rangeOf('month', month)) throw new ApiError('malformed', 'month must be one such as 2026-10');
    const { name, roles } = sessionOf(request);
    return reply.code(201).send(shownSeal(await parts.acts.close({ name: name.slice(0, limits.closedByLength), roles }, month)));
  });
}

const shownSeal = ({ closedAtMs, ...seal }: Seal): object => ({ ...seal, closedAt: new Date(closedAtMs).toISOString() });

interface Question { readonly period: string; readonly by?: string; readonly where?: readonly string[]; readonly at?: string; readonly adjustments: boolean }

/** @throws ApiError: malformed, not permitted, or no kept figure answers. */
async function answered(request: FastifyRequest, { figures }: ConsoleParts): Promise<QueryAnswer> {
  const { view } = request.params as { view: string };
  if (!isView(view)) throw new ApiError('malformed', `there is no such view; there are ${Object.keys(viewShapes).join(', ')}`);
  demand(request, viewAccess[view]);
  const asked = questionOf(view, request.query as Question);
  if (!resolvePeriod(asked.period, figures.calendar, 0)) throw new ApiError('malformed', `there is no ${asked.period.kind} ${asked.period.value}`);
  const outcome = await figures.answer(asked);
  if ('malformed' in outcome) throw new ApiError('malformed', outcome.malformed);
  if ('refused' in outcome) throw new ApiError('refused', outcome.refused);
  return outcome;
}

function questionOf(view: View, { period: periodText, by = '', where: conditions = [], at, adjustments }: Question): QueryRequest {
  const period = parsePeriodRequest(periodText);
  if (!period) throw new ApiError('malformed', `period has none of the forms ${PERIOD_FORMS}`);
  if (at !== undefined && period.kind !== 'rolling') throw new ApiError('malformed', 'at goes with a rolling period only');
  const where = Object.fromEntries(conditions.map((condition) => {
    const colon = condition.indexOf(':');
    if (colon < 1) throw new ApiError('malformed', 'where has the form dimension:value, such as office:KIN01');
    return [condition.slice(0, colon), condition.slice(colon + 1)];
  }));
  const asked = { view, by: by === '' ? [] : by.split(','), where };
  const fault = dimensionFault(asked);
  if (fault !== undefined) throw new ApiError('malformed', fault);
  return { ...asked, period, ...(at === undefined ? {} : { atMs: Date.parse(at) }), adjustments };
}
