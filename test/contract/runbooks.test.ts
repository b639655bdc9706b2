/** infra/runbooks: a page for every code that refuses, commands that exist, links that lead somewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resultCodes } from '../../services/domain/result-codes';
import { settingsTable } from '../../services/shell/config';

const root = join(__dirname, '../..');
const folder = join(root, 'infra/runbooks');
const pages = readdirSync(folder).map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));

test('every code that refuses has exactly one page', () => {
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
