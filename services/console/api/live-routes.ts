/** What is now, as an answer and as a stream; and whether the console itself is well. */
import type { FastifyInstance } from 'fastify';
import { limits } from '../../limits';
import { sessionOf } from '../access/guard';
import { streamTopics, type StreamEventName, type StreamTopic } from '../access/permissions';
import { visibleTo, type Page } from '../live/pages';
import { ApiError } from './api-error';
import type { ConsoleParts } from './parts';
import { described, object, text } from './schemas';

const TOPICS_LENGTH = 200;

export function liveRoutes(server: FastifyInstance, parts: ConsoleParts): void {
  const open = { config: { rateLimit: false as const } };
  server.get('/healthz', { ...open, schema: described({ summary: 'The process answers', tag: 'health' }) }, async () => ({ status: 'ok' }));
  server.get('/readyz', { ...open, schema: described({ summary: 'Neighbours answer and lists are read', tag: 'health', also: 503, answer: 'What it waits for, where it waits.' }) }, async (_request, reply) => {
    const waiting = await parts.notReady();
    return waiting.length === 0 ? { status: 'ready' } : reply.code(503).send({ status: 'waiting', waitingFor: waiting });
  });
  server.get('/state', { ...open, schema: described({ summary: 'What the console says of itself, as every service does', tag: 'health' }) }, async () => parts.said());
  server.get('/api/v1/now', { schema: described({ summary: 'What is declared, collected, refused and flagged now', tag: 'live' }) }, async (request) =>
    visibleTo(sessionOf(request).permissions, 'now', await parts.now.get()));
  server.get('/api/v1/status', { schema: described({ summary: 'Services, lag, books, lengths of topics', tag: 'live' }) }, async () => parts.status.get());
  streamRoute(server, parts);
}

function streamRoute(server: FastifyInstance, parts: ConsoleParts): void {
  server.get('/api/v1/stream', {
    /** Accept is not looked at: the answer is a stream whoever asks. */
    sse: 'manual',
    schema: described({ summary: 'Server-sent events; Last-Event-ID goes on where the connection broke', tag: 'live', querystring: object({ topics: text(TOPICS_LENGTH) }, ['topics']), type: 'text/event-stream' }),
  }, async (request, reply) => {
    const session = sessionOf(request);
    const wants = wantedEvents((request.query as { topics: string }).topics);
    if (parts.pages.full) throw new ApiError('unavailable', 'too many pages listen: close some, or try again later');
    reply.sse.keepAlive();
    reply.sse.sendHeaders();
    /** A page that is told nothing yet must know that it listens. */
    reply.raw.flushHeaders();
    const page: Page = {
      permissions: session.permissions, wants, lasts: () => parts.sessions.lasts(session), close: () => reply.raw.destroy(),
      /** The plugin's own sending would write each message anew for each page, and wait without end for one that takes nothing. */
      send: (message) => { reply.raw.write(message); return reply.raw.writableLength <= limits.streamBytesWaiting; },
    };
    reply.sse.onClose(() => parts.pages.leave(page));
    parts.pages.join(page, reply.sse.lastEventId ?? undefined);
  });
}

/** @throws ApiError that names the topics. */
function wantedEvents(topics: string): Set<StreamEventName> {
  const asked = topics.split(',');
  const unknown = asked.find((topic) => !Object.hasOwn(streamTopics, topic));
  if (unknown !== undefined) throw new ApiError('malformed', `there is no such topic of the stream; there are ${Object.keys(streamTopics).join(', ')}`);
  return new Set(asked.flatMap((topic): readonly StreamEventName[] => streamTopics[topic as StreamTopic]));
}
