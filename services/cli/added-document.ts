import { canonicalText, type ReferenceDocument } from '../reference/documents';
import type { ReferenceCatalogue } from '../reference/catalogue';
import { CommandFailure } from './failure';
import { highestOf, nextVersion } from './loaded-reference';
import { documentFromFile, type FileKind, type FileOptions } from './reference-files';

/** `as`: the version of a table. */
export type VersionedFile = FileOptions & { readonly as?: string };

/** The file as a document with its version, and the set that would be in force with it. */
export function addedFrom(catalogue: ReferenceCatalogue, kind: FileKind, file: string, { as, ...options }: VersionedFile): { document: ReferenceDocument; known: boolean } {
  const unversioned = documentFromFile(kind, file, options);
  const documents = catalogue.documents().map(({ document }) => document);
  const highest = highestOf(documents, unversioned.id);
  const same = unversioned.version === undefined && as === undefined ? [highest].find((document) => document && canonicalText(document) === canonicalText({ ...unversioned, version: document.version } as ReferenceDocument)) : undefined;
  const content = { ...unversioned, version: unversioned.version ?? as ?? same?.version ?? nextVersion(documents, unversioned.id) };
  const addition = catalogue.add(content);
  if (addition.outcome === 'refused') throw new CommandFailure(`${file} is refused, and what is in force stays.\n${addition.reason}`);
  return { document: addition.document, known: addition.outcome === 'known' };
}
