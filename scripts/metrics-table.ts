/** Writes the table of metrics into services/shell/metrics/README.md, from the metrics themselves. Run: node dist/scripts/metrics-table.js */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { metrics } from '../services/shell/metrics/metric-table';
import { projectRoot } from '../services/shell/project-root';

const BEGIN = 'test/contract/metrics.test.ts -->\n';
const END = '\n<!-- end of metrics -->';

/** The README with the table in its place. */
export function withMetrics(readme: string): string {
  const rows = metrics.map(({ name, type, labels, of, help }) => `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${of} | ${help} |`);
  const table = ['| metric | type | labels | services | meaning |', '|---|---|---|---|---|', ...rows].join('\n');
  const start = readme.indexOf(BEGIN) + BEGIN.length;
  return readme.slice(0, start) + table + readme.slice(readme.indexOf(END));
}

if (require.main === module) {
  const file = join(projectRoot(), 'services/shell/metrics/README.md');
  writeFileSync(file, withMetrics(readFileSync(file, 'utf8')));
}
