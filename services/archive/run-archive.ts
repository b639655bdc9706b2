/** Brings the archive of a topic up to the end that its log has now. */
import { limits } from '../limits';
import type { FetchedBatch, LogInspector, OffsetRange, SchemaSource } from '../shell/ports';
import { topics, type TopicName } from '../topology';
import { soundChain } from './archive-chain';
import type { ArchiveFiles } from './archive-files';
import type { FileManifest } from './archive-manifest';
import { UNFINISHED } from './archive-names';
import { planPartition, type PartitionPlan } from './archive-plan';
import { ArchiveRefused } from './archive-refused';
import { importOf } from './import-record';
import { PartitionWriter } from './partition-writer';
import { recordDigest } from './record-digest';
import { SchemaKeeper } from './schema-keeper';

export interface ArchivePorts {
  readonly files: ArchiveFiles;
  readonly inspector: Pick<LogInspector, 'offsets' | 'readRanges'>;
  readonly registry: SchemaSource;
  /** Offsets read so far, of all that there are to read. */
  readonly onProgress: (offsets: number, total: number) => void;
  /** How many are read side by side; default: `limits.archivePartitionsAtOnce`. */
  readonly partitionsAtOnce?: number;
}

export interface ArchivedPartition {
  readonly topic: TopicName;
  readonly partition: number;
  /** Archived by this run. */
  readonly from: number;
  readonly next: number;
  readonly records: number;
  readonly files: number;
  /** Why it was not archived to its end; the others were. */
  readonly refused?: string;
}

/** @throws DamagedArchive where files do not join, ArchiveRefused, and what files and log reject with: what was finished before stays archived. */
export async function archiveTopic(topic: TopicName, leaveOut: boolean, ports: ArchivePorts): Promise<readonly ArchivedPartition[]> {
  if ((await importOf(ports.files, topic)) !== undefined) throw new ArchiveRefused(`${topic} was imported into this archive from files: a log does not go on with it. Archive the log into another folder (--to)`);
  const schemas = new SchemaKeeper(ports.files, ports.registry);
  const tasks: (PartitionTask | ArchivedPartition)[] = [];
  for (const { partition, start, end } of await ports.inspector.offsets(topic)) {
    const chain = await soundChain(ports.files, topic, partition);
    const plan = planPartition(chain.manifests.at(-1), { start, end }, leaveOut);
    /** What the log still has is written again; a file without a manifest may be all that is left of what it has not. */
    const writtenAgain = !('refused' in plan) && plan.leftOut === undefined;
    for (const leftover of chain.leftovers) if (writtenAgain || leftover.endsWith(UNFINISHED)) await ports.files.remove(leftover);
    const from = chain.manifests.at(-1)?.nextOffset ?? start;
    tasks.push('refused' in plan ? { topic, partition, from, next: from, records: 0, files: 0, refused: plan.refused } : new PartitionTask(topic, partition, plan, ports.files, schemas));
  }
  await readAll(tasks.filter((task): task is PartitionTask => task instanceof PartitionTask), ports);
  return tasks.map((task) => (task instanceof PartitionTask ? task.result : task));
}

/** Some partitions at a time: each holds a row group. */
async function readAll(tasks: readonly PartitionTask[], { inspector, onProgress, partitionsAtOnce = limits.archivePartitionsAtOnce }: ArchivePorts): Promise<void> {
  const total = tasks.reduce((sum, { range }) => sum + range.next - range.from, 0);
  let done = 0;
  for (let at = 0; at < tasks.length; at += partitionsAtOnce) {
    const some = tasks.slice(at, at + partitionsAtOnce);
    try {
      await readSome(some, inspector, (offsets) => onProgress(done += offsets, total));
    } finally {
      for (const task of some) await task.abandon();
    }
  }
}

/** Where the log ends it, what it has given is archived; where files or registry do, what was finished before. */
async function readSome(tasks: readonly PartitionTask[], inspector: ArchivePorts['inspector'], onOffsets: (offsets: number) => void): Promise<void> {
  let ownFailure: unknown;
  const take = async (batch: FetchedBatch): Promise<void> => {
    try {
      await tasks.find(({ range }) => range.partition === batch.partition)?.take(batch);
    } catch (error) {
      ownFailure ??= error;
      throw error;
    }
    onOffsets(batch.next - batch.from);
  };
  try {
    await inspector.readRanges(tasks.map(({ range }) => range), take);
  } finally {
    if (ownFailure === undefined) for (const task of tasks) await task.finish();
  }
}

class PartitionTask {
  readonly range: OffsetRange;
  private readonly writer: PartitionWriter;
  private readonly compacted: boolean;
  private recognise: PartitionPlan['recognise'];
  private refused: string | undefined;

  constructor(private readonly topic: TopicName, private readonly partition: number, private readonly plan: PartitionPlan, files: ArchiveFiles, schemas: SchemaKeeper) {
    this.range = { topic, partition, from: plan.readFrom, next: plan.next };
    this.recognise = plan.recognise;
    this.compacted = topics.find(({ name }) => name === topic)?.cleanup === 'compact';
    this.writer = new PartitionWriter(topic, partition, plan.from, plan.leftOut, files, schemas);
  }

  async take(batch: FetchedBatch): Promise<void> {
    const { recognise } = this;
    if (recognise && batch.next > recognise.offset) {
      this.refused = this.whyAnother(recognise, batch);
      this.recognise = undefined;
    }
    if (this.refused === undefined) await this.writer.take(batch.records.filter(({ offset }) => offset >= this.plan.from));
  }

  private whyAnother(recognise: FileManifest['lastRecord'], { records }: FetchedBatch): string | undefined {
    const again = records.find(({ offset }) => offset === recognise.offset);
    /** A newer record of the same key is there instead. */
    if (!again && this.compacted) return undefined;
    if (again && recordDigest(again) === recognise.digest) return undefined;
    return `the record at offset ${recognise.offset} is not the one that was archived: the topic was made anew, or has lost its end and grown again. What is archived stays; archive the new log into another folder (--to)`;
  }

  finish(): Promise<void> { return this.writer.finish(); }
  abandon(): Promise<void> { return this.writer.abandon(); }

  get result(): ArchivedPartition {
    const { finished } = this.writer;
    const records = finished.reduce((sum, manifest) => sum + manifest.records, 0);
    return { topic: this.topic, partition: this.partition, from: this.plan.from, next: finished.at(-1)?.nextOffset ?? this.plan.from, records, files: finished.length, ...(this.refused === undefined ? {} : { refused: this.refused }) };
  }
}
