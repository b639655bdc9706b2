import type { NamespaceDirectory } from '../../domain/namespace-directory';
import { parseDirectory, type DirectoryStore } from '../directory-store';
import { DIRECTORY } from './keys';
import type { ScriptRunner } from './script-runner';

export class RedisDirectoryStore implements DirectoryStore {
  constructor(private readonly runner: ScriptRunner) {}

  async read(): Promise<NamespaceDirectory | undefined> {
    const text = await this.runner.patiently(() => this.runner.redis.hget(DIRECTORY, 'text'));
    return text === null ? undefined : parseDirectory(text);
  }

  async write(directory: NamespaceDirectory): Promise<void> {
    await this.runner.runPatiently('write-directory-1', [DIRECTORY], [directory.revision, JSON.stringify(directory)]);
  }

  close(): Promise<void> { return this.runner.close(); }
}
