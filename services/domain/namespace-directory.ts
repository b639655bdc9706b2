/**
 * Which namespaces of figures there are, what each is made of, and which one is live: folded from events, in the order
 * in which they lie on the log. Nothing is ever changed in place, so that whoever reads the events again knows the same.
 */
import { aggregateInputs, LIVE_NAMESPACE, type TopicName } from '../topology';

/** A folder; `alone`: the log is not read; `leaveOut`: records that were lost before they were archived are left out; `imported`: it was made of files, and is of no log. */
export interface ManifestArchive { readonly folder: string; readonly alone: boolean; readonly leaveOut: boolean; readonly imported?: true }

/** What a namespace is made of, beside the log: enough to make it again, byte for byte. */
export interface NamespaceManifest {
  readonly name: string;
  /** Topic that its figures are counted from, by the stages behind it; the counted topic itself: as the live services write it. */
  readonly source: TopicName;
  /** Every topic that it is counted from. */
  readonly inputs: readonly TopicName[];
  /** Reference data that decides: documents by id and version, in force from the first record on. */
  readonly documents: readonly string[];
  /** Documents that decide here alone, whole. */
  readonly ownDocuments: readonly unknown[];
  readonly referenceSet: string;
  /** Reference data that decides later records, oldest change first. */
  readonly changes?: readonly ReferenceChange[];
  /** Where counting begins, `topic/partition` → offset; absent: at the beginning. */
  readonly historyFrom?: Readonly<Record<string, number>>;
  /** Ends of the inputs when it was begun, `topic/partition` → offset: up to there it is history. */
  readonly historyUntil: Readonly<Record<string, number>>;
  /** Nothing behind its history is ever counted. */
  readonly bounded?: true;
  /** Figures by minute and hour are kept from this moment on alone, the beginning of a day; absent: all of them. */
  readonly fineSinceMs?: number;
  /** What has the records that the log does not have any more. */
  readonly archive?: ManifestArchive;
  readonly createdBy: string;
  readonly createdAtMs: number;
}

/** From some offsets on, `topic/partition` → the first one, other documents decide beside the namespace's own. */
export interface ReferenceChange {
  readonly documents: readonly string[];
  readonly referenceSet: string;
  readonly from: Readonly<Record<string, number>>;
  readonly by: string;
  readonly atMs: number;
}

export type NamespaceEvent =
  | { readonly kind: 'created'; readonly manifest: NamespaceManifest }
  | { readonly kind: 'refreshed'; readonly name: string; readonly change: ReferenceChange }
  | { readonly kind: 'dropped'; readonly name: string; readonly by: string; readonly atMs: number }
  /** From now on the live figures are those of `name`; `undoes`: as they were before the last promotion. */
  | ({ readonly kind: 'promoted' } & LiveChange);

export interface LiveChange { readonly name: string; readonly by: string; readonly atMs: number; readonly reason: string; readonly undoes?: true }

export interface NamespaceDirectory {
  /** Offset behind the last event: a directory with a higher one knows more. */
  readonly revision: number;
  readonly namespaces: Readonly<Record<string, NamespaceManifest>>;
  /** What has been live, oldest first; the last is. Empty: the namespace that the live services count into, from the start. */
  readonly liveChanges: readonly LiveChange[];
}

export const noNamespaces: NamespaceDirectory = { revision: 0, namespaces: {}, liveChanges: [] };

export function withEvent(directory: NamespaceDirectory, event: NamespaceEvent, offset: number): NamespaceDirectory {
  if (offset < directory.revision) return directory;
  const after = { ...directory, revision: offset + 1 };
  switch (event.kind) {
    case 'created': return { ...after, namespaces: { ...directory.namespaces, [event.manifest.name]: event.manifest } };
    case 'refreshed': return { ...after, namespaces: refreshed(directory.namespaces, event.name, event.change) };
    case 'dropped': return { ...after, namespaces: Object.fromEntries(Object.entries(directory.namespaces).filter(([name]) => name !== event.name)) };
    case 'promoted': return { ...after, liveChanges: [...directory.liveChanges, { name: event.name, by: event.by, atMs: event.atMs, reason: event.reason, ...(event.undoes ? { undoes: true as const } : {}) }] };
  }
}

function refreshed(namespaces: NamespaceDirectory['namespaces'], name: string, change: ReferenceChange): NamespaceDirectory['namespaces'] {
  const manifest = namespaces[name];
  return manifest ? { ...namespaces, [name]: { ...manifest, changes: [...(manifest.changes ?? []), change] } } : namespaces;
}

/** Where the live figures are. `generation`: how often they have changed place. */
export interface LiveFigures { readonly name: string; readonly generation: number; readonly inputs: readonly TopicName[] }

export const liveOf = (directory: NamespaceDirectory): LiveFigures =>
  ({ ...placeOf(directory, directory.liveChanges.at(-1)?.name ?? LIVE_NAMESPACE), generation: directory.liveChanges.length });

/** A namespace by its own name, and the topics whose positions it keeps. */
export type FiguresPlace = Omit<LiveFigures, 'generation'>;
/** One that is not listed is counted from what the live services write. */
export const placeOf = ({ namespaces }: NamespaceDirectory, name: string): FiguresPlace => ({ name, inputs: namespaces[name]?.inputs ?? aggregateInputs });

/** What was live before the last promotion that was not undone: where `undo` goes back to. Undefined: there is none. */
export function liveBefore({ liveChanges }: NamespaceDirectory): string | undefined {
  const standing: string[] = [];
  for (const { name, undoes } of liveChanges) {
    if (undoes) standing.pop();
    else standing.push(name);
  }
  return standing.length === 0 ? undefined : (standing.at(-2) ?? LIVE_NAMESPACE);
}
