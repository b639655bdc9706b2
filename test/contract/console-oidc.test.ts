/** Sign-in at an identity provider: a small one made up here, which checks the proof of the code and signs as real ones do. */
import { createHash, randomUUID, type webcrypto } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { ConsoleWorld } from '../support/console-world';

jest.setTimeout(30_000);

interface Asked { readonly challenge: string; readonly nonce: string; readonly redirect: string }
class Provider {
  readonly asked = new Map<string, Asked>();
  claims: Record<string, unknown> = {};
  nonce: string | undefined;
  private constructor(private readonly server: Server, private readonly key: webcrypto.CryptoKey) {}
  get issuer(): string { return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`; }

  static async start(): Promise<Provider> {
    const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
    const server = createServer((request, response) => {
      provider.answer(request, jwk).then(
        (body) => { response.writeHead('error' in body ? 400 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body)); },
        () => { response.writeHead(500).end(); },
      );
    });
    const provider = new Provider(server, privateKey);
    await new Promise<void>((listening) => { server.listen(0, '127.0.0.1', listening); });
    return provider;
  }

  /** What a person does at the provider's page: signs in, and is sent back. */
  authorise(location: string): URL {
    const query = new URL(location).searchParams;
    const code = randomUUID();
    this.asked.set(code, { challenge: query.get('code_challenge') ?? '', nonce: query.get('nonce') ?? '', redirect: query.get('redirect_uri') ?? '' });
    const back = new URL(query.get('redirect_uri') ?? '');
    back.search = new URLSearchParams({ code, state: query.get('state') ?? '', iss: this.issuer }).toString();
    return back;
  }

  private async answer(request: IncomingMessage, jwk: object): Promise<Record<string, unknown>> {
    const { issuer } = this;
    if (request.url === '/.well-known/openid-configuration') return { issuer, authorization_endpoint: `${issuer}/authorise`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/keys`, response_types_supported: ['code'], subject_types_supported: ['public'], id_token_signing_alg_values_supported: ['RS256'], authorization_response_iss_parameter_supported: true };
    if (request.url === '/keys') return { keys: [jwk] };
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const form = new URLSearchParams(Buffer.concat(parts).toString());
    const asked = this.asked.get(form.get('code') ?? '');
    this.asked.delete(form.get('code') ?? '');
    const proof = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
    if (!asked || asked.challenge !== proof || asked.redirect !== form.get('redirect_uri')) return { error: 'invalid_grant' };
    const idToken = await new SignJWT({ nonce: this.nonce ?? asked.nonce, ...this.claims }).setProtectedHeader({ alg: 'RS256', kid: 'one' }).setSubject('17').setIssuer(issuer).setAudience('tidewaiter').setIssuedAt().setExpirationTime('5m').sign(this.key);
    return { access_token: 'a', token_type: 'Bearer', id_token: idToken, expires_in: 60 };
  }

  stop(): Promise<void> { return new Promise((closed) => { this.server.closeAllConnections(); this.server.close(() => closed()); }); }
}

let provider: Provider;
let world: ConsoleWorld;
beforeAll(async () => {
  provider = await Provider.start();
  world = await ConsoleWorld.start({ TIDEWAITER_CONSOLE_OIDC_ISSUER: provider.issuer, TIDEWAITER_CONSOLE_OIDC_ROLES_CLAIM: 'groups' });
});
beforeEach(() => { provider.claims = { name: 'N. Mbala', groups: ['viewer', 'staff'] }; provider.nonce = undefined; });
afterAll(async () => { await world.stop(); await provider.stop(); });

interface Cookie { readonly name: string; readonly value: string; readonly sameSite?: string; readonly httpOnly?: boolean }
const cookiesOf = (answer: { cookies: unknown[] }): Record<string, string> => Object.fromEntries((answer.cookies as Cookie[]).map(({ name, value }) => [name, value]));
const begin = async (): Promise<{ back: URL; cookies: Record<string, string> }> => {
  const answer = await world.server.inject('/api/v1/oidc/start');
  expect(answer.statusCode).toBe(302);
  return { back: provider.authorise(String(answer.headers.location)), cookies: cookiesOf(answer) };
};
const comeBack = (back: URL, cookies: Record<string, string>) => world.server.inject({ url: `${back.pathname}${back.search}`, cookies });

test('a person whom the provider knows gets a session with the roles of the claim', async () => {
  const { back, cookies } = await begin();
  const answer = await comeBack(back, cookies);
  expect([answer.statusCode, answer.headers.location]).toEqual([302, '/']);
  expect((await world.server.inject({ url: '/api/v1/session', cookies: cookiesOf(answer) })).json()).toMatchObject({ name: 'N. Mbala', roles: ['viewer'], oidc: true });
});

test('an answer to a question that this browser has not asked signs nobody in', async () => {
  const [mine, others] = [await begin(), await begin()];
  expect((await comeBack(others.back, mine.cookies)).statusCode).toBe(401);
  expect((await comeBack(mine.back, {})).statusCode).toBe(401);
});

test('nor does a token that was made for another question', async () => {
  provider.nonce = 'another';
  const { back, cookies } = await begin();
  expect((await comeBack(back, cookies)).statusCode).toBe(401);
});

test('nor a code that was used before', async () => {
  const { back, cookies } = await begin();
  expect((await comeBack(back, cookies)).statusCode).toBe(302);
  expect((await comeBack(back, cookies)).statusCode).toBe(401);
});
