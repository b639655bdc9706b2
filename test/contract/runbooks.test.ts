/** infra/runbooks: a page for every code that refuses, commands that exist, links that lead somewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resultCodes } from '../../services/domain/result-codes';
import { settingsTable } from '../../services/shell/config';
import { runbookPages } from '../../services/shell/stop-reasons';

const root = join(__dirname, '../..');
const folder = join(root, 'infra/runbooks');
const pages = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));

test('every code that refuses has exactly one page: add it to the line "Codes:" of one in infra/runbooks', () => {
  const refusing = Object.keys(resultCodes).filter((code) => code.startsWith('E-'));
  const listed = pages.flatMap(({ text }) => [...(/^Codes: (.*)$/m.exec(text)?.[1] ?? '').matchAll(/`(E-[A-Z-]+)`/g)].map(([, code]) => code ?? ''));
  expect(listed.sort()).toEqual(refusing.sort());
});

test('each page says what happened, what is safe, what to do, and is in the list', () => {
  const readme = pages.find(({ name }) => name === 'README.md')?.text ?? '';
  for (const { name, text } of pages.filter((page) => page.name !== 'README.md')) {
    expect(text).toMatch(/\*\*What happened\.\*\* [\s\S]*\*\*What is safe\.\*\* [\s\S]*\*\*What to do\.\*\*\n\n1\. /);
    expect(readme).toContain(`](${name})`);
  }
});

test('commands and settings on the pages exist', () => {
  const commands = new Set(readdirSync(join(root, 'services/cli/commands')).map((file) => file.replace('.ts', '')));
  const settings = new Set(settingsTable().map(({ name }) => name));
  for (const { name, text } of pages) {
    for (const [, command] of text.matchAll(/npx tidewaiter ([a-z]+)/g)) expect({ name, command, exists: commands.has(command ?? '') }).toMatchObject({ exists: true });
    for (const [setting] of text.matchAll(/TIDEWAITER_[A-Z_]+/g)) expect({ name, setting, exists: settings.has(setting) }).toMatchObject({ exists: true });
    for (const [, target] of text.matchAll(/\]\(([^)]+)\)/g)) expect({ name, target, exists: existsSync(join(folder, target ?? '')) }).toMatchObject({ exists: true });
  }
});

test('every kind of stop has a page, and every page about one is of a kind that the code knows', () => {
  const named = [...new Set<string>(Object.values(runbookPages))].sort();
  const stops = pages.map(({ name }) => name).filter((name) => /^(partition-stopped|stage-halted|lag-)/.test(name)).sort();
  expect(named).toEqual(stops);
});

test('no reason to stop is made up elsewhere: each comes with its page', () => {
  const shell = join(root, 'services/shell');
  const reasons = readdirSync(shell).filter((file) => file.endsWith('.ts') && !file.includes('.spec.')).flatMap((file) => [...readFileSync(join(shell, file), 'utf8').matchAll(/\bstopped: ([`'"][^`'"]*)/g)].map(([, words]) => `${file} ${words}`));
  expect(reasons).toEqual(["accept-hole.ts 'only a position is written", "run-counting.ts 'taken away again while it was claimed"]);
});
