/** The files of one partition, one behind the other: what is there, and where they do not join. */
import type { TopicName } from '../topology';
import type { ArchiveFiles } from './archive-files';
import { manifestPath, parseManifest, type FileManifest } from './archive-manifest';
import { MANIFEST, partitionFolder, RECORDS, spanOf, UNFINISHED } from './archive-names';

export interface ArchiveFault { readonly file: string; /** Where in the log. */ readonly offset: number; readonly fault: string }

/** The archive is not what it must be; the message names the first file. */
export class DamagedArchive extends Error {
  constructor(readonly faults: readonly ArchiveFault[]) {
    const [first] = faults;
    super(`the archive is damaged: ${first?.file ?? ''}, offset ${first?.offset ?? 0}: ${first?.fault ?? ''}${faults.length > 1 ? `, and ${faults.length - 1} faults more` : ''}; "tidewaiter archive verify" names all`);
  }
}

export interface Chain {
  readonly topic: TopicName;
  readonly partition: number;
  /** In the order of their offsets. */
  readonly manifests: readonly FileManifest[];
  readonly faults: readonly ArchiveFault[];
  /** What a run left that was killed: no manifest names it. */
  readonly leftovers: readonly string[];
}

/** Where files of a chain do not join: pure. */
export function gapsOf(manifests: readonly FileManifest[]): ArchiveFault[] {
  return manifests.flatMap((manifest, index): ArchiveFault[] => {
    const { firstOffset: first, leftOut } = manifest;
    const before = manifests[index - 1];
    const file = manifestPath(manifest);
    if (leftOut && (leftOut.next !== first || leftOut.from >= leftOut.next)) return [{ file, offset: first, fault: 'what it says was left out does not lie in front of it' }];
    if (!before) return leftOut ? [{ file, offset: leftOut.from, fault: 'the files in front of what was left out are missing' }] : [];
    const expected = leftOut?.from ?? first;
    if (before.nextOffset === expected) return [];
    if (before.nextOffset > expected) return [{ file, offset: expected, fault: `offsets ${expected} to ${before.nextOffset - 1} are in the file before it too` }];
    return [{ file, offset: before.nextOffset, fault: `offsets ${before.nextOffset} to ${expected - 1} in front of it are missing` }];
  });
}

export async function readChain(files: ArchiveFiles, topic: TopicName, partition: number): Promise<Chain> {
  const found: FileManifest[] = [];
  const faults: ArchiveFault[] = [];
  const leftovers: string[] = [];
  const folder = partitionFolder(topic, partition);
  for (const day of await files.names(folder)) {
    const names = await files.names(`${folder}/${day}`);
    const all = new Set(names);
    for (const name of names) {
      const file = `${folder}/${day}/${name}`;
      const span = spanOf(name, MANIFEST);
      if (!span) {
        if (name.endsWith(UNFINISHED) || (spanOf(name, RECORDS) && !all.has(name.replace(RECORDS, MANIFEST)))) leftovers.push(file);
        continue;
      }
      const manifest = parseManifest(await files.readText(file));
      if (typeof manifest === 'string') faults.push({ file, offset: span.from, fault: manifest });
      else if (manifestPath(manifest) !== file) faults.push({ file, offset: span.from, fault: 'the manifest is that of another file' });
      else found.push(manifest);
    }
  }
  const manifests = found.sort((left, right) => left.firstOffset - right.firstOffset);
  return { topic, partition, manifests, faults: [...faults, ...gapsOf(manifests)], leftovers };
}

/** @throws DamagedArchive: nothing is read from such a chain, nor written to it. */
export async function soundChain(files: ArchiveFiles, topic: TopicName, partition: number): Promise<Chain> {
  const chain = await readChain(files, topic, partition);
  if (chain.faults.length > 0) throw new DamagedArchive(chain.faults);
  return chain;
}

/** Partitions of a topic that have a folder. */
export const archivedPartitions = async (files: ArchiveFiles, topic: TopicName): Promise<number[]> =>
  (await files.names(topic)).filter((name) => /^\d+$/.test(name)).map(Number).sort((left, right) => left - right);
