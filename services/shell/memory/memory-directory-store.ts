import type { NamespaceDirectory } from '../../domain/namespace-directory';
import { parseDirectory, type DirectoryStore } from '../directory-store';
import { DIRECTORY } from '../redis/keys';
import { MemoryCaller } from './memory-caller';
import type { MemoryFigures } from './memory-figures';

export class MemoryDirectoryStore implements DirectoryStore {
  private readonly caller: MemoryCaller;

  constructor(private readonly figures: MemoryFigures) { this.caller = new MemoryCaller(figures); }

  read(): Promise<NamespaceDirectory | undefined> {
    return this.caller.patiently(({ hashes }) => {
      const text = hashes.get(DIRECTORY)?.get('text');
      return text === undefined ? undefined : parseDirectory(String(text));
    });
  }

  async write(directory: NamespaceDirectory): Promise<void> {
    await this.caller.patiently(({ hashes }) => {
      this.figures.mustHaveRoom();
      if (Number(hashes.get(DIRECTORY)?.get('revision') ?? -1) > directory.revision) return;
      hashes.set(DIRECTORY, new Map([['revision', String(directory.revision)], ['text', JSON.stringify(directory)]]));
    });
  }

  async close(): Promise<void> { this.caller.close(); }
}
