/** An operator's word that what a log has lost may be left out: the one way past a hole of an upstream stage. */
import { rawTopic, upstreamStages, type UpstreamStageName } from '../topology';
import { commitNote, readCommitNote } from './policy/commit-note';
import type { CommittedPosition, Log } from './ports';
import type { LogRange } from './stop-reasons';

export type Acceptance = { readonly position: CommittedPosition; readonly leftOut: number } | { readonly refused: string };

/**
 * Where reading may go on. Forward over records that are gone: they are booked as offsets without a record. Back to
 * the start of a log that was made anew, where what was decided before is known by its marks: never in raw, whose
 * offsets are the origins of everything, so that new records would be taken for repeats of old ones.
 */
export function acceptance(range: LogRange, commit: Omit<CommittedPosition, 'offset'> & { readonly offset: number | undefined }): Acceptance {
  const { topic, partition, offset: from = 0, metadata } = commit;
  const { set = '', holes = 0, marks = {} } = readCommitNote(metadata);
  const at = (offset: number): CommittedPosition => ({ topic, partition, offset, metadata: commitNote({ set, holes: holes + Math.max(0, offset - from), marks }) });
  if (from < 0) return { refused: 'the position is not known any more: start the stage once, and stop it; if its position does not come back, count anew' };
  if (from < range.start) return { position: at(range.start), leftOut: range.start - from };
  if (topic === rawTopic) return { refused: 'no record before the start of the raw log is missing; a raw log that has lost its end or was made anew cannot be gone on with, as its new records have the names of old ones' };
  return { position: at(range.start), leftOut: 0 };
}

/** Writes the accepted position for a stage that does not run. */
export async function acceptHole(log: Log, stage: UpstreamStageName, partition: number): Promise<Acceptance> {
  const { input: topic } = upstreamStages[stage];
  const inspector = await log.inspector();
  try {
    if ((await inspector.members(stage)) > 0) return { refused: `${stage} runs: stop it first, everywhere` };
    const range = (await inspector.offsets(topic)).find((candidate) => candidate.partition === partition);
    if (!range) return { refused: `${topic} has no partition ${partition}` };
    const commit = (await inspector.committed(stage, topic)).find((candidate) => candidate.partition === partition);
    const accepted = acceptance(range, { topic, partition, offset: commit?.offset, metadata: commit?.metadata ?? '' });
    if ('position' in accepted) await commitAs(log, stage, accepted.position);
    return accepted;
  } finally {
    await inspector.close();
  }
}

/** Only a member may commit: joins, reads nothing, commits, leaves. */
async function commitAs(log: Log, stage: UpstreamStageName, position: CommittedPosition): Promise<void> {
  const source = log.source(stage, [position.topic]);
  let owned: () => void = () => undefined;
  const joined = new Promise<void>((resolve) => { owned = resolve; });
  await source.start({
    revoked: () => undefined,
    assigned: async (partitions) => { owned(); return partitions.map((target) => ({ ...target, stopped: 'only a position is written' })); },
    fetched: async () => undefined,
  });
  try {
    await joined;
    await source.commit([position]);
  } finally {
    await source.stop();
  }
}
