/**
 * The directory of namespaces beside the figures: a copy of what the log says, so that a reader of figures needs the store
 * alone. One key: whoever reads it sees one directory, and all readers change over at once.
 */
import { noNamespaces, type NamespaceDirectory } from '../domain/namespace-directory';

export interface DirectoryStore {
  /** Undefined: the store has none; either nothing was ever written, or it has lost its data. */
  read(): Promise<NamespaceDirectory | undefined>;
  /** Takes it over unless what is there is newer. */
  write(directory: NamespaceDirectory): Promise<void>;
  close(): Promise<void>;
}

export const parseDirectory = (text: string): NamespaceDirectory => ({ ...noNamespaces, ...(JSON.parse(text) as NamespaceDirectory) });
