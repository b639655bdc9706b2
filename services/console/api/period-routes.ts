/** Months, whether they can be signed off, and signing them off. */
import type { FastifyInstance } from 'fastify';
import type { Seal } from '../../closing/closed-period';
import { hindranceBefore, hindranceOf, whyNotClosed } from '../../closing/why-not-closed';
import { limits } from '../../limits';
import type { Month } from '../../query/months';
import { sessionOf } from '../access/guard';
import { ApiError } from './api-error';
import type { ConsoleParts } from './parts';
import { described, object } from './schemas';

const monthParams = object({ month: { type: 'string', pattern: '^\\d{4}-\\d{2}$' } }, ['month']);

export function periodRoutes(server: FastifyInstance, parts: ConsoleParts): void {
  server.get('/api/v1/periods', { schema: described({ summary: 'Months with figures, newest first: status, sign-off, and whether revenue has changed since', tag: 'periods' }) }, async () =>
    ({ periods: (await parts.months.list()).map(({ revenueChanged, ...month }) => ({ ...shownMonth(month), revenueChanged })) }));
  server.get('/api/v1/periods/:month', { schema: described({ summary: 'One month: what stands against signing it off, how far that is, what has come since', tag: 'periods', params: monthParams }) }, async (request) => {
    const month = await monthOf(parts, request.params);
    const against = hindranceBefore({ seal: month.seal, status: month.status, empty: month.definitions === undefined });
    const since = month.seal ? await parts.months.since(month.seal) : [];
    const seesFigures = sessionOf(request).permissions.has('see:figures');
    return {
      ...shownMonth(month), hindrance: against ? { reason: hindranceOf(against), message: whyNotClosed(month.period, against) } : null,
      progress: parts.acts.closingOf(month.period) ?? null, since: since.map(({ totals, ...view }) => ({ ...view, totals: seesFigures ? totals : null })),
    };
  });
  server.post('/api/v1/periods/:month/closing', { schema: described({ summary: 'Signs a month off in the name of the session; its figures stand from then on', tag: 'periods', params: monthParams, body: object({}), status: 201, answer: 'The seal.' }) }, async (request, reply) => {
    const { month: period } = request.params as { month: string };
    if (!parts.figures.calendar.rangeOf('month', period)) throw noMonth();
    const { name, roles } = sessionOf(request);
    return reply.code(201).send(shownSeal(await parts.acts.close({ name: name.slice(0, limits.closedByLength), roles }, period)));
  });
}

/** @throws ApiError when there is no such month in the calendar. */
async function monthOf(parts: ConsoleParts, params: unknown): Promise<Month> {
  const month = await parts.months.one((params as { month: string }).month);
  if (!month) throw noMonth();
  return month;
}

const noMonth = (): ApiError => new ApiError('malformed', 'month must be one such as 2026-10');

const shownSeal = ({ closedAtMs, ...seal }: Seal): object => ({ ...seal, closedAt: new Date(closedAtMs).toISOString() });

const shownMonth = ({ period, fromMs, toMs, status, definitions, seal }: Month): object =>
  ({ period, from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), status, definitions: definitions ?? null, seal: seal ? shownSeal(seal) : null });
