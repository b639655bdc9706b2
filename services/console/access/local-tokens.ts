/** Tokens that `tidewaiter console token` hands out: whoever may read the key file says who may sign in as what. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRole, type Role } from './permissions';
import type { Person, Signer } from './signed-claims';

export interface TokenOrder extends Person { readonly hours: number; readonly once: boolean }
export interface VerifiedToken extends Person { readonly id: string; readonly expiresAtMs: number; readonly once: boolean }

const HOUR_MS = 3_600_000;

export class LocalTokens {
  private readonly spentFolder: string;

  constructor(private readonly signer: Signer, home: string, private readonly nowMs: () => number) { this.spentFolder = join(home, 'console-tokens-used'); }

  issue({ name, roles, hours, once }: TokenOrder): Promise<string> {
    return this.signer.sign('tidewaiter-token', { id: randomUUID(), subject: name, expiresAtMs: this.nowMs() + hours * HOUR_MS, claims: { roles, once } });
  }

  /** Undefined: no token of ours, or run out. */
  async verify(text: string): Promise<VerifiedToken | undefined> {
    const signed = await this.signer.verify('tidewaiter-token', text);
    if (!signed) return undefined;
    return { id: signed.id, name: signed.subject, roles: rolesIn(signed.claims['roles']), expiresAtMs: signed.expiresAtMs, once: signed.claims['once'] === true };
  }

  /** True for the first that spends a one-time token, of all processes that share the home folder. */
  spend({ id, expiresAtMs }: VerifiedToken): boolean {
    mkdirSync(this.spentFolder, { recursive: true, mode: 0o700 });
    this.forgetRunOut();
    try {
      writeFileSync(join(this.spentFolder, `${expiresAtMs}-${id}`), '', { flag: 'wx', mode: 0o600 });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
  }

  private forgetRunOut(): void {
    for (const file of readdirSync(this.spentFolder)) if (Number(file.split('-', 1)[0]) < this.nowMs()) rmSync(join(this.spentFolder, file), { force: true });
  }
}

/** Roles in a claim: a list, or words in one text; what is no role of ours is left out. */
export function rolesIn(claim: unknown): Role[] {
  const named: readonly unknown[] = Array.isArray(claim) ? claim : typeof claim === 'string' ? claim.split(/[\s,]+/) : [];
  return [...new Set(named.filter((role): role is Role => typeof role === 'string' && isRole(role)))];
}
