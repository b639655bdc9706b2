/** Whether a file of the archive is what its manifest says: its bytes, and everything that follows from its records. */
import { frameId } from '../shell/avro/codec';
import type { SourceRecord } from '../shell/ports';
import { DamagedArchive, type ArchiveFault } from './archive-chain';
import { textDigest, type ArchiveFiles } from './archive-files';
import { recordsPath, type FileManifest } from './archive-manifest';
import { dayOf, schemaFile } from './archive-names';
import { recordDigest } from './record-digest';
import { recordsFrom } from './read-archive';

/** @param onRecords is told how many more were looked at. */
export async function verifyFile(files: ArchiveFiles, manifest: FileManifest, onRecords: (records: number) => void): Promise<ArchiveFault[]> {
  const file = recordsPath(manifest);
  const faults: ArchiveFault[] = [];
  const content = new ContentCheck(manifest);
  try {
    for await (const group of recordsFrom(files, manifest, 0)) {
      content.take(group);
      onRecords(group.length);
    }
    faults.push(...content.faults().map(({ offset, fault }) => ({ file, offset, fault })));
  } catch (error) {
    if (error instanceof DamagedArchive) faults.push(...error.faults);
    else faults.push({ file, offset: manifest.firstOffset, fault: `it cannot be read (${(error as Error).message})` });
  }
  for (const [id, digest] of Object.entries(manifest.schemas)) {
    const text = await files.readText(schemaFile(Number(id))).catch(() => undefined);
    if (text === undefined || textDigest(text) !== digest) faults.push({ file: schemaFile(Number(id)), offset: manifest.firstOffset, fault: text === undefined ? `it is missing, and values of ${file} need it` : `it is not the schema that ${file} was archived with` });
  }
  return faults;
}

interface ContentFault { readonly offset: number; readonly fault: string }

class ContentCheck {
  private records = 0;
  private last: SourceRecord | undefined;
  private misplaced: ContentFault | undefined;
  private readonly schemaIds = new Set<number>();

  constructor(private readonly manifest: FileManifest) {}

  take(group: readonly SourceRecord[]): void {
    const { firstOffset, nextOffset, day } = this.manifest;
    for (const record of group) {
      const { offset, timestamp, value } = record;
      if (offset < Math.max(firstOffset, (this.last?.offset ?? -1) + 1) || offset >= nextOffset) this.misplaced ??= { offset, fault: 'a record is not in its place' };
      if (dayOf(timestamp) !== day) this.misplaced ??= { offset, fault: `a record is of ${dayOf(timestamp)}` };
      const id = frameId(value);
      if (typeof id === 'number') this.schemaIds.add(id);
      this.last = record;
      this.records++;
    }
  }

  faults(): ContentFault[] {
    const { firstOffset, nextOffset, records, lastRecord, schemas, unknownSchemas } = this.manifest;
    const faults: ContentFault[] = this.misplaced ? [this.misplaced] : [];
    if (this.records !== records) faults.push({ offset: firstOffset, fault: `it holds ${this.records} records and its manifest says ${records}` });
    const { last } = this;
    if (!last || last.offset !== nextOffset - 1 || last.offset !== lastRecord.offset || recordDigest(last) !== lastRecord.digest) faults.push({ offset: nextOffset - 1, fault: 'its last record is not the one of its manifest' });
    const named = [...Object.keys(schemas).map(Number), ...unknownSchemas].sort((left, right) => left - right);
    const used = [...this.schemaIds].sort((left, right) => left - right);
    if (named.join() !== used.join()) faults.push({ offset: firstOffset, fault: `its values use the schemas ${used.join(', ')} and its manifest says ${named.join(', ')}` });
    return faults;
  }
}
