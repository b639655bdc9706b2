/** `archive import`: history that exists only as files becomes an archive of the raw topic, which a replay reads like any other. */
import { createReadStream, statSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { Command } from 'commander';
import { withArchiveLock } from '../../archive/archive-lock';
import { importTopic, type ImportSource } from '../../archive/import-archive';
import { openArchive } from '../../archive/read-archive';
import type { ArchivedPartition } from '../../archive/run-archive';
import { assignedSchemaId } from '../../archive/schema-keeper';
import { Calendar } from '../../domain/period';
import { faultText } from '../../feed/feed-line';
import { FileLog, type CountedFile, type FileLogSettings } from '../../feed/file-log';
import { readLines, type FeedFormat } from '../../feed/formats';
import { topicSchemaText } from '../../shell/avro/schema-files';
import { readConfig, type Config } from '../../shell/config';
import { readProfile } from '../../shell/definition-files';
import type { RegisteredSchema } from '../../shell/ports';
import { ownSchemaId, SchemaMismatch } from '../../shell/stage-codec';
import { rawTopic } from '../../topology';
import { moment, positiveInteger } from '../arguments';
import { CountProgress } from '../count-progress';
import { CommandFailure, usage } from '../failure';
import { formatOption } from '../format-option';
import { withNeighbours } from '../neighbours';
import { print, printJson, say } from '../output';
import { explained } from './explained';

interface Options { format: FeedFormat; to?: string; partitions?: number; at?: number; profile?: string; offline?: true; json?: true }

export const importCommand = (): Command => new Command('import')
  .description('makes an archive of the raw topic out of files of declarations, for a replay')
  .argument('<file...>', 'files, one behind the other; each is read twice')
  .addOption(formatOption().makeOptionMandatory())
  .option('--to <folder>', 'the archive; default: TIDEWAITER_ARCHIVE')
  .option('--partitions <n>', 'partitions of the topic; default: TIDEWAITER_PARTITIONS', positiveInteger)
  .option('--at <time>', 'time of arrival of all records; default: now', moment)
  .option('--profile <id>', 'authority whose time zone cuts dates without a time; default: TIDEWAITER_PROFILE')
  .option('--offline', 'asks no registry: the archive gives the schema an id that is no registry’s')
  .option('--json', 'one JSON object')
  .addHelpText('after', `
Records are those that "tidewaiter feed" would send: keys, partitions, values; offsets begin at 0. With --at, the
same files give the same archive. What happened after --at is refused when it is counted, as a date of the future.
Lines that are no event are named on standard error and left out; the exit code is then 1.

The archive may hold nothing of the raw topic before. An import that is killed leaves nothing that counts: run it
again. Without --offline the schema registry must be up; no broker is asked either way.

Examples:
  tidewaiter archive import declarations.ndjson --format ndjson --to ./history --offline
  tidewaiter archive import 2024.ndjson 2025.ndjson --format ndjson --partitions 8
  tidewaiter archive import kcs-train.csv --format kcs-csv --profile KR --at 2021-01-01`)
  .action(run);

async function run(paths: string[], options: Options): Promise<void> {
  const bytes = paths.reduce((sum, path) => sum + bytesOf(path), 0);
  const config = readConfig({
    ...process.env,
    ...(options.profile === undefined ? {} : { TIDEWAITER_PROFILE: options.profile }),
    ...(options.partitions === undefined ? {} : { TIDEWAITER_PARTITIONS: String(options.partitions) }),
  });
  const root = options.to === undefined ? config.archive : resolve(options.to);
  const schema = options.offline ? ownSchema() : await registeredSchema(config);
  const calendar = new Calendar(readProfile(config.TIDEWAITER_PROFILE).timeZone);
  const settings: FileLogSettings = {
    files: paths.map((path) => ({ name: path, open: () => createReadStream(path) })),
    partitions: config.TIDEWAITER_PARTITIONS, timestampMs: options.at ?? Date.now(), schemaId: schema.id,
    read: (input) => readLines(options.format, input, calendar),
  };
  const result = await explained(() => withArchiveLock(root, () => importFiles(root, settings, options.format, schema, bytes)));
  const at = new Date(settings.timestampMs).toISOString();
  if (options.json) printJson({ archive: root, topic: rawTopic, at, schema: { id: schema.id, from: options.offline ? 'archive' : 'registry' }, ...result });
  else show(result, at, root);
  conclude(result.files);
}

function bytesOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw usage(`there is no file "${path}"`);
  if (!found.isFile()) throw usage(`"${path}" is no file that can be read twice`);
  return found.size;
}

