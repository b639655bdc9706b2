/** Schemas as files: one .avsc a topic; a name that another file defines is put in place of its first use. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { flow, topics, type TopicName } from '../../topology';
import { projectRoot } from '../project-root';

type Json = string | { [key: string]: Json } | Json[] | number | boolean | null;
interface RecordSchema { type: 'record'; name: string; namespace?: string; doc?: string; fields: FieldSchema[] }
export interface FieldSchema { name: string; type: Json; doc?: string; default?: Json }

const readSchema = (file: string): RecordSchema =>
  JSON.parse(readFileSync(join(projectRoot(), 'schemas', `${file}.avsc`), 'utf8')) as RecordSchema;

/** Which schema a nested stage schema carries inside, by full name: any that a stage writes. */
let embedded: ReadonlyMap<string, TopicName> | undefined;
function embeddedTopic(name: string): TopicName | undefined {
  embedded ??= namesOf(flow.map(({ output }) => output));
  return embedded.get(name);
}

/** A stage that copies may write what it read, under the same name; another record needs another name. */
function namesOf(outputs: readonly TopicName[]): Map<string, TopicName> {
  const names = new Map<string, TopicName>();
  for (const output of outputs) {
    const schema = readSchema(output);
    const name = `${schema.namespace}.${schema.name}`;
    const before = names.get(name);
    if (before !== undefined && JSON.stringify(readSchema(before).fields) !== JSON.stringify(schema.fields)) throw new Error(`${output} and ${before} define ${name} differently`);
    names.set(name, output);
  }
  return names;
}

const originDefinition = (): Json => {
  const field = readSchema('customs.declarations.accepted.v1').fields.find((candidate) => candidate.name === 'origin');
  return { ...(field?.type as Record<string, Json>), namespace: 'customs.declarations' };
};

/** Replaces the first mention of each name defined elsewhere by its definition. */
function inline(node: Json, defined: Set<string>): Json {
  if (typeof node === 'string') {
    if (defined.has(node)) return node;
    const topic = embeddedTopic(node);
    if (topic) { defined.add(node); return inline(readSchema(topic) as unknown as Json, defined); }
    if (node === 'customs.declarations.Origin') { defined.add(node); return originDefinition(); }
    return node;
  }
  if (Array.isArray(node)) return node.map((part) => inline(part, defined));
  if (node === null || typeof node !== 'object') return node;
  if (node['name'] === 'Origin') defined.add('customs.declarations.Origin');
  const copy: { [key: string]: Json } = {};
  for (const [key, part] of Object.entries(node)) {
    copy[key] = key === 'type' || key === 'fields' || key === 'items' || key === 'values' ? inline(part, defined) : part;
  }
  return copy;
}

const composed = new Map<string, Json>();

/** The complete schema of a topic's values, as it is registered. */
export function topicSchema(topic: TopicName): Json {
  let schema = composed.get(topic);
  if (schema === undefined) {
    schema = inline(readSchema(topic) as unknown as Json, new Set());
    composed.set(topic, schema);
  }
  return schema;
}

export const topicSchemaText = (topic: TopicName): string => JSON.stringify(topicSchema(topic));
export const ledgerSchema = (): Json => readSchema('ledger-facts') as unknown as Json;
export const allTopicSchemas = (): readonly { topic: TopicName; text: string }[] =>
  topics.map(({ name }) => ({ topic: name, text: topicSchemaText(name) }));

/** The first fields of a record's schema, up to and with `last`: to read no more than those. */
export function schemaHead(schema: Json, last: string): Json {
  const record = schema as unknown as RecordSchema;
  const end = record.fields.findIndex(({ name }) => name === last);
  return { type: 'record', name: `${record.name}Head`, fields: record.fields.slice(0, end + 1) as unknown as Json };
}

/** The part of a record schema behind its first `count` fields: what a stage appends to the bytes it read. */
export function schemaTail(schema: Json, count: number, name: string): Json {
  const record = schema as unknown as RecordSchema;
  return { type: 'record', name, fields: record.fields.slice(count) as unknown as Json };
}

/** A reader's schema without the named fields (dotted paths through records, arrays and unions). */
export function schemaWithout(schema: Json, paths: readonly string[], prefix = ''): Json {
  if (Array.isArray(schema)) return schema.map((part) => schemaWithout(part, paths, prefix));
  if (schema === null || typeof schema !== 'object') return schema;
  if (Array.isArray(schema['fields'])) {
    const fields = (schema['fields'] as unknown as FieldSchema[])
      .filter((field) => !paths.includes(prefix + field.name))
      .map((field) => ({ ...field, type: schemaWithout(field.type, paths, `${prefix}${field.name}.`) }));
    return { ...schema, fields: fields as unknown as Json };
  }
  if (schema['items'] !== undefined) return { ...schema, items: schemaWithout(schema['items'], paths, prefix) };
  if (typeof schema['type'] === 'object') return { ...schema, type: schemaWithout(schema['type'], paths, prefix) };
  return schema;
}
