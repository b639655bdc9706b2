/**
 * The archive as whoever counts history again reads it: the records of a partition in the order of their offsets.
 * Each file is held against its digest before any record of it is handed over; one row group is in memory at a time.
 */
import type { SourceRecord, TopicPartition } from '../shell/ports';
import { topics, type TopicName } from '../topology';
import { archivedPartitions, DamagedArchive, soundChain, type Chain } from './archive-chain';
import { DiskFiles, fileDigest, type ArchiveFiles } from './archive-files';
import { recordsPath, type FileManifest } from './archive-manifest';
import type { OffsetSpan } from './archive-names';
import { RecordFileReader } from './parquet/record-file-reader';

/** What the archive has of a partition: offsets from (included) to next (excluded), `leftOut` excepted. */
export interface ArchivedRange extends TopicPartition, OffsetSpan {
  readonly records: number;
  readonly bytes: number;
  readonly files: readonly FileManifest[];
  /** Lost before it was archived, and let go by a person. */
  readonly leftOut: readonly OffsetSpan[];
}

/** The archive in a folder. */
export const openArchive = (folder: string): ArchiveFiles => new DiskFiles(folder);

/** Ranges of one topic, or of all. @throws DamagedArchive where files do not join. */
export async function archivedRanges(files: ArchiveFiles, only?: TopicName): Promise<readonly ArchivedRange[]> {
  const ranges: ArchivedRange[] = [];
  for (const { name: topic } of topics) {
    if (only !== undefined && topic !== only) continue;
    for (const partition of await archivedPartitions(files, topic)) {
      const range = await archivedRange(files, { topic, partition });
      if (range) ranges.push(range);
    }
  }
  return ranges;
}

/** Undefined: nothing of that partition is archived. @throws DamagedArchive where files do not join. */
export const archivedRange = async (files: ArchiveFiles, { topic, partition }: TopicPartition): Promise<ArchivedRange | undefined> => rangeOf(await soundChain(files, topic, partition));

function rangeOf({ topic, partition, manifests }: Chain): ArchivedRange | undefined {
  const [first, last] = [manifests[0], manifests.at(-1)];
  if (!first || !last) return undefined;
  return {
    topic, partition, from: first.firstOffset, next: last.nextOffset, files: manifests,
    records: manifests.reduce((sum, { records }) => sum + records, 0),
    bytes: manifests.reduce((sum, { bytes }) => sum + bytes, 0),
    leftOut: manifests.flatMap(({ leftOut }) => leftOut ?? []),
  };
}

/**
 * Records from `offset` on, a row group at a time. Nothing where the archive ends before.
 * @throws DamagedArchive where a file is not what its manifest says, and where `offset` or what follows it is not archived:
 *   in front of the first file, and among what was left out unless `overLeftOut`.
 */
export async function* readArchive(files: ArchiveFiles, { topic, partition, offset }: TopicPartition & { readonly offset: number }, options: { readonly overLeftOut?: boolean } = {}): AsyncGenerator<readonly SourceRecord[]> {
  const { manifests } = await soundChain(files, topic, partition);
  const [first] = manifests;
  if (first && offset < first.firstOffset) throw notArchived(first, offset, `the archive of ${topic}/${partition} begins at ${first.firstOffset}`);
  for (const manifest of manifests) {
    const { leftOut, firstOffset, nextOffset } = manifest;
    if (nextOffset <= offset) continue;
    if (leftOut && offset < firstOffset && !options.overLeftOut) throw notArchived(manifest, Math.max(offset, leftOut.from), `offsets ${leftOut.from} to ${leftOut.next - 1} were left out`);
    yield* recordsFrom(files, manifest, offset);
  }
}

const notArchived = (manifest: FileManifest, offset: number, fault: string): DamagedArchive => new DamagedArchive([{ file: recordsPath(manifest), offset, fault }]);

/** @throws DamagedArchive where the file is not the one of the manifest. */
export async function* recordsFrom(files: ArchiveFiles, manifest: FileManifest, offset: number): AsyncGenerator<readonly SourceRecord[]> {
  const path = recordsPath(manifest);
  const damaged = (fault: string): DamagedArchive => new DamagedArchive([{ file: path, offset: manifest.firstOffset, fault }]);
  const file = await files.open(path).catch((error: Error) => { throw damaged(`it cannot be opened (${error.message})`); });
  try {
    if (file.bytes !== manifest.bytes || (await fileDigest(file)) !== manifest.sha256) throw damaged('its bytes are not those that were written');
    for await (const group of (await RecordFileReader.open(file)).groupsFrom(offset)) {
      const wanted = (group[0]?.offset ?? offset) >= offset ? group : group.filter((record) => record.offset >= offset);
      if (wanted.length > 0) yield wanted;
    }
  } finally {
    await file.close();
  }
}
