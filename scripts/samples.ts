/**
 * Writes the bytes of schemas/samples from their values: `node dist/scripts/samples.js [topic …]`, all without names.
 * A field that a value lacks gets the default of its schema. Only for a schema that grew or a topic that is new:
 * bytes that were written once are a promise, and test/contract/samples.test.ts reads them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { avroType } from '../services/shell/avro/codec';
import { topicSchema } from '../services/shell/avro/schema-files';
import { projectRoot } from '../services/shell/project-root';
import { topics } from '../services/topology';

/** Integers beyond JSON stand as {"$integer": text}, bytes as {"$hex": text}. */
export function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return { $integer: String(value) };
  if (Buffer.isBuffer(value)) return { $hex: value.toString('hex') };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
  return value;
}

function unplain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unplain);
  if (typeof value !== 'object' || value === null) return value;
  if ('$integer' in value) return BigInt(value.$integer as string);
  if ('$hex' in value) return Buffer.from(value.$hex as string, 'hex');
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, unplain(part)]));
}

if (require.main === module) {
  const chosen = process.argv.slice(2);
  for (const { name } of topics) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    const file = join(projectRoot(), 'schemas', 'samples', `${name}.json`);
    const type = avroType(topicSchema(name));
    const bytes = type.toBuffer(unplain((JSON.parse(readFileSync(file, 'utf8')) as { value: unknown }).value));
    writeFileSync(file, `${JSON.stringify({ bytes: bytes.toString('hex'), value: plain(type.fromBuffer(bytes)) }, null, 1)}\n`);
  }
}
