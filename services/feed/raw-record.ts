/** A declaration as the raw topic holds it, whoever puts it there: `feed` sends it, `archive import` writes it into files. */
import type { RawDeclaration } from '../domain/declaration';
import { avroType, Encoder } from '../shell/avro/codec';
import { topicSchema } from '../shell/avro/schema-files';
import type { OutgoingRecord } from '../shell/ports';
import { rawTopic } from '../topology';

export type EncodeDeclaration = (declaration: RawDeclaration) => Buffer;

/** Framed Avro of this program's own schema, which is known by the id. */
export function rawEncoder(schemaId: number): EncodeDeclaration {
  const encoder = new Encoder(schemaId, avroType(topicSchema(rawTopic)));
  return (declaration) => encoder.encode(declaration);
}

/** The key is the declaration's id, from which the partition follows; there are no headers. */
export const rawRecord = (declaration: RawDeclaration, partition: number, encode: EncodeDeclaration): OutgoingRecord =>
  ({ topic: rawTopic, partition, key: declaration.declarationId, value: encode(declaration) });
