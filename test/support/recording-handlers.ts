import type { CommittedPosition, FetchedBatch, SourceHandlers, StartPosition, TopicPartition } from '../../services/shell/ports';

/** What a source told its stage, in order. Reading begins at the commit, else at 0, unless `startAt` says otherwise. */
export class RecordingHandlers implements SourceHandlers {
  readonly batches: FetchedBatch[] = [];
  readonly events: string[] = [];
  readonly commits: (readonly CommittedPosition[])[] = [];
  owned: readonly TopicPartition[] = [];
  /** Replaces the answer of `assigned`. */
  startAt: (target: TopicPartition, committed: number | undefined) => StartPosition | Promise<StartPosition> = (target, committed) => ({ ...target, offset: committed ?? 0 });
  /** What `fetched` waits for. */
  room: (batch: FetchedBatch) => Promise<void> = async () => undefined;

  revoked(): void {
    this.events.push('revoked');
    this.owned = [];
  }

  async assigned(partitions: readonly TopicPartition[], committed: readonly CommittedPosition[]): Promise<readonly StartPosition[]> {
    this.events.push('assigned');
    this.commits.push(committed);
    const starts = await Promise.all(partitions.map(async (target) => this.startAt(target, committed.find(({ topic, partition }) => topic === target.topic && partition === target.partition)?.offset)));
    this.events.push('answered');
    this.owned = [...this.owned.filter((known) => !partitions.some(({ topic, partition }) => topic === known.topic && partition === known.partition)), ...partitions];
    return starts;
  }

  async fetched(batch: FetchedBatch): Promise<void> {
    this.events.push(`fetched ${batch.partition}`);
    this.batches.push(batch);
    await this.room(batch);
  }

  of(partition: number): FetchedBatch[] { return this.batches.filter((batch) => batch.partition === partition); }
  values(partition: number): string[] { return this.of(partition).flatMap(({ records }) => records.map(({ value }) => String(value))); }
  covered(partition: number): number { return this.of(partition).at(-1)?.next ?? 0; }
}
