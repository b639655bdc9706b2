/** A source that hands over as fast as a pace allows. */
import { limits } from '../../limits';
import type { CommittedPosition, FetchedBatch, Source, SourceHandlers, TopicPartition } from '../../shell/ports';
import { delay, monotonicMs } from '../../shell/waiting';
import type { YieldingPace } from './yielding-pace';

export class YieldingSource implements Source {
  constructor(private readonly inner: Source, private readonly pace: YieldingPace) {}

  start(handlers: SourceHandlers): Promise<void> {
    let assignment = 0;
    return this.inner.start({
      revoked: () => { assignment++; handlers.revoked(); },
      assigned: (partitions, committed) => handlers.assigned(partitions, committed),
      fetched: (batch) => this.paced(batch, handlers, () => assignment),
    });
  }

  private async paced(batch: FetchedBatch, handlers: SourceHandlers, assignment: () => number): Promise<void> {
    const before = assignment();
    const untilMs = monotonicMs() + this.pace.waitMs(batch.records.length, monotonicMs());
    /** A look meanwhile may find that nothing need wait. */
    for (let leftMs = untilMs - monotonicMs(); leftMs > 0 && this.pace.recordsPerSecond < Infinity; leftMs = untilMs - monotonicMs()) await delay(Math.min(leftMs, limits.replayLookMs));
    if (before === assignment()) await handlers.fetched(batch);
  }

  commit(positions: readonly CommittedPosition[]): Promise<void> { return this.inner.commit(positions); }
  restart(reason: string): void { this.inner.restart(reason); }
  seek(position: TopicPartition & { readonly offset: number }): void { this.inner.seek(position); }
  stop(): Promise<void> { return this.inner.stop(); }
}
