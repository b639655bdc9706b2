/** Events of the directory of namespaces as records of customs.reference.v1: each a record of its own, never replaced. */
import { noNamespaces, withEvent, type NamespaceDirectory, type NamespaceEvent } from '../domain/namespace-directory';
import { documentName } from '../reference/documents';
import { referenceTopic } from '../topology';
import { avroType, Encoder } from './avro/codec';
import { topicSchema } from './avro/schema-files';
import { textDigest } from './definition-files';
import type { LogInspector, OutgoingRecord, SchemaSource, SourceRecord } from './ports';
import { documentOf, referenceDecoder, type ReferenceRecord } from './reference-records';
import { ownSchemaId } from './stage-codec';
import { monotonicMs } from './waiting';

/** Kinds of records that are no reference data, and lie on the same topic for the sake of one order. */
const kinds: Readonly<Record<NamespaceEvent['kind'], string>> = { created: 'manifest', refreshed: 'manifest', dropped: 'manifest', promoted: 'live' };
export const isNamespaceKind = (kind: string): boolean => Object.values(kinds).includes(kind);

export async function outgoingEvent(event: NamespaceEvent, schemas: SchemaSource): Promise<OutgoingRecord> {
  const encoder = new Encoder(await ownSchemaId(schemas, referenceTopic), avroType(topicSchema(referenceTopic)));
  const content = JSON.stringify(event);
  const [name, atMs] = nameAndTime(event);
  const named = { id: `namespace-${name}`, version: `${event.kind}.${atMs}` };
  const record: ReferenceRecord = { kind: kinds[event.kind], documentId: named.id, version: named.version, digest: textDigest(content), content };
  return { topic: referenceTopic, partition: 0, key: documentName(named), value: encoder.encode(record) };
}

function nameAndTime(event: NamespaceEvent): readonly [name: string, atMs: number] {
  switch (event.kind) {
    case 'created': return [event.manifest.name, event.manifest.createdAtMs];
    case 'refreshed': return [event.name, event.change.atMs];
    default: return [event.name, event.atMs];
  }
}

/** The event of a record; undefined: it is none, or not one of ours. */
function eventOf(record: ReferenceRecord): NamespaceEvent | undefined {
  return isNamespaceKind(record.kind) ? (documentOf(record) as NamespaceEvent | undefined) : undefined;
}

/** The directory with what a record of the topic says of it; of others nothing. */
export function withRecord(directory: NamespaceDirectory, record: ReferenceRecord, offset: number): NamespaceDirectory {
  const event = eventOf(record);
  return event ? withEvent(directory, event, offset) : directory;
}

/** The directory as the log says, up to its end as of the call. Rejects when broker or registry cannot be reached. */
export async function readDirectory(inspector: LogInspector, schemas: SchemaSource): Promise<NamespaceDirectory> {
  const decoder = referenceDecoder(schemas);
  const records: SourceRecord[] = [];
  await inspector.readAll(referenceTopic, (_partition, record) => { records.push(record); });
  await decoder.prepare(records.map(({ value }) => value), monotonicMs());
  return records.reduce((directory, { value, offset }) => {
    const decoded = decoder.decode(value);
    return 'failure' in decoded ? directory : withRecord(directory, decoded.value, offset);
  }, noNamespaces);
}
