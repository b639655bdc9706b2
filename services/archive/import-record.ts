/** What lies in a topic's folder where its records were imported from files: which ones, and what must be there of them. */
import { z } from 'zod';
import type { TopicName } from '../topology';
import type { ArchiveFault, Chain } from './archive-chain';
import { archivedPartitions } from './archive-chain';
import { textDigest, type ArchiveFiles } from './archive-files';
import { partitionFolder } from './archive-names';

const IMPORT = 'import.json';
const count = z.number().int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const recordSchema = z.strictObject({
  form: z.literal(1),
  topic: z.string(),
  format: z.string(),
  /** Time of all records. */
  at: z.iso.datetime(),
  schemaId: count,
  /** Records of each partition, from partition 0 on: offsets begin at 0, and no log can say what is missing. */
  partitions: z.array(count),
  /** In the order in which they were read. What could not be read is not in the archive. */
  files: z.array(z.strictObject({ name: z.string(), bytes: count, sha256, declarations: count, unreadable: count })),
});
const signedSchema = recordSchema.extend({ sha256 });

export type ImportRecord = Readonly<z.infer<typeof recordSchema>>;

export const importPath = (topic: TopicName): string => `${topic}/${IMPORT}`;

/** The text of its file, with a digest over what stands in it. */
export function importText(record: ImportRecord): string {
  const ordered = recordSchema.parse(record);
  return `${JSON.stringify({ ...ordered, sha256: textDigest(JSON.stringify(ordered)) }, null, 1)}\n`;
}

/** What the file says, or what is wrong with it. */
function parseImport(text: string): ImportRecord | string {
  try {
    const parsed = signedSchema.safeParse(JSON.parse(text));
    if (!parsed.success) return `the record of the import is none: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`;
    const { sha256: digest, ...record } = parsed.data;
    return textDigest(JSON.stringify(record)) === digest ? record : 'the record of the import is not what was written';
  } catch {
    return 'the record of the import is no JSON';
  }
}

/** Undefined: the topic is archived from a log, or not at all. Text: what is wrong with the record of its import. */
export async function importOf(files: ArchiveFiles, topic: TopicName): Promise<ImportRecord | string | undefined> {
  if (!(await files.names(topic)).includes(IMPORT)) return undefined;
  const record = parseImport(await files.readText(importPath(topic)));
  return typeof record === 'string' || record.topic === topic ? record : 'the record of the import is that of another topic';
}

/** Topics that are archived from a log, of those that are wanted. */
export async function topicsOfLogs(files: ArchiveFiles, wanted: readonly TopicName[]): Promise<readonly TopicName[]> {
  const found: TopicName[] = [];
  for (const topic of wanted) if ((await importOf(files, topic)) === undefined && (await archivedPartitions(files, topic)).length > 0) found.push(topic);
  return found;
}

/** Partitions that an import has put records into. */
export const importedPartitions = (imported: ImportRecord | string | undefined): number[] =>
  (typeof imported === 'object' ? imported.partitions.flatMap((records, partition) => (records > 0 ? [partition] : [])) : []);

/** Whether a partition has what was imported: pure. */
export function importFaults({ topic, partition, manifests }: Chain, imported: ImportRecord | string): ArchiveFault[] {
  if (typeof imported === 'string') return [{ file: importPath(topic), offset: 0, fault: imported }];
  const expected = imported.partitions[partition] ?? 0;
  const [from, next] = [manifests[0]?.firstOffset ?? 0, manifests.at(-1)?.nextOffset ?? 0];
  if (from === 0 && next === expected) return [];
  return [{ file: partitionFolder(topic, partition), offset: Math.min(next, expected), fault: `${expected} records were imported into it, and its files have offsets ${from} to ${next - 1}` }];
}
