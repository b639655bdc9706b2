import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError, readConfig } from '../../shell/config';
import { accessParts, type AccessParts } from './access-parts';

let folder: string;
let keyFile: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidewaiter-access-'));
  keyFile = join(folder, 'console_key');
  writeFileSync(keyFile, '0123456789abcdef0123456789abcdef\n');
});
afterEach(() => rmSync(folder, { recursive: true }));
const parts = (home: string, settings: Readonly<Record<string, string>> = {}): AccessParts => accessParts(readConfig({ TIDEWAITER_HOME: join(folder, home), ...settings }), () => Date.now());

test('a key that is named signs for every process that has it: tokens and sessions outlive a container', async () => {
  const settings = { TIDEWAITER_CONSOLE_KEY_FILE: keyFile };
  const [before, after] = [parts('before', settings), parts('after', settings)];
  expect(await after.tokens.verify(await before.tokens.issue({ name: 'N. Mbala', roles: ['viewer'], hours: 1, once: false }))).toMatchObject({ name: 'N. Mbala' });
  const { cookie } = await before.sessions.begin({ name: 'N. Mbala', roles: ['viewer'] });
  expect(await after.sessions.of(cookie)).toMatchObject({ name: 'N. Mbala', roles: ['viewer'] });
  expect(existsSync(join(folder, 'before', 'console.key'))).toBe(false);
});

test('proxies are addresses and networks, or the settings are wrong', () => {
  expect(parts('none').proxies).toEqual([]);
  expect(parts('some', { TIDEWAITER_CONSOLE_PROXIES: '10.0.0.0/8, ::1' }).proxies).toEqual(['10.0.0.0/8', '::1']);
  for (const wrong of ['everybody', '10.0.0.0/40', 'proxy.example']) expect(() => parts('wrong', { TIDEWAITER_CONSOLE_PROXIES: wrong })).toThrow(/TIDEWAITER_CONSOLE_PROXIES.*addresses or networks/);
});

test('with another key a session is none, and nothing fails', async () => {
  const { cookie } = await parts('one').sessions.begin({ name: 'N. Mbala', roles: ['viewer'] });
  expect(await parts('other').sessions.of(cookie)).toBeUndefined();
});

test('one that is named and not there, or too short, is a fault of the settings: none is made in its place', () => {
  const named = join(folder, 'forgotten');
  expect(() => parts('home', { TIDEWAITER_CONSOLE_KEY_FILE: named })).toThrow(/TIDEWAITER_CONSOLE_KEY_FILE: the file does not exist/);
  expect(existsSync(named)).toBe(false);
  writeFileSync(named, 'short');
  expect(() => parts('home', { TIDEWAITER_CONSOLE_KEY_FILE: named })).toThrow(ConfigurationError);
  expect(() => parts('home', { TIDEWAITER_CONSOLE_KEY_FILE: named })).toThrow(/5 bytes; use at least 32/);
});

test('the port of the console is base port +80 where none is named, and stands in its address', () => {
  expect(readConfig({ TIDEWAITER_BASE_PORT: '31000' })).toMatchObject({ consolePort: 31_080, consoleUrl: 'http://127.0.0.1:31080' });
  expect(readConfig({ TIDEWAITER_BASE_PORT: '31000', TIDEWAITER_CONSOLE_PORT: '8080' })).toMatchObject({ consolePort: 8_080, consoleUrl: 'http://127.0.0.1:8080' });
});
