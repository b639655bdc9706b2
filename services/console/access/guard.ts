/** Stands before every route: nothing is served that the table of permissions does not name, and to nobody whom it does not name. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../api/api-error';
import type { LocalTokens } from './local-tokens';
import { permissionsOf, routeAccess, type Permission } from './permissions';
import { sameSecret, type Session, type Sessions } from './sessions';

declare module 'fastify' {
  interface FastifyRequest { session: Session | undefined }
}

export const SESSION_COOKIE = 'tidewaiter-session';
export const CSRF_HEADER = 'x-csrf-token';

/** Hears of acts that were not allowed. */
export type DenialListener = (session: Session, permission: Permission, request: FastifyRequest) => void;

export interface GuardParts { readonly tokens: LocalTokens; readonly sessions: Sessions; readonly onDenied: DenialListener }

/** Before any route is declared. */
export function guard(server: FastifyInstance, parts: GuardParts): void {
  server.decorateRequest('session', undefined);
  server.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) {
      if (!Object.hasOwn(routeAccess, `${one} ${url}`)) throw new Error(`console: the route ${one} ${url} has no permission: give it a row in access/permissions.ts`);
    }
  });
  server.addHook('onRequest', (request, reply) => admit(parts, request, reply));
}

async function admit({ tokens, sessions, onDenied }: GuardParts, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { url } = request.routeOptions;
  /** No such route: answered as such, whoever asks. */
  if (url === undefined) return;
  const access = routeAccess[`${request.method} ${url}`];
  if (access === 'open') return;
  void reply.header('cache-control', 'no-store');
  const bearer = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const session = bearer === undefined ? await sessionOfCookie(sessions, request) : await sessionOfBearer(tokens, bearer);
  if (!session) throw new ApiError('unauthenticated', 'sign in first');
  if (bearer === undefined && request.method !== 'GET' && !sameSecret(String(request.headers[CSRF_HEADER] ?? ''), session.csrfToken)) throw new ApiError('forbidden', `the header ${CSRF_HEADER} must carry the csrfToken of the session`);
  request.session = session;
  if (access === 'session') return;
  if (access !== undefined && session.permissions.has(access)) return;
  if (access !== undefined && request.method !== 'GET') onDenied(session, access, request);
  throw new ApiError('forbidden', `this needs the permission "${access ?? 'none'}"`);
}

async function sessionOfCookie(sessions: Sessions, request: FastifyRequest): Promise<Session | undefined> {
  const cookie = request.cookies[SESSION_COOKIE];
  return cookie === undefined ? undefined : sessions.of(cookie);
}

/** Tokens that work once begin a session and do nothing else. */
async function sessionOfBearer(tokens: LocalTokens, text: string): Promise<Session | undefined> {
  const token = await tokens.verify(text);
  if (!token || token.once) return undefined;
  return { id: token.id, name: token.name, roles: token.roles, permissions: permissionsOf(token.roles), csrfToken: '', expiresAtMs: token.expiresAtMs };
}

/** The session of a request that the guard let through. */
export function sessionOf(request: FastifyRequest): Session {
  if (!request.session) throw new ApiError('unauthenticated', 'sign in first');
  return request.session;
}

/** @throws ApiError without the permission: for what depends on more than the route. */
export function demand(request: FastifyRequest, permission: Permission | undefined): void {
  if (permission !== undefined && !sessionOf(request).permissions.has(permission)) throw new ApiError('forbidden', `this needs the permission "${permission}"`);
}
