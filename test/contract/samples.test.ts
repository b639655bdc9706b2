/**
 * schemas/samples: one golden record of every topic, as bytes and as values. Schemas may grow; what was
 * written with these bytes must always be read as these values.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plain } from '../../scripts/samples';
import { readNdjsonLine } from '../../services/feed/ndjson';
import { avroType } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import { topics } from '../../services/topology';

const folder = join(__dirname, '../../schemas/samples');
interface Sample { readonly bytes: string; readonly value: unknown }

test.each(topics.map(({ name }) => name))('%s', (topic) => {
  const sample = JSON.parse(readFileSync(join(folder, `${topic}.json`), 'utf8')) as Sample;
  const type = avroType(topicSchema(topic));
  const bytes = Buffer.from(sample.bytes, 'hex');
  const value: unknown = type.fromBuffer(bytes);
  expect(plain(value)).toEqual(sample.value);
  expect(type.toBuffer(value).equals(bytes)).toBe(true);
});

test('decimals are what they say: 1,250.00 CDF is 12,500,000 ten-thousandths in the raw record and in revenue', () => {
  const assessed = (topic: string, path: readonly (string | number)[]): unknown => path.reduce<unknown>((part, step) => (part as Record<string | number, unknown>)[step], (JSON.parse(readFileSync(join(folder, `${topic}.json`), 'utf8')) as Sample).value);
  expect(assessed('customs.declarations.raw.v1', ['items', 0, 'taxes', 0, 'assessed'])).toEqual({ $integer: '12500000' });
  expect(assessed('customs.aggregates.revenue.v1', ['assessed'])).toEqual({ $integer: '12500000' });
});

test('the example of the README can be fed', () => {
  const read = readNdjsonLine(readFileSync(join(folder, 'declaration.ndjson'), 'utf8'), 1);
  expect(read?.faults).toEqual([]);
  expect(read?.declaration?.declarationId).toBe('CD-2026-7');
});
