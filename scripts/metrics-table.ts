/** Writes the table of metrics into services/shell/metrics/README.md, from the metrics themselves. Run: node dist/scripts/metrics-table.js */
import { metrics } from '../services/shell/metrics/metric-table';
import { withTable, writeTable, type ReadmeTable } from './readme-table';

const table: ReadmeTable = {
  file: 'services/shell/metrics/README.md', begin: 'test/contract/metrics.test.ts -->\n', end: '\n<!-- end of metrics -->',
  head: ['metric', 'type', 'labels', 'services', 'meaning'],
  rows: metrics.map(({ name, type, labels, of, help }) => [`\`${name}\``, type, labels.map((label) => `\`${label}\``).join(', '), of, help]),
};

/** The README with the table in its place. */
export const withMetrics = (readme: string): string => withTable(readme, table);

if (require.main === module) writeTable(table);
