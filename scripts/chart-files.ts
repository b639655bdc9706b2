/**
 * Writes what the Helm chart has from elsewhere: `node dist/scripts/chart-files.js`. A chart can read nothing outside its own
 * folder, so that services, topics and rules are copied into it; test/contract/chart-files.test.ts fails when one is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMap, isScalar, parseDocument, stringify, type Scalar, type YAMLMap } from 'yaml';
import { declaredConfigs } from '../services/cli/topic-differences';
import { limits } from '../services/limits';
import { readConfig, settingsTable } from '../services/shell/config';
import { projectRoot } from '../services/shell/project-root';
import { aggregateInputs, consumerGroup, flow, stageNames, topics, type StageName } from '../services/topology';
import { withTable, type ReadmeTable } from './readme-table';

const chart = 'infra/helm/tidewaiter';
const SECOND_MS = 1_000;

/** Replicas of a topic from which on declaredConfigs asks for two of them in sync. */
const [UNREPLICATED, REPLICATED] = [1, 3];

/** What a stage reads as a member of a group; nothing: `publish` reads the store. */
const inputsOf = (name: StageName): readonly string[] => (name === 'aggregate' ? aggregateInputs : flow.filter((stage) => stage.name === name).map(({ input }) => input));

/** Services, topics and bounds, as templates read them. */
function topology(): string {
  const stages = stageNames.map((name) => {
    const inputs = inputsOf(name);
    return { name, main: `dist/services/${name}/main.js`, redis: !flow.some((stage) => stage.name === name), traced: true, ...(inputs.length > 0 ? { group: consumerGroup(name), inputs: [...inputs] } : {}) };
  });
  return `# Written by scripts/chart-files.ts from services/topology.ts, services/limits.ts and the settings of topics.\n${stringify({
    services: [...stages, { name: 'console', main: 'dist/services/console/main.js', redis: true, traced: false }],
    consolePort: readConfig({}).consolePort,
    stopDeadlineSeconds: Math.ceil(limits.stopDeadlineMs / SECOND_MS),
    topics: topics.map((topic) => ({
      name: topic.name, ...(topic.partitions === 'setting' ? {} : { partitions: topic.partitions }),
      config: declaredConfigs(topic, UNREPLICATED), replicatedConfig: declaredConfigs(topic, REPLICATED),
    })),
  }, { aliasDuplicateObjects: false })}`;
}

/** Settings that the chart makes itself, of its other values. */
const made = /^TIDEWAITER_(HOME|CACHE|BASE_PORT|PROFILE|BROKERS|NAMESPACE|PARTITIONS|REPLICATION|PSEUDONYM_KEY_FILE|SERVICE_URLS|(REGISTRY|REDIS|KAFKA|METRICS|CONSOLE)_.*)$/;
/** Settings that values may have under `settings`. */
export const freeSettings = (): { name: string; meaning: string }[] => settingsTable().filter(({ name }) => !made.test(name));

interface Schema { properties: { settings: { properties: unknown }; services: { properties: unknown } } }

/** The schema of the values, with the settings and services that there are. */
export function withNames(text: string): string {
  const schema = JSON.parse(text) as Schema;
  schema.properties.settings.properties = Object.fromEntries(freeSettings().map(({ name, meaning }) => [name, { type: ['string', 'number', 'boolean'], description: meaning }]));
  const groups = new Set<string>(stageNames.filter((name) => inputsOf(name).length > 0));
  schema.properties.services.properties = Object.fromEntries([...stageNames, 'console'].map((name) => [name, { $ref: groups.has(name) ? '#/$defs/stage' : '#/$defs/service' }]));
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

/** The comment above an entry; that above the first one is the map's. */
function lineAbove(map: YAMLMap, index: number): string | undefined {
  const comment = (map.items[index]?.key as Scalar).commentBefore ?? (index === 0 ? map.commentBefore : undefined);
  return comment?.split(/\n\s*\n/).at(-1)?.replaceAll(/\s*\n\s*/g, ' ').trim();
}

/** Values with the line above each. A map whose entries have such lines is described by them. */
function rowsOf(map: YAMLMap, path: string): string[][] {
  return map.items.flatMap(({ key, value }, index) => {
    const name = `${path}${String((key as Scalar).value)}`;
    const told = lineAbove(map, index);
    if (isMap(value) && value.items.length > 0 && (told === undefined || lineAbove(value, 0) !== undefined)) {
      return [...(told === undefined ? [] : [[`\`${name}\``, '', told]]), ...rowsOf(value, `${name}.`)];
    }
    if (told === undefined) throw new Error(`${chart}/values.yaml: ${name} has no line that says what it is`);
    const fallback: unknown = isScalar(value) ? value.value : (value as YAMLMap).toJSON();
    return [[`\`${name}\``, fallback === '' ? '' : `\`${typeof fallback === 'string' ? fallback : JSON.stringify(fallback)}\``, told]];
  });
}

const values = (): ReadmeTable => ({
  file: `${chart}/README.md`, begin: 'test/contract/chart-files.test.ts -->\n', end: '\n<!-- end of values -->',
  head: ['value', 'default', 'meaning'],
  rows: rowsOf(parseDocument(text(`${chart}/values.yaml`)).contents as YAMLMap, '').map((row) => row.map((cell) => cell.replaceAll('|', '\\|'))),
});

const text = (file: string): string => readFileSync(join(projectRoot(), file), 'utf8');

/** Every file that is made, by its path from the project's root, as it should be. */
export const chartFiles = (): ReadonlyMap<string, string> => new Map([
  [`${chart}/files/topology.yaml`, topology()],
  [`${chart}/files/alerts.yaml`, text('infra/prometheus/alerts.yml')],
  [`${chart}/values.schema.json`, withNames(text(`${chart}/values.schema.json`))],
  [`${chart}/README.md`, withTable(text(`${chart}/README.md`), values())],
]);

if (require.main === module) for (const [file, content] of chartFiles()) writeFileSync(join(projectRoot(), file), content);
