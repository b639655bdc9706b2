/** Signing in and out: a local token for a cookie, or the authority's own identity provider. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { limits } from '../../limits';
import { SESSION_COOKIE, sessionOf } from '../access/guard';
import type { Session } from '../access/sessions';
import type { Person } from '../access/signed-claims';
import { ApiError } from './api-error';
import type { ConsoleParts } from './parts';
import { described, object, text } from './schemas';

const TOKEN_LENGTH = 4_096;
const SIGN_IN_COOKIE = 'tidewaiter-sign-in';
const SIGN_IN_PATH = '/api/v1/oidc';
const nobody: Person = { name: '', roles: [] };
const signInLimit = { config: { rateLimit: { max: limits.signInsPerMinute, timeWindow: '1 minute' } } };

export function sessionRoutes(server: FastifyInstance, parts: ConsoleParts): void {
  server.post('/api/v1/session', {
    ...signInLimit,
    schema: described({ summary: 'Begins a session with a token of "tidewaiter console token"', tag: 'session', body: object({ token: text(TOKEN_LENGTH) }, ['token']), answer: 'The session; its cookie is set.' }),
  }, async (request, reply) => {
    const token = await parts.tokens.verify((request.body as { token: string }).token);
    if (!token || (token.once && !parts.tokens.spend(token))) {
      parts.acts.note(token ?? nobody, { action: 'sign-in', subject: 'token', outcome: 'refused', detail: token ? 'used-before' : 'not-valid' });
      throw new ApiError('unauthenticated', token ? 'this token worked once and was used: ask for another one' : 'this token is not valid or has run out: ask for another one');
    }
    return shown(await signedIn(parts, reply, { name: token.name, roles: token.roles }, 'token', token.once ? undefined : token.expiresAtMs), parts);
  });
  server.get('/api/v1/session', { schema: described({ summary: 'Who is signed in, as what', tag: 'session', answer: 'The session.' }) }, async (request) => shown(sessionOf(request), parts));
  server.delete('/api/v1/session', { schema: described({ summary: 'Ends the session', tag: 'session', status: 204 }) }, async (request, reply) => {
    const session = sessionOf(request);
    parts.sessions.end(session);
    parts.acts.note(session, { action: 'sign-out', subject: 'session', outcome: 'done' });
    return reply.clearCookie(SESSION_COOKIE, { path: '/' }).code(204).send();
  });
  server.get('/api/v1/session/options', { schema: described({ summary: 'How one may sign in, in which languages', tag: 'session' }) }, async () => ({ oidc: parts.oidc !== undefined, languages: parts.profile.languages }));
  openIdRoutes(server, parts);
}

function openIdRoutes(server: FastifyInstance, parts: ConsoleParts): void {
  const provider = (): NonNullable<ConsoleParts['oidc']> => {
    if (!parts.oidc) throw new ApiError('not-found', 'sign-in by OpenID Connect is not set up: TIDEWAITER_CONSOLE_OIDC_ISSUER');
    return parts.oidc;
  };
  server.get('/api/v1/oidc/start', { ...signInLimit, schema: described({ summary: 'Goes to the identity provider', tag: 'session', status: 302 }) }, async (_request, reply) => {
    const { location, cookie } = await provider().begin().catch((error: unknown) => { throw away(error); });
    return reply.setCookie(SIGN_IN_COOKIE, cookie, { httpOnly: true, sameSite: 'lax', secure: parts.secure, path: SIGN_IN_PATH, maxAge: limits.signInMs / 1_000 }).redirect(location);
  });
  server.get('/api/v1/oidc/callback', { ...signInLimit, schema: described({ summary: 'Comes back from the identity provider', tag: 'session', status: 302 }) }, async (request, reply) => {
    const person = await provider().finish(queryOf(request), request.cookies[SIGN_IN_COOKIE]).catch((error: unknown) => { throw away(error); });
    void reply.clearCookie(SIGN_IN_COOKIE, { path: SIGN_IN_PATH });
    if (!person) {
      parts.acts.note(nobody, { action: 'sign-in', subject: 'oidc', outcome: 'refused' });
      throw new ApiError('unauthenticated', 'the identity provider has not signed anybody in: begin again');
    }
    if (person.roles.length === 0) {
      parts.acts.note(person, { action: 'sign-in', subject: 'oidc', outcome: 'refused', detail: 'no-role' });
      throw new ApiError('forbidden', 'the identity provider names no role of this console for you: ask its administrator');
    }
    await signedIn(parts, reply, person, 'oidc', undefined);
    return reply.redirect('/');
  });
}

const queryOf = ({ url }: FastifyRequest): string => (url.includes('?') ? url.slice(url.indexOf('?')) : '');
const away = (error: unknown): unknown => (error instanceof ApiError ? error : new ApiError('unavailable', 'the identity provider does not answer: try again'));

async function signedIn(parts: ConsoleParts, reply: FastifyReply, person: Person, by: string, notAfterMs: number | undefined): Promise<Session> {
  const { session, cookie } = await parts.sessions.begin(person, notAfterMs);
  parts.acts.note(person, { action: 'sign-in', subject: by, outcome: 'done' });
  void reply.setCookie(SESSION_COOKIE, cookie, { httpOnly: true, sameSite: 'strict', secure: parts.secure, path: '/', expires: new Date(session.expiresAtMs) });
  return session;
}

function shown({ name, roles, permissions, csrfToken, expiresAtMs }: Session, { profile, oidc }: ConsoleParts): object {
  const { id, currency, minorUnits, timeZone, reporter, languages } = profile;
  return { name, roles, permissions: [...permissions], csrfToken, expiresAt: new Date(expiresAtMs).toISOString(), profile: { id, currency, minorUnits, timeZone, reporterCountry: reporter, languages }, oidc: oidc !== undefined };
}
