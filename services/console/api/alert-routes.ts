/** Precursor alerts, what was decided on them, and the usual trade in a substance. */
import type { FastifyInstance } from 'fastify';
import { alertStates, type AlertState } from '../../alerts/decision';
import type { AlertFilter, DecidedAlert } from '../../alerts/alert-book';
import { declaredItem, type DeclaredItem } from '../../alerts/declared-item';
import { usualTrade, type TradeOfMonth, type UsualTrade } from '../../alerts/usual-trade';
import { limits } from '../../limits';
import { within } from '../../shell/within';
import { sessionOf } from '../access/guard';
import { ApiError } from './api-error';
import type { ConsoleParts } from './parts';
import { described, listed, object, oneOf, text } from './schemas';

const HIGHEST_LEVEL = 5;
const WORD_LENGTH = 200;
const alertParams = object({ alertId: text(limits.eventIdLength) }, ['alertId']);
const filter = object({ ...listed, level: { type: 'integer', minimum: 1, maximum: HIGHEST_LEVEL }, list: text(WORD_LENGTH), substance: text(WORD_LENGTH), office: text(limits.codeLength), state: oneOf(alertStates) });

export function alertRoutes(server: FastifyInstance, parts: ConsoleParts): void {
  server.get('/api/v1/alerts', { schema: described({ summary: 'Alerts, newest first', tag: 'alerts', querystring: filter }) }, async (request) => {
    const { limit, before, ...asked } = request.query as AlertFilter & { limit: number; before?: string };
    const page = listsOf(parts).alerts.page(asked, limit, before);
    if (!page) throw new ApiError('malformed', 'before is no place in this list: begin without it');
    return page;
  });
  server.get('/api/v1/alerts/:alertId', { schema: described({ summary: 'One alert with its decisions, what was declared of the item, and the usual trade in the substance', tag: 'alerts', params: alertParams }) }, async (request) => {
    const alert = alertOf(parts, request.params);
    const declared = await declaredOf(parts, alert.alertId);
    return { alert, decisions: parts.alerts.decisionsOn(alert.alertId), declared, usual: await usualOf(parts, alert, declared) };
  });
  server.post('/api/v1/alerts/:alertId/decisions', {
    schema: described({ summary: 'Decides on an alert; earlier decisions stand beside it', tag: 'alerts', params: alertParams, body: object({ state: oneOf(alertStates), reason: text(limits.reasonLength) }, ['state', 'reason']), status: 201, answer: 'The decision.' }),
  }, async (request, reply) => {
    const alert = alertOf(parts, request.params);
    const { state, reason } = request.body as { state: AlertState; reason: string };
    if (reason.trim() === '') throw new ApiError('malformed', 'reason must say something');
    if ((alert.decision?.state ?? 'open') === state) throw new ApiError('conflict', `the alert is ${state} already`);
    const { decision, shown } = await parts.acts.decide(sessionOf(request), alert.alertId, state, reason.trim());
    parts.alerts.decide(decision);
    return reply.code(201).send(shown);
  });
}

/** @throws ApiError until the topics have been read: a list that lacks some would be taken for whole. */
export function listsOf(parts: ConsoleParts): ConsoleParts {
  if (!parts.listsRead()) throw new ApiError('unavailable', 'lists are still being read from their topics: ask again in a moment');
  return parts;
}

function alertOf(parts: ConsoleParts, params: unknown): DecidedAlert {
  const alert = listsOf(parts).alerts.one((params as { alertId: string }).alertId);
  if (!alert) throw new ApiError('not-found', 'there is no such alert');
  return alert;
}

/** Null: gone from the log, or nobody answers in time; the rest of the case is shown without it. */
async function declaredOf({ alerts, inspector, registry }: ConsoleParts, alertId: string): Promise<DeclaredItem | null> {
  const place = alerts.placeOf(alertId);
  return place ? within(limits.reachMs, inspector().then((log) => declaredItem(place, log, registry))).catch(() => null) : null;
}

/** The months up to this one, of the alert's list; null when no kept figure answers. */
async function usualOf({ figures, profile, nowMs }: ConsoleParts, { listId, substance }: DecidedAlert, declared: DeclaredItem | null): Promise<UsualTrade | null> {
  let atMs = nowMs();
  const byMonth: TradeOfMonth[] = [];
  for (let month = 0; month < limits.usualTradeMonths; month++) {
    const key = figures.calendar.keysOf(atMs).month;
    const range = figures.calendar.rangeOf('month', key);
    const outcome = await figures.answer({ view: 'precursors', by: [], where: { list: listId, substance }, period: { kind: 'month', value: key } });
    if (!range || !('totals' in outcome)) return null;
    const { items, netMassKg, value } = outcome.totals;
    byMonth.unshift({ month: key, items: Number(items), netMassKg: netMassKg as string, value: value as string });
    atMs = range.fromMs - 1;
  }
  return usualTrade({ byMonth, currency: figures.currency, minorUnits: profile.minorUnits, declaredKg: declared?.netMassKg ?? null });
}
