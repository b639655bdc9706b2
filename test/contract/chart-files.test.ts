/** infra/helm/tidewaiter, as far as it can be checked without Helm: what is copied into it is what it was copied from. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { chartFiles, freeSettings } from '../../scripts/chart-files';
import { settingsTable } from '../../services/shell/config';
import { stageNames } from '../../services/topology';

const root = join(__dirname, '../..');
const chart = join(root, 'infra/helm/tidewaiter');
const text = (file: string): string => readFileSync(join(chart, file), 'utf8');

test.each([...chartFiles()])('%s is made from the code: run "node dist/scripts/chart-files.js" when it is not', (file, content) => {
  expect(readFileSync(join(root, file), 'utf8')).toBe(content);
});

test('the chart has the version of the services', () => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  expect(parse(text('Chart.yaml'))).toMatchObject({ apiVersion: 'v2', appVersion: version });
});

test('values are there for every service, and for no other', () => {
  const { services } = parse(text('values.yaml')) as { services: Record<string, unknown> };
  expect(Object.keys(services)).toEqual([...stageNames, 'console']);
});

test('templates name settings that exist, and every setting is either made by them or a value', () => {
  const known = new Set(settingsTable().map(({ name }) => name));
  const named = new Set(readdirSync(join(chart, 'templates')).flatMap((file) => [...text(`templates/${file}`).matchAll(/TIDEWAITER_[A-Z_]+/g)].map(([name]) => name)));
  /** Named as one that must not come about. */
  named.delete('TIDEWAITER_CONSOLE_PORT');
  expect([...named].filter((name) => !known.has(name))).toEqual([]);
  const free = new Set(freeSettings().map(({ name }) => name));
  expect([...known].filter((name) => !named.has(name) && !free.has(name)).sort()).toEqual(['TIDEWAITER_BASE_PORT', 'TIDEWAITER_CACHE', 'TIDEWAITER_CONSOLE_PORT', 'TIDEWAITER_HOME', 'TIDEWAITER_NAMESPACE']);
});

test('every object in the schema refuses what it does not know, but for what Kubernetes defines', () => {
  const open: string[] = [];
  const look = (schema: unknown, path: string): void => {
    if (typeof schema !== 'object' || schema === null) return;
    const { type, additionalProperties } = schema as { type?: unknown; additionalProperties?: unknown };
    if (type === 'object' && (additionalProperties === undefined || additionalProperties === true)) open.push(path);
    for (const [key, value] of Object.entries(schema)) look(value, `${path}/${key}`);
  };
  look(JSON.parse(text('values.schema.json')), '');
  expect(open.map((path) => path.split('/').at(-1)).sort()).toEqual(['affinity', 'global', 'ipBlock', 'items', 'items', 'limits', 'namespaceSelector', 'podSelector', 'requests', 'strategy']);
});
