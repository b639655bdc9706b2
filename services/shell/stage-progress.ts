/** How far an upstream stage is in one partition, and whether reading can go on there. */
import type { Origin } from '../domain/declaration';
import { commitNote, readCommitNote, type DecidedMarks } from './policy/commit-note';
import type { CommittedPosition, FetchedBatch, TopicPartition } from './ports';
import type { Stage } from './stage';
import { outsideOf, stopReason, type LogRange } from './stop-reasons';

export interface Progress<Input, Addition> {
  readonly target: TopicPartition;
  /** Decides with the reference set that the partition's last commit names. */
  stage: Stage<Input, Addition>;
  offset: number;
  holes: number;
  /** Records before this offset may have been decided already, by an owner that crashed before it committed. */
  readonly repeatsUntil: number;
  newestOccurredAt: number;
  /** Raw records whose results are acknowledged, and those that this turn has decided besides. */
  marks: DecidedMarks;
  decided: Record<string, number>;
  /** The group has acknowledged a commit that names this set: nothing is decided before. */
  announced: boolean;
}

export const progressKey = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

/** True for what a crash before this stage repeats: its result is on the topic already. Notes what is new. */
export function wasDecided({ decided }: Pick<Progress<unknown, unknown>, 'decided'>, { partition, offset }: Origin): boolean {
  if (offset <= (decided[partition] ?? -1)) return true;
  decided[partition] = offset;
  return false;
}

/** Why the partition must not be read; undefined when it can. A position that the group has forgotten is none to begin at: records would be skipped and nobody would know. */
export function holeOf(range: LogRange | undefined, commit: CommittedPosition | undefined): string | undefined {
  if (!range) return stopReason('no such partition', 'the topic has no such partition');
  const outside = outsideOf(range, commit?.offset);
  return outside === undefined ? undefined : stopReason('hole', `${outside}: records are missing or the topic was made anew`);
}

/** What a partition begins with, as its last commit says. */
export function progressOf<Input, Addition>(target: TopicPartition, range: LogRange, commit: CommittedPosition | undefined, stageNamed: (set: string | undefined) => Stage<Input, Addition>): Progress<Input, Addition> {
  const { set, holes = 0, marks = {} } = readCommitNote(commit?.metadata ?? '');
  const stage = stageNamed(set);
  const offset = commit?.offset ?? range.start;
  return { target, offset, holes, marks, decided: { ...marks }, stage, newestOccurredAt: 0, announced: set === stage.referenceSet, repeatsUntil: commit ? range.end : offset };
}

/** Everything of the batch is acknowledged. */
export function cover(progress: Progress<unknown, unknown>, { topic, partition, from, next, records }: FetchedBatch): void {
  if (from > progress.offset) throw new Error(`${topic}/${partition}: records ${progress.offset} to ${from} were not delivered`);
  progress.offset = next;
  progress.marks = { ...progress.decided };
  progress.holes += next - from - records.length;
}

export function positionOf<Input, Addition>({ target: { topic, partition }, offset, holes, marks }: Progress<Input, Addition>, { referenceSet }: Stage<Input, Addition>): CommittedPosition {
  return { topic, partition, offset, metadata: commitNote({ set: referenceSet, holes, marks }) };
}
