/** Writes the table of settings into README.md, from the settings themselves. Run: node dist/scripts/settings-table.js */
import { settingsTable } from '../services/shell/config';
import { withTable, writeTable, type ReadmeTable } from './readme-table';

const table: ReadmeTable = {
  file: 'README.md', begin: 'test/contract/readme.test.ts -->\n', end: '\n<!-- end of settings -->',
  head: ['setting', 'default', 'meaning'],
  rows: settingsTable().map(({ name, fallback, meaning }) => [`\`${name}\``, fallback === '' ? '' : `\`${fallback}\``, meaning]),
};

/** The README with the table in its place. */
export const withSettings = (readme: string): string => withTable(readme, table);

if (require.main === module) writeTable(table);
