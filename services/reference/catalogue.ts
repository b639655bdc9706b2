/**
 * All reference sets of a process, each named by its digest: the built-in documents, and one set more for
 * every document that was loaded since, in the order of the log. A stage can so go back to the set with which
 * it decided when it committed. What does not stand its checks is refused, and the set in force stays.
 */
import { limits } from '../limits';
import { digestedText, documentName, parseDocument, ReferenceFault, type ReferenceDocument } from './documents';
import { buildReferenceSet } from './reference-set';
import type { Profile, ReferenceSet } from './types';

export type Addition =
  | { readonly outcome: 'added'; readonly document: ReferenceDocument; readonly set: ReferenceSet }
  /** The same version with the same content is there already. */
  | { readonly outcome: 'known'; readonly document: ReferenceDocument }
  | { readonly outcome: 'refused'; readonly reason: string };

interface Entry { readonly document: ReferenceDocument; readonly digest: string; readonly builtIn: boolean }

const SET_DIGEST_CHARACTERS = 16;

export class ReferenceCatalogue {
  private readonly entries = new Map<string, Entry>();
  /** Documents of each set, by its digest: sets are made again when they are asked for, as few ever are. */
  private readonly contents = new Map<string, readonly Entry[]>();
  private readonly recent = new Map<string, ReferenceSet>();
  private current: ReferenceSet;

  /** `digestOf`: SHA-256 of a text, in hex. @throws ReferenceFault when the built-in documents are at fault. */
  constructor(builtIn: readonly unknown[], private readonly profile: Profile, private readonly digestOf: (text: string) => string) {
    for (const content of builtIn) {
      const document = parseDocument(content);
      this.entries.set(documentName(document), { document, digest: digestOf(digestedText(document)), builtIn: true });
    }
    this.current = this.build([...this.entries.values()]);
  }

  get latest(): ReferenceSet { return this.current; }
  knows(digest: string): boolean { return this.contents.has(digest); }
  byDigest(digest: string): ReferenceSet | undefined {
    const content = this.contents.get(digest);
    return this.recent.get(digest) ?? (content && this.build(content));
  }
  documentNamed(name: string): ReferenceDocument | undefined { return this.entries.get(name)?.document; }
  documents(): readonly Entry[] { return [...this.entries.values()]; }

  /** Checks a document together with all others and takes it in. */
  add(content: unknown): Addition {
    try {
      const document = parseDocument(content);
      const name = documentName(document);
      const digest = this.digestOf(digestedText(document));
      const known = this.entries.get(name);
      if (known) {
        if (known.digest === digest) return { outcome: 'known', document };
        return { outcome: 'refused', reason: `${name} is there already with other content: a version never changes, give a new one` };
      }
      this.mustNotChangeKind(document);
      const entry = { document, digest, builtIn: false };
      const set = this.build([...this.entries.values(), entry]);
      this.entries.set(name, entry);
      this.current = set;
      return { outcome: 'added', document, set };
    } catch (error) {
      if (!(error instanceof ReferenceFault)) throw error;
      return { outcome: 'refused', reason: error.message };
    }
  }

  private mustNotChangeKind({ id, kind }: ReferenceDocument): void {
    const other = [...this.entries.values()].find(({ document }) => document.id === id && document.kind !== kind);
    if (other) throw new ReferenceFault(`${id} is the id of a ${other.document.kind}: a ${kind} needs another one`);
  }

  private build(entries: readonly Entry[]): ReferenceSet {
    const content = entries.map(({ document, digest }) => `${documentName(document)} ${digest}`).sort();
    const set = buildReferenceSet(entries.map(({ document }) => document), this.profile, this.digestOf(content.join('\n')).slice(0, SET_DIGEST_CHARACTERS));
    this.contents.set(set.digest, entries);
    this.recent.set(set.digest, set);
    for (const oldest of this.recent.keys()) if (this.recent.size > limits.referenceSetsKept) this.recent.delete(oldest);
    return set;
  }
}
