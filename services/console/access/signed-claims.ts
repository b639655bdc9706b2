/** What the console signs: tokens, sessions, an OpenID Connect sign-in that is under way. One key, one audience each. */
import type { Role } from './permissions';

export type Audience = 'tidewaiter-token' | 'tidewaiter-session' | 'tidewaiter-sign-in';
export interface SignedClaims { readonly id: string; readonly subject: string; readonly expiresAtMs: number; readonly claims: Readonly<Record<string, unknown>> }
export interface Person { readonly name: string; readonly roles: readonly Role[] }

const ALGORITHM = 'HS256';

export class Signer {
  constructor(private readonly key: Uint8Array, private readonly nowMs: () => number) {}

  /** jose is an ES module alone. */
  async sign(audience: Audience, { id, subject, expiresAtMs, claims }: SignedClaims): Promise<string> {
    const { SignJWT } = await import('jose');
    return new SignJWT({ ...claims }).setProtectedHeader({ alg: ALGORITHM }).setJti(id).setSubject(subject).setAudience(audience)
      .setIssuedAt(Math.floor(this.nowMs() / 1_000)).setExpirationTime(Math.floor(expiresAtMs / 1_000)).sign(this.key);
  }

  /** Undefined: not signed by us, for something else, or run out. */
  async verify(audience: Audience, text: string): Promise<SignedClaims | undefined> {
    const { jwtVerify } = await import('jose');
    try {
      const { payload } = await jwtVerify(text, this.key, { algorithms: [ALGORITHM], audience, currentDate: new Date(this.nowMs()), requiredClaims: ['jti', 'sub', 'exp'] });
      const { jti, sub, exp, ...claims } = payload;
      return { id: jti as string, subject: sub as string, expiresAtMs: (exp as number) * 1_000, claims };
    } catch {
      return undefined;
    }
  }
}
