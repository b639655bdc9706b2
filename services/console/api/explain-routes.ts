/** From a figure to the declarations that add up to it, and from a declaration to every figure that it touches. */
import type { FastifyInstance } from 'fastify';
import { measureFault, type ExplainRequest } from '../../explain/explain-figure';
import { limits } from '../../limits';
import type { View } from '../../topology';
import { demand, sessionOf } from '../access/guard';
import { declarationAccess } from '../access/permissions';
import { declarationFor, explanationFor } from '../live/explained-for';
import { ApiError } from './api-error';
import { cellsAsked, cellsQuestion, mustBe, viewAsked, viewParams, type CellsAsked } from './figure-routes';
import type { ConsoleParts } from './parts';
import { described, object, text } from './schemas';

const question = object({
  ...cellsQuestion, measure: text(limits.codeLength),
  limit: { type: 'integer', minimum: 1, maximum: limits.explainedPageMost, default: limits.explainedPageDefault }, after: text(limits.eventIdLength),
}, ['period']);
const declarationParams = object({ declarationId: text(limits.declarationIdLength) }, ['declarationId']);

interface Question extends CellsAsked { readonly measure?: string; readonly limit: number; readonly after?: string }

export function explainRoutes(server: FastifyInstance, parts: ConsoleParts): void {
  server.get('/api/v1/explain/:view', {
    schema: described({
      summary: 'The declarations that add up to a figure exactly, largest first, as "tidewaiter explain --json" gives them', tag: 'explain', params: viewParams, querystring: question,
      answer: 'All declarations are added up, however few are listed: "remaining" is what those behind the last one add; "next" goes into "after" of the same question.',
    }),
  }, async (request) => {
    const view = viewAsked(request);
    demand(request, 'see:stream');
    demand(request, declarationAccess[view]);
    const { limit, after, ...asked } = request.query as Question;
    const explained = requestOf(view, asked);
    mustBe(explained.period, parts.figures);
    const page = after === undefined ? await parts.explanations.first(explained, limit) : await parts.explanations.next(view, after, limit);
    return explanationFor(sessionOf(request).permissions, page);
  });
  server.get('/api/v1/explain/declaration/:declarationId', {
    schema: described({ summary: 'Every figure that a declaration adds to, and what each of its versions did', tag: 'explain', params: declarationParams, answer: 'Cells are the first of "cellsInAll"; "historyMissing" says why there is no history.' }),
  }, async (request) => {
    demand(request, 'see:figures');
    const traced = await parts.explanations.declaration((request.params as { declarationId: string }).declarationId);
    return declarationFor(sessionOf(request).permissions, traced, parts.figures.cubes);
  });
}

function requestOf(view: View, { measure, ...asked }: Omit<Question, 'limit' | 'after'>): ExplainRequest {
  const request: ExplainRequest = cellsAsked(view, [], asked);
  if (measure === undefined) return request;
  const fault = measureFault(view, measure);
  if (fault !== undefined) throw new ApiError('malformed', fault);
  return { ...request, measure };
}
