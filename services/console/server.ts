/** The HTTP server: every plugin, hook and route, without a port. Tests ask it by `inject`. */
import { existsSync } from 'node:fs';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import sse from '@fastify/sse';
import files from '@fastify/static';
import swagger from '@fastify/swagger';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { limits } from '../limits';
import { ConfigurationError } from '../shell/config';
import { TimeoutError } from '../shell/within';
import { guard, SESSION_COOKIE } from './access/guard';
import { countedBy } from './access/request-count';
import { alertRoutes } from './api/alert-routes';
import { ApiError, type ErrorCode } from './api/api-error';
import { catalogueRoutes } from './api/catalogue-routes';
import { explainRoutes } from './api/explain-routes';
import { figureRoutes } from './api/figure-routes';
import { liveRoutes } from './api/live-routes';
import type { ConsoleParts } from './api/parts';
import { periodRoutes } from './api/period-routes';
import { rejectRoutes } from './api/reject-routes';
import { sessionRoutes } from './api/session-routes';

/** Nothing inline, nothing from elsewhere, in nobody's frame. */
const contentSecurityPolicy = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"], scriptSrc: ["'self'"], styleSrc: ["'self'"], imgSrc: ["'self'", 'data:'], fontSrc: ["'self'"], connectSrc: ["'self'"],
    manifestSrc: ["'self'"], formAction: ["'self'"], baseUri: ["'none'"], frameAncestors: ["'none'"],
  },
};

/** @throws when a route has no permission. */
export async function createServer(parts: ConsoleParts, logger: Logger): Promise<FastifyInstance> {
  const server = fastify({
    logger: false, exposeHeadRoutes: false, trustProxy: parts.proxies.length > 0 && [...parts.proxies], bodyLimit: limits.consoleBodyBytes, requestTimeout: limits.consoleRequestMs, keepAliveTimeout: limits.consoleIdleMs,
    forceCloseConnections: true, ajv: { customOptions: { removeAdditional: false, coerceTypes: 'array' } },
  });
  server.setErrorHandler<FastifyError>((error, request, reply) => answerError(error, request, reply, logger));
  server.setNotFoundHandler((_request, reply) => send(reply, new ApiError('not-found', 'there is nothing at this address')));
  await server.register(cookie);
  await server.register(helmet, { contentSecurityPolicy, hsts: parts.secure, referrerPolicy: { policy: 'no-referrer' }, crossOriginEmbedderPolicy: false });
  guard(server, { tokens: parts.tokens, sessions: parts.sessions, onDenied: (session, action, { url }) => parts.acts.note(session, { action, subject: url.split('?', 1)[0] ?? '', outcome: 'refused' }) });
  await server.register(rateLimit, { max: limits.consoleRequestsPerMinute, timeWindow: '1 minute', keyGenerator: countedBy });
  await server.register(sse, { heartbeatInterval: limits.streamHeartbeatMs });
  await server.register(swagger, { openapi: openApi });
  /** Behind the plugins, whose hooks see only what is declared after them. */
  await server.register(async (routes) => {
    for (const declare of [sessionRoutes, liveRoutes, figureRoutes, explainRoutes, periodRoutes, alertRoutes, rejectRoutes, catalogueRoutes]) declare(routes, parts);
    if (parts.pageFolder !== undefined && existsSync(parts.pageFolder)) await routes.register(files, { root: parts.pageFolder, cacheControl: false, setHeaders: (reply: FastifyReply, file: string) => { void reply.header('cache-control', hashed.test(file) ? 'public, max-age=31536000, immutable' : 'no-cache'); } });
  });
  await server.ready();
  return server;
}

/** The build puts a digest of their content into the names of scripts and styles. */
const hashed = /-[A-Za-z0-9]{8,}\.(js|css)$/;

const openApi = {
  openapi: '3.1.0' as const,
  info: { title: 'Tidewaiter console', version: '1', description: 'Decimals are strings, moments ISO 8601 in UTC. Errors always have the form {"error":{"code","message"}}.' },
  components: { securitySchemes: { token: { type: 'http' as const, scheme: 'bearer' }, session: { type: 'apiKey' as const, in: 'cookie' as const, name: SESSION_COOKIE } } },
  security: [{ token: [] }, { session: [] }] as Record<string, string[]>[],
};

function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply, logger: Logger): FastifyReply {
  const answer = asApiError(error);
  if (answer.code === 'internal') logger.error({ error: error.message, stack: error.stack, route: request.routeOptions.url }, 'a request failed');
  return send(reply, answer);
}

const codes: Readonly<Record<number, ErrorCode>> = { 400: 'malformed', 413: 'malformed', 415: 'malformed', 404: 'not-found', 429: 'too-many' };

/** What is not ours to tell is told as "internal": its message may hold anything. */
function asApiError(error: FastifyError): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof TimeoutError) return new ApiError('unavailable', 'a neighbour of the console has not answered in time: see the status of the system; what was asked for may still be done, look before you repeat it');
  /** Names settings alone, and the figures that they do not fit. */
  if (error instanceof ConfigurationError) return new ApiError('unavailable', error.message);
  if (error.validation) return new ApiError('malformed', error.message);
  const code = codes[error.statusCode ?? 0];
  if (code === 'too-many') return new ApiError(code, 'too many requests: wait a minute');
  if (code !== undefined) return new ApiError(code, error.code === 'FST_ERR_CTP_BODY_TOO_LARGE' ? 'the body is too large' : 'the request is not one that this address takes');
  return new ApiError('internal', 'something went wrong inside the console; its log has more');
}

const send = (reply: FastifyReply, error: ApiError): FastifyReply => reply.code(error.statusCode).type('application/json; charset=utf-8').send(error.body);
