/** The manifest of a namespace that is to be counted: what it is read from, up to where it is history, and by which reference data. */
import type { ManifestArchive, NamespaceManifest } from '../domain/namespace-directory';
import { limits } from '../limits';
import { documentName, type ReferenceDocument } from '../reference/documents';
import { ReferenceCatalogue } from '../reference/catalogue';
import type { Profile, ReferenceSet } from '../reference/types';
import { textDigest } from '../shell/definition-files';
import type { LogInspector } from '../shell/ports';
import type { TopicName } from '../topology';
import { inputsOf } from './namespace-stage';

/** By the time of the records on their topic, or by offsets of the source's partitions; partitions that are not named keep theirs. */
export type Boundary = { readonly timestampMs: number } | { readonly offsets: ReadonlyMap<number, number> };
/** `since` of `earliest`: where the log begins, whatever lay there before. */
export interface HistoryBoundaries { readonly since?: Boundary | 'earliest' | undefined; readonly until?: Boundary | undefined }

export interface HistoryPart { readonly topic: TopicName; readonly partition: number; readonly start: number; readonly end: number }

/** What lies on the topics that a namespace is counted from, as of now and within the boundaries. `inspector`: of the log as the replay sees it. */
export async function historyOf(source: TopicName, inspector: LogInspector, { since, until }: HistoryBoundaries = {}): Promise<HistoryPart[]> {
  const parts: HistoryPart[] = [];
  for (const topic of inputsOf(source)) {
    const [first, behind] = [await boundaryOffsets(since === 'earliest' ? undefined : since, topic, source, inspector), await boundaryOffsets(until, topic, source, inspector)];
    for (const { partition, start, end } of await inspector.offsets(topic)) {
      const last = Math.min(end, Math.max(start, behind.get(partition) ?? end));
      parts.push({ topic, partition, start: Math.min(last, Math.max(start, first.get(partition) ?? start)), end: last });
    }
  }
  return parts;
}

async function boundaryOffsets(boundary: Boundary | undefined, topic: TopicName, source: TopicName, inspector: LogInspector): Promise<ReadonlyMap<number, number>> {
  if (!boundary) return new Map();
  if ('offsets' in boundary) return topic === source ? boundary.offsets : new Map();
  return new Map((await inspector.offsetsAt(topic, boundary.timestampMs)).map(({ partition, offset }) => [partition, offset]));
}

/** The reference data of a namespace: documents by name, and what it has for itself. @throws ReferenceFault when they do not fit together. */
export const referenceOf = (documents: readonly ReferenceDocument[], own: readonly ReferenceDocument[], profile: Profile): ReferenceSet =>
  new ReferenceCatalogue([...documents, ...own], profile, textDigest).latest;

export interface ReplayRequest extends HistoryBoundaries {
  readonly name: string;
  readonly source: TopicName;
  readonly by: string;
  readonly nowMs: number;
  readonly own: readonly ReferenceDocument[];
  readonly archive?: ManifestArchive | undefined;
  readonly fineSinceMs?: number | undefined;
}

export function manifestFor({ name, source, by, nowMs, own, since, until, archive, fineSinceMs }: ReplayRequest, history: readonly HistoryPart[], documents: readonly ReferenceDocument[], reference: ReferenceSet): NamespaceManifest {
  const offsets = (of: (part: HistoryPart) => number): Record<string, number> => Object.fromEntries(history.map((part) => [`${part.topic}/${part.partition}`, of(part)]));
  return {
    name, source, inputs: inputsOf(source), documents: documents.map(documentName), ownDocuments: own, referenceSet: reference.digest,
    ...(since === undefined ? {} : { historyFrom: offsets(({ start }) => start) }),
    historyUntil: offsets(({ end }) => end),
    ...(until !== undefined || archive?.alone ? { bounded: true as const } : {}),
    ...(fineSinceMs === undefined ? {} : { fineSinceMs }),
    ...(archive ? { archive } : {}),
    createdBy: by, createdAtMs: nowMs,
  };
}

/** Something lies before the first record that it counts. */
export const beginsLater = ({ historyFrom }: NamespaceManifest): boolean => Object.values(historyFrom ?? {}).some((offset) => offset > 0);

/** Records that are history. */
export const historySize = ({ historyFrom, historyUntil }: NamespaceManifest): number =>
  Object.entries(historyUntil).reduce((sum, [place, end]) => sum + end - (historyFrom?.[place] ?? 0), 0);

/** Records of history that are not counted yet. `offsets`: how far the namespace has been counted, by `topic/partition`. */
export const historyLeft = ({ historyFrom, historyUntil }: NamespaceManifest, offsets: Readonly<Record<string, number>>): number =>
  Object.entries(historyUntil).reduce((left, [place, end]) => left + Math.max(0, end - (offsets[place] ?? historyFrom?.[place] ?? 0)), 0);

/** Too far from the end of the log to go live: some partition may still be counted in large pieces, of which no list names what has changed. `ofPartitions`: records that each of them is behind. */
export const isFarBehind = (ofPartitions: readonly number[]): boolean => ofPartitions.some((behind) => behind > limits.promotedBehindRecords);
