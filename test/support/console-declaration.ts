import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { avroType } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';

/** The golden raw declaration, with other fields where a test says so. */
export function rawValue(over: Readonly<Record<string, unknown>>): object {
  const { bytes } = JSON.parse(readFileSync(join(__dirname, '../../schemas/samples/customs.declarations.raw.v1.json'), 'utf8')) as { bytes: string };
  return { ...(avroType(topicSchema('customs.declarations.raw.v1')).fromBuffer(Buffer.from(bytes, 'hex')) as object), ...over };
}
