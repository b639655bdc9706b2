/** schemas/asyncapi.yaml: valid AsyncAPI 3, and exactly what topology and schemas say. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Parser } from '@asyncapi/parser';
import { AvroSchemaParser } from '@asyncapi/avro-schema-parser';
import { parse } from 'yaml';
import { topics } from '../../services/topology';
import { topicSchema } from '../../services/shell/avro/schema-files';

const text = readFileSync(join(__dirname, '../../schemas/asyncapi.yaml'), 'utf8');
interface Document { channels: Record<string, { address: string; messages: { value: { payload: { schema: unknown } } }; bindings: { kafka: { topicConfiguration: { 'cleanup.policy': string[] } } } }> }
const document = parse(text) as Document;

test('the document is valid AsyncAPI', async () => {
  const parser = new Parser({ schemaParsers: [AvroSchemaParser()] });
  const diagnostics = await parser.validate(text);
  expect(diagnostics.filter(({ severity }) => Number(severity) === 0).map(({ message, path }) => `${path.join('.')}: ${message}`)).toEqual([]);
}, 60_000);

test('it has every topic, no other, and keeps them as the topology does', () => {
  const channels = Object.values(document.channels);
  expect(channels.map(({ address }) => address).sort()).toEqual(topics.map(({ name }) => name).sort());
  for (const topic of topics) {
    const channel = channels.find(({ address }) => address === topic.name);
    expect(channel?.bindings.kafka.topicConfiguration['cleanup.policy']).toEqual([topic.cleanup]);
    expect(channel?.messages.value.payload.schema).toEqual(JSON.parse(JSON.stringify(topicSchema(topic.name))));
  }
});
