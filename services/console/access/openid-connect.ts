/** Sign-in at an authority's own identity provider: authorization code with PKCE, state and nonce. */
import { randomUUID } from 'node:crypto';
import type * as OpenIdClient from 'openid-client';
import { limits } from '../../limits';
import { rolesIn } from './local-tokens';
import type { Person, Signer } from './signed-claims';

export interface OpenIdSettings { readonly issuer: string; readonly clientId: string; readonly clientSecret?: string; readonly rolesClaim: string; readonly redirectUri: string }

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);
/** openid-client is an ES module alone. */
const library = (): Promise<typeof OpenIdClient> => import('openid-client');

export class OpenIdConnect {
  private discovered: Promise<OpenIdClient.Configuration> | undefined;

  constructor(private readonly settings: OpenIdSettings, private readonly signer: Signer, private readonly nowMs: () => number) {}

  /** Where the browser goes, and what it brings back in a cookie. Rejects while the provider is away. */
  async begin(): Promise<{ readonly location: string; readonly cookie: string }> {
    const client = await library();
    const configuration = await this.configuration();
    const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
    const location = client.buildAuthorizationUrl(configuration, {
      redirect_uri: this.settings.redirectUri, scope: 'openid profile', state, nonce,
      code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
    });
    const cookie = await this.signer.sign('tidewaiter-sign-in', { id: randomUUID(), subject: 'sign-in', expiresAtMs: this.nowMs() + limits.signInMs, claims: { verifier, state, nonce } });
    return { location: location.href, cookie };
  }

  /** Who came back; undefined when the answer is not to the question in the cookie. `query`: of the address that the provider sent the browser to. */
  async finish(query: string, cookie: string | undefined): Promise<Person | undefined> {
    const asked = cookie === undefined ? undefined : await this.signer.verify('tidewaiter-sign-in', cookie);
    if (!asked) return undefined;
    const client = await library();
    const { verifier, state, nonce } = asked.claims as { verifier: string; state: string; nonce: string };
    try {
      const address = new URL(this.settings.redirectUri);
      address.search = query;
      const tokens = await client.authorizationCodeGrant(await this.configuration(), address, { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true });
      const claims = tokens.claims();
      if (!claims) return undefined;
      const name = typeof claims['name'] === 'string' && claims['name'].trim() !== '' ? claims['name'] : claims.sub;
      return { name: name.slice(0, limits.personNameLength), roles: rolesIn(claims[this.settings.rolesClaim]) };
    } catch (error) {
      if (error instanceof client.ResponseBodyError || error instanceof client.AuthorizationResponseError || error instanceof client.ClientError) return undefined;
      throw error;
    }
  }

  /** Asked again after a failure: the provider may be away when the console starts. */
  private configuration(): Promise<OpenIdClient.Configuration> {
    this.discovered ??= this.discover().catch((error: unknown) => { this.discovered = undefined; throw error; });
    return this.discovered;
  }

  private async discover(): Promise<OpenIdClient.Configuration> {
    const client = await library();
    const issuer = new URL(this.settings.issuer);
    const { clientId, clientSecret } = this.settings;
    const authentication = clientSecret === undefined ? client.None() : client.ClientSecretBasic(clientSecret);
    return client.discovery(issuer, clientId, undefined, authentication, issuer.protocol === 'http:' && loopback.has(issuer.hostname) ? { execute: [client.allowInsecureRequests] } : {});
  }
}
