/** Folders and files of declarations for an import, and the import as `archive import` does it. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { ArchiveFiles } from '../../services/archive/archive-files';
import { importTopic, type ImportSource } from '../../services/archive/import-archive';
import type { ArchivedPartition } from '../../services/archive/run-archive';
import { assignedSchemaId } from '../../services/archive/schema-keeper';
import { Calendar } from '../../services/domain/period';
import type { FeedLine } from '../../services/feed/feed-line';
import { FileLog, type DeclarationFile } from '../../services/feed/file-log';
import { readLines, type FeedFormat } from '../../services/feed/formats';
import { topicSchemaText } from '../../services/shell/avro/schema-files';
import type { RegisteredSchema } from '../../services/shell/ports';
import { rawTopic } from '../../services/topology';
import { HastyFiles } from './archive-world';

export const IMPORTED_AT = Date.UTC(2026, 10, 25, 12);
export const importedSchema: RegisteredSchema = { id: assignedSchemaId(topicSchemaText(rawTopic)), schema: topicSchemaText(rawTopic) };

export interface WantedImport {
  readonly files?: ArchiveFiles;
  readonly format?: FeedFormat;
  readonly partitions?: number;
  readonly at?: number;
  readonly schema?: RegisteredSchema;
  /** Called between the two readings. */
  readonly counted?: () => void;
}

export class ImportWorld {
  readonly folder = mkdtempSync(join(tmpdir(), 'tidewaiter-import-'));
  readonly faults: string[] = [];
  /** How often each file was opened. */
  readonly opened: string[] = [];

  close(): void { rmSync(this.folder, { recursive: true }); }

  /** An archive's folder, and its files. */
  root(name = 'archive'): string { return join(this.folder, name); }
  files(name?: string): ArchiveFiles { return new HastyFiles(this.root(name)); }

  write(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  declarationFile(name: string, text: () => string): DeclarationFile {
    return { name, open: () => { this.opened.push(name); return Readable.from([Buffer.from(text())]); } };
  }

  log(sources: readonly DeclarationFile[], { format = 'ndjson', partitions = 3, at = IMPORTED_AT, schema = importedSchema }: WantedImport = {}): Promise<FileLog> {
    const settings = { files: sources, partitions, timestampMs: at, schemaId: schema.id, read: (input: Readable) => readLines(format, input, new Calendar('Asia/Seoul')) };
    return FileLog.counted(settings, { onFaults: (file: string, { line, faults }: FeedLine) => { this.faults.push(`${file} ${line} ${faults[0]?.field}`); }, onBytes: () => undefined });
  }

  import(sources: readonly DeclarationFile[], wanted: WantedImport = {}): Promise<readonly ArchivedPartition[]> {
    const { files = this.files(), format = 'ndjson', at = IMPORTED_AT, schema = importedSchema, counted } = wanted;
    const source = async (): Promise<ImportSource> => {
      const log = await this.log(sources, wanted);
      counted?.();
      return { log, origin: { format, at: new Date(at).toISOString(), files: log.files.map(({ name, bytes, sha256, declarations, faulty }) => ({ name, bytes, sha256, declarations, unreadable: faulty })) } };
    };
    return importTopic(rawTopic, { files, schema, source, onProgress: () => undefined });
  }

  /** Every file of a folder with the digest of its bytes. */
  async digests(name?: string): Promise<Record<string, string>> {
    return Object.fromEntries([...(await this.contents(name))].map(([path, bytes]) => [path, createHash('sha256').update(bytes).digest('hex')]));
  }

  /** Every file of a folder with its bytes. */
  async contents(name?: string): Promise<Map<string, Buffer>> {
    const found = (await readdir(this.root(name), { recursive: true, withFileTypes: true }).catch(() => [])).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)).sort();
    return new Map(await Promise.all(found.map(async (path) => [path.slice(this.root(name).length + 1), await readFile(path)] as const)));
  }
}
