/** Writes the table of settings into README.md, from the settings themselves. Run: node dist/scripts/settings-table.js */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingsTable } from '../services/shell/config';
import { projectRoot } from '../services/shell/project-root';

/** The table between its two marks. */
export function settingsMarkdown(): string {
  const rows = settingsTable().map(({ name, fallback, meaning }) => `| \`${name}\` | ${fallback === '' ? '' : `\`${fallback}\``} | ${meaning} |`);
  return ['| setting | default | meaning |', '|---|---|---|', ...rows].join('\n');
}

const BEGIN = 'test/contract/readme.test.ts -->\n';
const END = '\n<!-- end of settings -->';

/** The README with the table in its place. */
export function withSettings(readme: string): string {
  const start = readme.indexOf(BEGIN) + BEGIN.length;
  return readme.slice(0, start) + settingsMarkdown() + readme.slice(readme.indexOf(END));
}

if (require.main === module) {
  const file = join(projectRoot(), 'README.md');
  writeFileSync(file, withSettings(readFileSync(file, 'utf8')));
}
