/** The reference data of a namespace, found again: what its manifest names, built in or on the topic, and what it has for itself. */
import type { NamespaceManifest } from '../domain/namespace-directory';
import type { ReferenceCatalogue } from '../reference/catalogue';
import type { ReferenceDocument } from '../reference/documents';
import type { Profile, ReferenceSet } from '../reference/types';
import { referenceOf } from './replay-manifest';

/** `references`: of the first record on, and of each change. `why`: a document is missing, or another release has built in other ones under the same names. */
export function referencesAgain(manifest: NamespaceManifest, catalogue: ReferenceCatalogue, profile: Profile): { readonly references: readonly ReferenceSet[] } | { readonly why: string } {
  const references: ReferenceSet[] = [];
  for (const { documents, referenceSet } of [manifest, ...(manifest.changes ?? [])]) {
    const found = documentsNamed(documents, catalogue);
    if (typeof found === 'string') return { why: `the reference document ${found}, by which namespace ${manifest.name} is made, cannot be had any more` };
    const reference = referenceOf(found, manifest.ownDocuments as readonly ReferenceDocument[], profile);
    if (reference.digest !== referenceSet) return { why: `namespace ${manifest.name} is made with reference set ${referenceSet}; the documents of the same names come to ${reference.digest} in this release` };
    references.push(reference);
  }
  return { references };
}

/** Or the first name that nothing has. */
function documentsNamed(names: readonly string[], catalogue: ReferenceCatalogue): readonly ReferenceDocument[] | string {
  const documents: ReferenceDocument[] = [];
  for (const name of names) {
    const document = catalogue.documentNamed(name);
    if (!document) return name;
    documents.push(document);
  }
  return documents;
}
