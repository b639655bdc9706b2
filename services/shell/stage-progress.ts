/** How far an upstream stage is in one partition, and whether reading can go on there. */
import { createHash } from 'node:crypto';
import type { Origin } from '../domain/declaration';
import { commitNote, readCommitNote, type DecidedMarks, type LastRecord } from './policy/commit-note';
import type { CommittedPosition, FetchedBatch, SourceRecord, TopicPartition } from './ports';
import type { Stage } from './stage';
import { outsideOf, stopReason, type LogRange } from './stop-reasons';

export interface Progress<Input, Addition> {
  readonly target: TopicPartition;
  /** Decides with the reference set that the partition's last commit names. */
  stage: Stage<Input, Addition>;
  offset: number;
  holes: number;
  /** The last record before `offset`. */
  last: LastRecord | undefined;
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
  const { set, holes = 0, last, marks = {} } = readCommitNote(commit?.metadata ?? '');
  const stage = stageNamed(set);
  const offset = commit?.offset ?? range.start;
  return { target, offset, holes, last, marks, decided: { ...marks }, stage, newestOccurredAt: 0, announced: set === stage.referenceSet, repeatsUntil: commit ? range.end : offset };
}

/** Reading begins at the last record before the position, not behind it: see `faultOf`. Retention may have taken that record alone. */
export function readFrom({ offset, last }: Progress<unknown, unknown>, { start }: LogRange): number {
  return last === undefined || last.offset < start ? offset : last.offset;
}

const DIGEST_LENGTH = 16;

/** The time is part of it: a log that was filled anew with the same records has given them other times. */
function digestOf({ timestamp, key, value }: SourceRecord): string {
  const hash = createHash('sha256').update(`${timestamp} ${key?.length ?? -1} ${value?.length ?? -1} `);
  for (const part of [key, value]) if (part) hash.update(part);
  return hash.digest('hex').slice(0, DIGEST_LENGTH);
}

/** The last record before the position is read again: another one in its place, or none, means that the log is not the one that was read, however far it has grown. */
export function faultOf({ last }: Progress<unknown, unknown>, { topic, from, next, records }: FetchedBatch): string | undefined {
  if (last === undefined || last.offset < from || last.offset >= next) return undefined;
  const record = records.find(({ offset }) => offset === last.offset);
  if (record && digestOf(record) === last.digest) return undefined;
  return stopReason('other log', `record ${last.offset} of ${topic} is not the one that was read at this offset: the topic was made anew or has lost records`);
}

/** Records of the batch that are not behind the position. */
export const newRecords = ({ offset: position }: Progress<unknown, unknown>, { from, records }: FetchedBatch): readonly SourceRecord[] =>
  (from >= position ? records : records.filter(({ offset }) => offset >= position));

/** Everything of the batch is acknowledged. */
export function cover(progress: Progress<unknown, unknown>, batch: FetchedBatch): void {
  const { topic, partition, from, next, records } = batch;
  if (from > progress.offset) throw new Error(`${topic}/${partition}: records ${progress.offset} to ${from} were not delivered`);
  if (next <= progress.offset) return;
  progress.holes += next - progress.offset - newRecords(progress, batch).length;
  progress.offset = next;
  progress.marks = { ...progress.decided };
  const record = records.at(-1);
  if (record) progress.last = { offset: record.offset, digest: digestOf(record) };
}

export function positionOf<Input, Addition>({ target: { topic, partition }, offset, holes, last, marks }: Progress<Input, Addition>, { referenceSet }: Stage<Input, Addition>): CommittedPosition {
  return { topic, partition, offset, metadata: commitNote({ set: referenceSet, holes, last, marks }) };
}
