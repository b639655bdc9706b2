/**
 * Writes schemas/asyncapi.yaml from topology and schemas: `node dist/scripts/asyncapi.js [--check]`.
 * The file is committed for those who read it; a test fails when it is stale.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { flow, subjectOf, topics, aggregateInputs, publishedTopics, type TopicDeclaration } from '../services/topology';
import { topicSchema } from '../services/shell/avro/schema-files';
import { projectRoot } from '../services/shell/project-root';

const AVRO_FORMAT = 'application/vnd.apache.avro;version=1.9.0';

/** customs.declarations.raw.v1 → declarationsRaw */
const channelId = (topic: string): string => {
  const parts = topic.split('.').slice(1, -1);
  return parts.map((part, index) => (index === 0 ? part : part[0]?.toUpperCase() + part.slice(1))).join('');
};

function channel(topic: TopicDeclaration): Record<string, unknown> {
  return {
    address: topic.name,
    description: topic.doc,
    messages: {
      value: {
        name: subjectOf(topic.name),
        contentType: 'application/vnd.apache.avro',
        summary: `Key: ${topic.key}. Value: Avro in Confluent wire format.`,
        payload: { schemaFormat: AVRO_FORMAT, schema: topicSchema(topic.name) },
        bindings: { kafka: { key: { type: 'string' }, schemaIdLocation: 'payload', schemaIdPayloadEncoding: 'confluent', schemaLookupStrategy: 'TopicNameStrategy', bindingVersion: '0.5.0' } },
      },
    },
    bindings: { kafka: { topic: topic.name, topicConfiguration: { 'cleanup.policy': [topic.cleanup], 'retention.ms': -1 }, bindingVersion: '0.5.0' } },
  };
}

function operations(): Record<string, unknown> {
  const entries: [string, unknown][] = [];
  const add = (action: 'send' | 'receive', stage: string, topic: string): void => {
    const id = channelId(topic);
    entries.push([`${stage}${action === 'send' ? 'Sends' : 'Receives'}${(id[0] ?? '').toUpperCase()}${id.slice(1)}`, { action, channel: { $ref: `#/channels/${id}` }, summary: `Service ${stage}` }]);
  };
  for (const stage of flow) {
    add('receive', stage.name, stage.input);
    for (const topic of stage.outputs) add('send', stage.name, topic);
  }
  for (const topic of aggregateInputs) add('receive', 'aggregate', topic);
  for (const topic of Object.values(publishedTopics)) add('send', 'publish', topic);
  return Object.fromEntries(entries);
}

export function asyncApiDocument(): string {
  return stringify({
    asyncapi: '3.0.0',
    info: { title: 'Tidewaiter', version: '1.0.0', description: 'Topics of the customs declaration stream. Written by scripts/asyncapi.ts from services/topology.ts and schemas/*.avsc.', license: { name: 'Apache-2.0' } },
    defaultContentType: 'application/vnd.apache.avro',
    channels: Object.fromEntries(topics.map((topic) => [channelId(topic.name), channel(topic)])),
    operations: operations(),
  }, { lineWidth: 160, aliasDuplicateObjects: false });
}

if (require.main === module) {
  const file = join(projectRoot(), 'schemas', 'asyncapi.yaml');
  const document = asyncApiDocument();
  if (!process.argv.includes('--check')) writeFileSync(file, document);
  else if (readFileSync(file, 'utf8') !== document) {
    process.stderr.write('schemas/asyncapi.yaml is stale: run node dist/scripts/asyncapi.js\n');
    process.exitCode = 1;
  }
}
