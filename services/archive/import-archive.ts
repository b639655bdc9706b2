/**
 * A topic out of files instead of out of a log. The order of effects: all of it under an unfinished name → what was
 * imported → the topic's name. Before that nothing of it is part of the archive, and the next import begins anew.
 */
import { limits } from '../limits';
import type { RegisteredSchema, SchemaSource } from '../shell/ports';
import { subjectOf, type TopicName } from '../topology';
import { withinFolder, writeWhole, type ArchiveFiles } from './archive-files';
import { UNFINISHED } from './archive-names';
import { ArchiveRefused } from './archive-refused';
import { importOf, importPath, importText, type ImportRecord } from './import-record';
import { archiveTopic, type ArchivedPartition, type ArchivePorts } from './run-archive';
import { SchemaKeeper } from './schema-keeper';

/** An archive in the archive, until it is whole. */
const STAGING = `import${UNFINISHED}`;

export interface ImportSource {
  /** Every partition begins at offset 0, as in a topic that was just made. */
  readonly log: ArchivePorts['inspector'];
  readonly origin: Pick<ImportRecord, 'format' | 'at' | 'files'>;
}

export interface ImportPorts {
  readonly files: ArchiveFiles;
  /** Of all values. */
  readonly schema: RegisteredSchema;
  /** Asked once it is certain that there is room for it. */
  readonly source: () => Promise<ImportSource>;
  readonly onProgress: ArchivePorts['onProgress'];
}

/** One run at a time writes to an archive. @throws ArchiveRefused, and what files and source reject with: nothing of it is archived then. */
export async function importTopic(topic: TopicName, { files, schema, source, onProgress }: ImportPorts): Promise<readonly ArchivedPartition[]> {
  await files.removeFolder(STAGING);
  await mustBeFree(files, topic);
  const { log, origin } = await source();
  const held = await log.offsets(topic);
  if (held.every(({ start, end }) => start === end)) throw new ArchiveRefused('there is no declaration to import');
  const registry = onlySchema(topic, schema);
  await new SchemaKeeper(files, registry).keep(schema.id);
  const staged = withinFolder(files, STAGING);
  const partitions = await archiveTopic(topic, false, { files: staged, inspector: log, registry, onProgress, partitionsAtOnce: limits.importPartitionsAtOnce });
  await writeWhole(staged, importPath(topic), importText({ form: 1, topic, schemaId: schema.id, partitions: held.map(({ end }) => end), ...origin }), UNFINISHED);
  await files.rename(`${STAGING}/${topic}`, topic);
  await files.syncFolder('.');
  await files.removeFolder(STAGING);
  return partitions;
}

/** Whether an import goes on now, or was killed. */
export const unfinishedImport = async (files: ArchiveFiles): Promise<boolean> => (await files.names(STAGING)).length > 0;

async function mustBeFree(files: ArchiveFiles, topic: TopicName): Promise<void> {
  if ((await files.names(topic)).length === 0) return;
  const imported = await importOf(files, topic);
  const what = typeof imported === 'object' ? `${topic}, imported from ${imported.files.map(({ name }) => name).join(', ')} as of ${imported.at}` : topic;
  throw new ArchiveRefused(`the archive has ${what}: nothing is imported behind it. Import into another folder (--to)`);
}

const onlySchema = (topic: TopicName, schema: RegisteredSchema): SchemaSource => ({
  byId: async (id) => (id === schema.id ? schema.schema : undefined),
  latest: async (subject) => (subject === subjectOf(topic) ? schema : undefined),
});
