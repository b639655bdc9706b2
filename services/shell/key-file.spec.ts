import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOrMakeKey } from './key-file';

test('made once, for this user alone, and nothing is left beside it', () => {
  const home = mkdtempSync(join(tmpdir(), 'tidewaiter-key-'));
  const file = join(home, 'deeper', 'console.key');
  const key = readOrMakeKey(file);
  expect(key).toHaveLength(64);
  expect(readOrMakeKey(file)).toEqual(key);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(home, 'deeper'))).toEqual(['console.key']);
  rmSync(home, { recursive: true });
});
