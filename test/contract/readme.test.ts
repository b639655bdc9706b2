/** README.md: its table of settings is the settings, its links lead somewhere, its commands exist. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { withSettings } from '../../scripts/settings-table';

const root = join(__dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

test('the table of settings is made from the settings: run "node dist/scripts/settings-table.js" when it is not', () => {
  expect(withSettings(readme)).toBe(readme);
});

test('documents link to files that exist', () => {
  const documents = ['README.md', 'services/ADDING.md', 'services/ARCHITECTURE.md', 'services/STYLE.md', ...readdirSync(join(root, 'services/decisions')).map((name) => `services/decisions/${name}`)];
  const broken = documents.flatMap((document) => [...readFileSync(join(root, document), 'utf8').matchAll(/\]\(([^)#:]+)\)/g)]
    .map(([, target]) => join(document, '..', target ?? ''))
    .filter((target) => !existsSync(join(root, target)))
    .map((target) => `${document}: ${target}`));
  expect(broken).toEqual([]);
});

test('every file that the table of promises names exists', () => {
  const architecture = readFileSync(join(root, 'services/ARCHITECTURE.md'), 'utf8');
  const named = [...architecture.matchAll(/`((?:test|services|schemas|infra|scripts)\/[^`*<]+)`/g)].map(([, file]) => file ?? '');
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

test('every command shown in the README exists', () => {
  const shown = [...readme.matchAll(/npx tidewaiter ([a-z]+)/g)].map(([, name]) => name ?? '');
  const commands = readdirSync(join(root, 'services/cli/commands')).map((file) => file.replace('.ts', ''));
  expect(shown.length).toBeGreaterThan(4);
  expect(shown.filter((name) => !commands.includes(name))).toEqual([]);
});
