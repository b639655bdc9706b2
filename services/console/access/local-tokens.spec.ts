import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalTokens, rolesIn } from './local-tokens';
import { permissionsOf, roles } from './permissions';
import { Signer } from './signed-claims';

let home: string;
let nowMs = Date.UTC(2026, 2, 15);
const key = new TextEncoder().encode('0123456789abcdef0123456789abcdef');
const tokens = (): LocalTokens => new LocalTokens(new Signer(key, () => nowMs), home, () => nowMs);
beforeEach(() => { home = mkdtempSync(join(tmpdir(), 'tidewaiter-tokens-')); nowMs = Date.UTC(2026, 2, 15); });
afterEach(() => rmSync(home, { recursive: true }));

test('says who, as what, until when; not a moment longer', async () => {
  const text = await tokens().issue({ name: 'N. Mbala', roles: ['analyst'], hours: 2, once: false });
  expect(await tokens().verify(text)).toMatchObject({ name: 'N. Mbala', roles: ['analyst'], once: false, expiresAtMs: nowMs + 7_200_000 });
  nowMs += 7_200_000;
  expect(await tokens().verify(text)).toBeUndefined();
});

test('another key, another audience or no signature: nobody', async () => {
  const text = await tokens().issue({ name: 'x', roles: ['viewer'], hours: 1, once: false });
  const other = new LocalTokens(new Signer(new TextEncoder().encode('f'.repeat(32)), () => nowMs), home, () => nowMs);
  expect(await other.verify(text)).toBeUndefined();
  const session = await new Signer(key, () => nowMs).sign('tidewaiter-session', { id: 'a', subject: 'x', expiresAtMs: nowMs + 1_000, claims: { roles: ['operator'] } });
  expect(await tokens().verify(session)).toBeUndefined();
  const [, body] = text.split('.');
  expect(await tokens().verify(`${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`)).toBeUndefined();
});

test('once is once, also for another process; what has run out is not remembered', async () => {
  const token = await tokens().verify(await tokens().issue({ name: 'x', roles: ['viewer'], hours: 1, once: true }));
  if (!token) throw new Error('not verified');
  expect([tokens().spend(token), tokens().spend(token)]).toEqual([true, false]);
  nowMs += 3_600_001;
  tokens().spend({ ...token, id: 'another', expiresAtMs: nowMs + 1_000 });
  expect(readdirSync(join(home, 'console-tokens-used'))).toEqual([`${nowMs + 1_000}-another`]);
});

test('roles of a claim: a list or words; what is none of ours is left out', () => {
  expect(rolesIn(['viewer', 'root', 'viewer', 7])).toEqual(['viewer']);
  expect(rolesIn('analyst operator')).toEqual(['analyst', 'operator']);
  expect(rolesIn(undefined)).toEqual([]);
});

test('no role implies another one', () => {
  for (const role of roles) for (const other of roles) if (other !== role) expect([...permissionsOf([other])].every((permission) => permissionsOf([role]).has(permission))).toBe(false);
});
