/** Reference documents as records of customs.reference.v1: the whole document as JSON, named by id and version. */
import { canonicalText, documentName, type ReferenceDocument } from '../reference/documents';
import { referenceTopic } from '../topology';
import { avroType, Decoder, Encoder } from './avro/codec';
import { topicSchema } from './avro/schema-files';
import { textDigest } from './definition-files';
import type { OutgoingRecord, SchemaSource } from './ports';
import { ownSchemaId } from './stage-codec';

/** `content`: the document as JSON; `digest`: SHA-256 of it. */
export interface ReferenceRecord { readonly kind: string; readonly documentId: string; readonly version: string; readonly digest: string; readonly content: string }

export const referenceDecoder = (schemas: SchemaSource): Decoder<ReferenceRecord> => new Decoder<ReferenceRecord>(avroType(topicSchema(referenceTopic)), schemas);

/** The document of a record; undefined when its content is no JSON: such a record was not written by us. */
export function documentOf({ content }: ReferenceRecord): unknown {
  try {
    return JSON.parse(content) as unknown;
  } catch {
    return undefined;
  }
}

export async function outgoingDocument(document: ReferenceDocument, schemas: SchemaSource): Promise<OutgoingRecord> {
  const encoder = new Encoder(await ownSchemaId(schemas, referenceTopic), avroType(topicSchema(referenceTopic)));
  const content = canonicalText(document);
  const record: ReferenceRecord = { kind: document.kind, documentId: document.id, version: document.version, digest: textDigest(content), content };
  return { topic: referenceTopic, partition: 0, key: documentName(document), value: encoder.encode(record) };
}