function ownSchema(): RegisteredSchema {
  const schema = topicSchemaText(rawTopic);
  return { id: assignedSchemaId(schema), schema };
}

/** As the registry has it: an archive belongs to one registry. */
async function registeredSchema(config: Config): Promise<RegisteredSchema> {
  try {
    return await withNeighbours(config, async (neighbours) => {
      const registry = await neighbours.registry();
      const id = await neighbours.registryCall(ownSchemaId(registry, rawTopic).catch(asFailure));
      const schema = await neighbours.registryCall(registry.byId(id));
      if (schema === undefined) throw new CommandFailure(`the schema registry does not have the schema of its own id ${id}`);
      return { id, schema };
    });
  } catch (error) {
    throw error instanceof CommandFailure ? new CommandFailure(`${error.message} With --offline it is not asked.`, error.exitCode) : error;
  }
}

const asFailure = (error: unknown): never => { throw error instanceof SchemaMismatch ? new CommandFailure(`${error.message}.`) : error; };

interface Imported { readonly files: readonly CountedFile[]; readonly partitions: readonly ArchivedPartition[] }

async function importFiles(root: string, settings: FileLogSettings, format: FeedFormat, schema: RegisteredSchema, bytes: number): Promise<Imported> {
  let progress: CountProgress | undefined = new CountProgress(bytes, 'bytes looked through');
  let files: readonly CountedFile[] = [];
  const source = async (): Promise<ImportSource> => {
    let done = 0;
    const log = await FileLog.counted(settings, {
      onFaults: (file, line) => progress?.line(settings.files.length > 1 ? `${file}: ${faultText(line)}` : faultText(line)),
      onBytes: (more) => progress?.update(done += more),
    });
    progress?.stop();
    progress = undefined;
    files = log.files;
    return { log, origin: { format, at: new Date(settings.timestampMs).toISOString(), files: files.map(({ name, bytes: size, sha256, declarations, faulty }) => ({ name: basename(name), bytes: size, sha256, declarations, unreadable: faulty })) } };
  };
  const onProgress = (records: number, total: number): void => { progress ??= new CountProgress(total, 'declarations'); progress.update(records); };
  try {
    const partitions = await importTopic(rawTopic, { files: openArchive(root), schema, source, onProgress });
    return { files, partitions };
  } finally {
    progress?.stop();
  }
}

function show({ files, partitions }: Imported, at: string, root: string): void {
  for (const { name, declarations } of files) print(`${name}: ${declarations} declarations imported.`);
  print(`${rawTopic}: ${partitions.reduce((sum, { records }) => sum + records, 0)} records in ${partitions.reduce((sum, part) => sum + part.files, 0)} files, ${partitions.length} partitions, as of ${at}.`);
  print(`Archive: ${root}`);
}

function conclude(files: readonly CountedFile[]): void {
  const unknownFields = files.reduce((sum, file) => sum + file.unknownFields, 0);
  const faulty = files.reduce((sum, file) => sum + file.faulty, 0);
  if (unknownFields > 0) say(`${unknownFields} fields that an event does not have were left out`);
  if (faulty > 0) throw new CommandFailure(`${faulty} lines were not imported: correct them and import the files into another folder, or let them go`);
}
