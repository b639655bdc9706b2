/** Sessions live in the signed cookie alone; those that were ended early are remembered until they would have run out. */
import { randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import { dropOldest } from '../../domain/kept-list';
import { limits } from '../../limits';
import { rolesIn } from './local-tokens';
import { permissionsOf, type Permission } from './permissions';
import type { Person, Signer } from './signed-claims';

export interface Session extends Person {
  readonly id: string;
  readonly permissions: ReadonlySet<Permission>;
  readonly csrfToken: string;
  readonly expiresAtMs: number;
}

const HOUR_MS = 3_600_000;
const CSRF_BYTES = 24;

export class Sessions {
  private readonly ended = new Map<string, number>();
  /** By cookie, those whose signature was found right: a page asks several times a second. */
  private readonly verified = new Map<string, Session>();

  constructor(private readonly signer: Signer, private readonly nowMs: () => number) {}

  /** A session ends with the token that began it, at the latest after a working day. */
  async begin(person: Person, notAfterMs = Infinity): Promise<{ readonly session: Session; readonly cookie: string }> {
    const expiresAtMs = Math.floor(Math.min(this.nowMs() + limits.sessionHours * HOUR_MS, notAfterMs) / 1_000) * 1_000;
    const session: Session = { ...person, id: randomUUID(), permissions: permissionsOf(person.roles), csrfToken: randomBytes(CSRF_BYTES).toString('base64url'), expiresAtMs };
    const cookie = await this.signer.sign('tidewaiter-session', { id: session.id, subject: person.name, expiresAtMs, claims: { roles: person.roles, csrf: session.csrfToken } });
    return { session, cookie };
  }

  async of(cookie: string): Promise<Session | undefined> {
    const session = this.verified.get(cookie) ?? (await this.verify(cookie));
    return session && this.lasts(session) ? session : undefined;
  }

  private async verify(cookie: string): Promise<Session | undefined> {
    const signed = await this.signer.verify('tidewaiter-session', cookie);
    if (!signed) return undefined;
    const roles = rolesIn(signed.claims['roles']);
    const session: Session = { id: signed.id, name: signed.subject, roles, permissions: permissionsOf(roles), csrfToken: String(signed.claims['csrf']), expiresAtMs: signed.expiresAtMs };
    this.verified.set(cookie, session);
    dropOldest(this.verified, limits.sessionsRemembered);
    return session;
  }

  end({ id, expiresAtMs }: Session): void {
    for (const [other, untilMs] of this.ended) if (untilMs < this.nowMs() || this.ended.size >= limits.endedSessionsRemembered) this.ended.delete(other);
    this.ended.set(id, expiresAtMs);
  }

  /** False once it has run out or was ended. */
  lasts({ id, expiresAtMs }: Session): boolean { return expiresAtMs > this.nowMs() && !this.ended.has(id); }
}

export function sameSecret(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
