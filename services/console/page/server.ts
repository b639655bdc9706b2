/** Questions to the server: session cookie, CSRF token, and refusals as errors with the server's own words. */
import type { Session } from './contract';

export class Refusal extends Error {
  constructor(readonly status: number, readonly code: string, message: string) { super(message); }
}

let csrfToken = '';
let whenSignedOut: () => void = () => undefined;

export const onSignedOut = (listener: () => void): void => { whenSignedOut = listener; };

interface Asking { readonly method?: 'GET' | 'POST' | 'DELETE'; readonly body?: unknown; readonly signal?: AbortSignal; /** An answer may be so old. */ readonly mostAgeMs?: number }

export async function ask<Answer>(path: string, { method = 'GET', body, signal, mostAgeMs }: Asking = {}): Promise<Answer> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (body !== undefined) headers['content-type'] = 'application/json';
  if (mostAgeMs !== undefined) headers['cache-control'] = `max-age=${Math.floor(mostAgeMs / 1_000)}`;
  if (method !== 'GET' && csrfToken !== '') headers['x-csrf-token'] = csrfToken;
  const response = await fetch(`/api/v1${path}`, { method, headers, credentials: 'same-origin', ...(body === undefined ? {} : { body: JSON.stringify(body) }), ...(signal ? { signal } : {}) });
  if (response.status === 204) return undefined as Answer;
  const answer = (await response.json().catch(() => undefined)) as unknown;
  if (response.ok) return answer as Answer;
  if (response.status === 401 && !path.startsWith('/session')) whenSignedOut();
  const { code = 'unreadable', message = response.statusText } = (answer as { error?: { code?: string; message?: string } } | undefined)?.error ?? {};
  throw new Refusal(response.status, code, message);
}

/** Undefined: nobody is signed in. */
export async function currentSession(): Promise<Session | undefined> {
  try {
    return remember(await ask<Session>('/session'));
  } catch (failure) {
    if (failure instanceof Refusal && failure.status === 401) return undefined;
    throw failure;
  }
}

export async function signIn(token: string): Promise<Session> {
  await ask('/session', { method: 'POST', body: { token } });
  return remember(await ask<Session>('/session'));
}

export async function signOut(): Promise<void> {
  await ask('/session', { method: 'DELETE' });
  csrfToken = '';
}

function remember(session: Session): Session {
  csrfToken = session.csrfToken;
  return session;
}
