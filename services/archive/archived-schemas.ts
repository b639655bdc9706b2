/** The registry as the archive has kept it: writer schemas by id, for whoever decodes archived records. */
import type { RegisteredSchema, SchemaSource } from '../shell/ports';
import { subjectOf, topics, type TopicName } from '../topology';
import { archivedPartitions, DamagedArchive, soundChain } from './archive-chain';
import { textDigest, type ArchiveFiles } from './archive-files';
import { manifestPath } from './archive-manifest';
import { SCHEMA_FOLDER, schemaFile, schemaIdOf } from './archive-names';

export class ArchivedSchemas implements SchemaSource {
  constructor(private readonly texts: ReadonlyMap<number, string>, private readonly newest: ReadonlyMap<string, number>) {}

  get ids(): Iterable<number> { return this.texts.keys(); }

  /** The newest schema that the values of an archived topic were written with. */
  async latest(subject: string): Promise<RegisteredSchema | undefined> {
    const id = this.newest.get(subject);
    const schema = id === undefined ? undefined : this.texts.get(id);
    return id === undefined || schema === undefined ? undefined : { id, schema };
  }

  async byId(id: number): Promise<string | undefined> { return this.texts.get(id); }
}

/** @throws DamagedArchive where a schema is missing that values need, or is not the one that they were archived with. */
export async function archivedSchemas(files: ArchiveFiles): Promise<ArchivedSchemas> {
  const texts = new Map<number, string>();
  for (const name of await files.names(SCHEMA_FOLDER)) {
    const id = schemaIdOf(name);
    if (id !== undefined) texts.set(id, await files.readText(schemaFile(id)));
  }
  const digests = new Map([...texts].map(([id, text]) => [id, textDigest(text)]));
  const newest = new Map<string, number>();
  for (const { name: topic } of topics) {
    for (const id of await idsOf(files, topic, digests)) newest.set(subjectOf(topic), Math.max(id, newest.get(subjectOf(topic)) ?? id));
  }
  return new ArchivedSchemas(texts, newest);
}

async function idsOf(files: ArchiveFiles, topic: TopicName, digests: ReadonlyMap<number, string>): Promise<Set<number>> {
  const ids = new Set<number>();
  for (const partition of await archivedPartitions(files, topic)) {
    for (const manifest of (await soundChain(files, topic, partition)).manifests) {
      for (const [id, digest] of Object.entries(manifest.schemas)) {
        if (digests.get(Number(id)) !== digest) throw new DamagedArchive([{ file: schemaFile(Number(id)), offset: manifest.firstOffset, fault: `it is missing, or is not the schema that ${manifestPath(manifest)} was archived with` }]);
        ids.add(Number(id));
      }
    }
  }
  return ids;
}
