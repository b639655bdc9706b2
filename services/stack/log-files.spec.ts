import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { boundLogFiles } from './log-files';

test('a log that outgrows its bound is emptied under its writer, what it held stays beside it; other files are left alone', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-'));
  const [log, other] = [join(folder, 'kafka.log'), join(folder, 'data')];
  writeFileSync(other, 'x'.repeat(100));
  const writer = openSync(log, 'a');
  writeSync(writer, 'first '.repeat(10));
  boundLogFiles(folder, 60);
  expect(readFileSync(log, 'utf8')).toHaveLength(60);
  writeSync(writer, 'more');
  boundLogFiles(folder, 60);
  writeSync(writer, 'after');
  expect(readFileSync(log, 'utf8')).toBe('after');
  expect(readFileSync(`${log}.1`, 'utf8')).toBe(`${'first '.repeat(10)}more`);
  expect(readFileSync(other, 'utf8')).toHaveLength(100);
  closeSync(writer);
  rmSync(folder, { recursive: true });
});
