/** Files as the archive needs them: a port, and the disk behind it. Paths are relative to the archive's folder. */
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { limits } from '../limits';

/** Raw records hold the ids of persons: nobody else may read them. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

export interface NewFile {
  write(bytes: Uint8Array): Promise<void>;
  /** Returns when what was written is on the disk. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface ReadableFile {
  readonly bytes: number;
  /** @throws where the file ends before. */
  read(start: number, end: number): Promise<ArrayBuffer>;
  close(): Promise<void>;
}

export interface ArchiveFiles {
  /** Names in a folder, sorted; none where there is no such folder. */
  names(folder: string): Promise<readonly string[]>;
  readText(path: string): Promise<string>;
  open(path: string): Promise<ReadableFile>;
  /** In place of one that may be there; folders are made. */
  create(path: string): Promise<NewFile>;
  rename(from: string, to: string): Promise<void>;
  /** Returns when names in the folder, and its own in those above, are on the disk. */
  syncFolder(folder: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** With all that is in it; it may be missing. */
  removeFolder(folder: string): Promise<void>;
}

const missing = (error: NodeJS.ErrnoException): boolean => error.code === 'ENOENT' || error.code === 'ENOTDIR';

export class DiskFiles implements ArchiveFiles {
  constructor(readonly root: string) {}

  async names(folder: string): Promise<readonly string[]> {
    try {
      return (await readdir(join(this.root, folder))).sort();
    } catch (error) {
      if (missing(error as NodeJS.ErrnoException)) return [];
      throw error;
    }
  }

  readText(path: string): Promise<string> { return readFile(join(this.root, path), 'utf8'); }

  async open(path: string): Promise<ReadableFile> {
    const handle = await open(join(this.root, path), 'r');
    const { size } = await handle.stat();
    return { bytes: size, read: (start, end) => readPart(handle, start, end), close: () => handle.close() };
  }

  async create(path: string): Promise<NewFile> {
    const whole = join(this.root, path);
    await mkdir(dirname(whole), { recursive: true, mode: FOLDER_MODE });
    await rm(whole, { force: true });
    const handle = await open(whole, 'wx', FILE_MODE);
    return { write: (bytes) => handle.writeFile(bytes), sync: () => handle.sync(), close: () => handle.close() };
  }

  rename(from: string, to: string): Promise<void> { return rename(join(this.root, from), join(this.root, to)); }

  async syncFolder(folder: string): Promise<void> {
    for (let path = folder; ; path = dirname(path)) {
      const handle = await open(join(this.root, path), 'r');
      try { await handle.sync(); } finally { await handle.close(); }
      if (path === '.') return;
    }
  }

  remove(path: string): Promise<void> { return rm(join(this.root, path), { force: true }); }
  removeFolder(folder: string): Promise<void> { return rm(join(this.root, folder), { recursive: true, force: true }); }
}

/** A folder of an archive as an archive of its own. */
export function withinFolder(files: ArchiveFiles, folder: string): ArchiveFiles {
  const inside = (path: string): string => join(folder, path);
  return {
    names: (path) => files.names(inside(path)), readText: (path) => files.readText(inside(path)), open: (path) => files.open(inside(path)),
    create: (path) => files.create(inside(path)), rename: (from, to) => files.rename(inside(from), inside(to)),
    syncFolder: (path) => files.syncFolder(inside(path)), remove: (path) => files.remove(inside(path)), removeFolder: (path) => files.removeFolder(inside(path)),
  };
}

async function readPart(handle: FileHandle, start: number, end: number): Promise<ArrayBuffer> {
  const part = new Uint8Array(end - start);
  for (let at = 0; at < part.length; ) {
    const { bytesRead } = await handle.read(part, at, part.length - at, start + at);
    if (bytesRead === 0) throw new Error('the file ends too soon');
    at += bytesRead;
  }
  return part.buffer;
}

/** Writes a small file so that its name stands for all of it, or is not there. */
export async function writeWhole(files: ArchiveFiles, path: string, text: string, suffix: string): Promise<void> {
  const file = await files.create(`${path}${suffix}`);
  try {
    await file.write(Buffer.from(text));
    await file.sync();
  } finally {
    await file.close();
  }
  await files.rename(`${path}${suffix}`, path);
  await files.syncFolder(dirname(path));
}

export const textDigest = (text: string): string => createHash('sha256').update(text).digest('hex');

export async function fileDigest(file: ReadableFile): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < file.bytes; at += limits.archiveReadBytes) hash.update(new Uint8Array(await file.read(at, Math.min(file.bytes, at + limits.archiveReadBytes))));
  return hash.digest('hex');
}
