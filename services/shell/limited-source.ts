/** A source that hands over nothing from certain offsets on, until they are raised: a log as it was when something was copied. */
import type { CommittedPosition, FetchedBatch, Source, SourceHandlers, TopicPartition } from './ports';
import { partOf } from './range-reader';

/** `topic/partition` → the first offset that is held back. */
export type OffsetLimits = Readonly<Record<string, number>>;

export class LimitedSource implements Source {
  private raised: Promise<void>;
  private wake: () => void = () => undefined;
  private assignment = 0;

  constructor(private readonly inner: Source, private limits: OffsetLimits) { this.raised = this.newWait(); }

  private newWait(): Promise<void> { return new Promise((resolve) => { this.wake = resolve; }); }

  raise(limits: OffsetLimits): void {
    this.limits = limits;
    this.wakeAll();
  }

  private wakeAll(): void {
    const { wake } = this;
    this.raised = this.newWait();
    wake();
  }

  start(handlers: SourceHandlers): Promise<void> {
    return this.inner.start({
      revoked: () => { this.assignment++; this.wakeAll(); handlers.revoked(); },
      assigned: (partitions, committed) => handlers.assigned(partitions, committed),
      fetched: (batch) => this.pass(batch, handlers),
    });
  }

  private async pass(batch: FetchedBatch, handlers: SourceHandlers): Promise<void> {
    const { assignment } = this;
    for (let rest = batch; rest.from < rest.next && assignment === this.assignment; ) {
      const limit = Math.min(rest.next, this.limits[`${rest.topic}/${rest.partition}`] ?? 0);
      if (limit <= rest.from) { await this.raised; continue; }
      await handlers.fetched(limit === rest.next ? rest : partOf(rest, rest.from, limit));
      rest = partOf(rest, limit, rest.next);
    }
  }

  commit(positions: readonly CommittedPosition[]): Promise<void> { return this.inner.commit(positions); }
  restart(reason: string): void { this.inner.restart(reason); }
  seek(position: TopicPartition & { readonly offset: number }): void { this.inner.seek(position); }

  async stop(): Promise<void> {
    this.assignment++;
    this.wakeAll();
    await this.inner.stop();
  }
}
