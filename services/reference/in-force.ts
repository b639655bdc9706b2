import { documentName, type ReferenceDocument } from './documents';
import type { Profile } from './profile';
import { contains, intervalOf } from './validity';
import { compareVersions } from './versions';

/** Of each id the highest version whose days hold the moment; every version of a rate table goes on answering. */
export function inForceAt(documents: readonly ReferenceDocument[], profile: Profile, atMs: number): Set<string> {
  const highest = new Map<string, ReferenceDocument>();
  const names = new Set<string>();
  for (const document of documents) {
    if (!contains(intervalOf(document, profile.timeZone, document.id), atMs)) continue;
    if (document.kind === 'rates') { names.add(documentName(document)); continue; }
    const other = highest.get(document.id);
    if (!other || compareVersions(document.version, other.version) > 0) highest.set(document.id, document);
  }
  for (const document of highest.values()) names.add(documentName(document));
  return names;
}
