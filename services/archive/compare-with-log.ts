/** Archive and log side by side, record by record, where both have them. */
import type { FetchedBatch, LogInspector, SourceRecord } from '../shell/ports';
import { sameRecord } from '../shell/same-record';
import { topics } from '../topology';
import type { ArchiveFault, Chain } from './archive-chain';
import type { ArchiveFiles } from './archive-files';
import { manifestPath, recordsPath, type FileManifest } from './archive-manifest';
import type { OffsetSpan } from './archive-names';
import { recordsFrom } from './read-archive';

/** What both have; nothing where the log begins behind the archive's end. */
export function sharedSpan({ manifests }: Chain, { start, end }: { readonly start: number; readonly end: number }): OffsetSpan | undefined {
  const [first, last] = [manifests[0], manifests.at(-1)];
  if (!first || !last) return undefined;
  const span = { from: Math.max(first.firstOffset, start), next: Math.min(last.nextOffset, end) };
  return span.from < span.next ? span : undefined;
}

/** A log that ends before the archive does is not the one that was archived. */
export function endFaults({ manifests }: Chain, end: number): ArchiveFault[] {
  const last = manifests.at(-1);
  return last && end < last.nextOffset ? [{ file: recordsPath(last), offset: end, fault: `the log ends at ${end}, the archive goes to ${last.nextOffset - 1}: the topic was made anew, or has lost its end` }] : [];
}

/** Each fault names the file that has the record, or should have it. */
export async function compareWithLog(files: ArchiveFiles, { topic, partition, manifests }: Chain, { from, next }: OffsetSpan, inspector: Pick<LogInspector, 'readRanges'>, onRecords: (records: number) => void): Promise<ArchiveFault[]> {
  const faults: ArchiveFault[] = [];
  const compacted = topics.find(({ name }) => name === topic)?.cleanup === 'compact';
  const archived = new ArchivedRecords(files, manifests, from);
  const onlyArchived = async (before: number): Promise<void> => {
    for (let record = await archived.peek(); record && record.offset < before; record = await archived.peek()) {
      if (!compacted) faults.push({ file: archived.file, offset: record.offset, fault: 'the log does not have this record' });
      archived.pass();
    }
  };
  await inspector.readRanges([{ topic, partition, from, next }], async (batch: FetchedBatch) => {
    for (const record of batch.records) {
      await onlyArchived(record.offset);
      const same = await archived.peek();
      if (same?.offset !== record.offset) { faults.push({ file: fileOf(manifests, record.offset), offset: record.offset, fault: 'the log has a record here and the archive has none' }); continue; }
      if (!sameRecord(same, record)) faults.push({ file: archived.file, offset: record.offset, fault: 'the record in the log is another one' });
      archived.pass();
    }
    await onlyArchived(batch.next);
    onRecords(batch.records.length);
  });
  await archived.close();
  return faults;
}

const fileOf = (manifests: readonly FileManifest[], offset: number): string => {
  const manifest = manifests.find(({ nextOffset }) => offset < nextOffset);
  return manifest ? manifestPath(manifest) : '';
};

/** Records of the archive one by one, the next one without taking it. */
class ArchivedRecords {
  private readonly groups: AsyncGenerator<readonly SourceRecord[], void>;
  private group: readonly SourceRecord[] = [];
  private index = 0;
  file = '';

  constructor(files: ArchiveFiles, manifests: readonly FileManifest[], from: number) { this.groups = this.groupsOf(files, manifests, from); }

  private async *groupsOf(files: ArchiveFiles, manifests: readonly FileManifest[], from: number): AsyncGenerator<readonly SourceRecord[], void> {
    for (const manifest of manifests) {
      if (manifest.nextOffset <= from) continue;
      this.file = recordsPath(manifest);
      yield* recordsFrom(files, manifest, from);
    }
  }

  async peek(): Promise<SourceRecord | undefined> {
    while (this.index >= this.group.length) {
      const step = await this.groups.next();
      if (step.done) return undefined;
      this.group = step.value;
      this.index = 0;
    }
    return this.group[this.index];
  }

  pass(): void { this.index++; }

  async close(): Promise<void> { await this.groups.return(undefined); }
}
