/**
 * The loop of a stage that counts. Redis is the truth: figures, ledger entries and position of a piece change together,
 * and reading goes on where Redis stands, never where the group's commit does. Partitions are counted
 * side by side, each in order (count-partition.ts). Commits to the group are for lag displays, and to prove
 * membership before a partition is claimed again.
 */
import type { Logger } from 'pino';
import { limits } from '../limits';
import { BatchQueue, type TakenBatch } from './batch-queue';
import { PartitionCounter, type CountingTools } from './count-partition';
import type { CountingStage } from './counting-stage';
import type { LedgerStore } from './figure-store';
import { PartitionOwner } from './partition-owner';
import { shouldCommit } from './policy/commit-policy';
import type { CommittedPosition, Log, LogInspector, OutgoingRecord, Sink, Source, StartPosition, TopicPartition } from './ports';
import type { RunningService } from './service';
import { ProgressGuard } from './stall-watch';
import { backoffMs, delay, monotonicMs } from './waiting';

export interface CountingRuntime<Event> extends Pick<CountingTools<Event>, 'ledger' | 'readers' | 'rejected' | 'state' | 'measurements' | 'traces' | 'backlog'> {
  readonly log: Log;
  readonly store: LedgerStore;
  readonly manifest: string;
  readonly namespace: string;
  /** Where empty figures begin; absent: at offset 0. */
  readonly beginAt?: (target: TopicPartition) => number;
  readonly logger: Logger;
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;

export class CountingRunner<Event> implements RunningService {
  private readonly queue: BatchQueue;
  private readonly owners = new Map<string, PartitionOwner>();
  /** A piece that one of them has open goes with its owner. */
  private readonly counters = new WeakMap<PartitionOwner, PartitionCounter<Event>>();
  private readonly source: Source;
  private readonly guard: ProgressGuard;
  private inspector!: LogInspector;
  private sink!: Sink;
  private stopping = false;
  private lastCommitMs = 0;
  private nextLookMs = 0;
  private nextBucket = 0;
  private sending: Promise<unknown> = Promise.resolve();
  private turns: Promise<void> = Promise.resolve();
  private readonly working = new Map<string, Promise<void>>();
  private readonly tools: CountingTools<Event>;
  private fail: (error: unknown) => void = () => undefined;
  private dirtySinceMs: number | undefined;
  done: Promise<void> = Promise.resolve();

  constructor(private readonly stage: CountingStage<Event>, private readonly runtime: CountingRuntime<Event>) {
    this.queue = new BatchQueue(runtime.backlog ? limits.backlogRecordsPerPartition : limits.queuedRecordsPerPartition);
    this.source = runtime.log.source(stage.name, stage.inputs, runtime.namespace);
    this.guard = new ProgressGuard({
      topics: stage.inputs, state: runtime.state, logger: runtime.logger, measurements: runtime.measurements, inspector: () => this.inspector,
      positions: () => [...this.owners.values()].map((owner) => ({ ...owner.target, next: owner.position.next, read: this.counters.get(owner)?.next })),
      restart: (reason) => this.source.restart(reason),
    });
    this.tools = { ...runtime, send: (records) => this.send(records), turnToWork: () => this.turnToWork(), stopping: () => this.stopping };
  }

  async start(): Promise<void> {
    this.inspector = await this.runtime.log.inspector();
    this.sink = await this.runtime.log.sink();
    await this.source.start({
      revoked: () => { this.queue.drop(); this.owners.clear(); this.runtime.state.partitionsRevoked(); },
      assigned: (partitions) => this.assigned(partitions),
      fetched: (batch) => this.queue.put(batch),
    });
    this.runtime.state.set('running');
    this.guard.start();
    this.done = Promise.race([this.loop(), new Promise<never>((_, reject) => { this.fail = reject; })]);
  }

  private assigned(partitions: readonly TopicPartition[]): Promise<StartPosition[]> {
    const { generation } = this.queue;
    return Promise.all(partitions.map((target) => this.claim(target, generation)));
  }

  /** An owner that is known of after its generation would fight with the one that has the partition by then: both may commit, and the group believes both. */
  private async claim(target: TopicPartition, generation: number): Promise<StartPosition> {
    const ranges = await this.inspector.offsets(target.topic);
    const range = ranges.find(({ partition }) => partition === target.partition) ?? { start: 0, end: 0 };
    const claim = await PartitionOwner.claim(this.runtime.store, target, this.runtime.manifest, range, this.runtime.beginAt?.(target), this.runtime.backlog ? limits.idFilterBytes : 0);
    if (generation !== this.queue.generation) return { ...target, stopped: 'taken away again while it was claimed' };
    const stopped = 'stopped' in claim ? claim.stopped : undefined;
    this.runtime.state.partitionStopped(keyOf(target), stopped);
    if ('stopped' in claim) {
      this.owners.delete(keyOf(target));
      this.runtime.logger.error({ ...target, reason: claim.stopped }, 'partition stopped');
      return { ...target, stopped: claim.stopped };
    }
    /** What waits may lie behind what its open piece had got: it is read again. */
    this.queue.dropPartition(target.topic, target.partition);
    this.owners.set(keyOf(target), claim.owner);
    this.runtime.measurements.epochChanged(target, 'owner');
    return { ...target, offset: claim.owner.readFrom };
  }

  /** In a backlog all that the queue holds. */
  private get recordsPerTurn(): number { return this.runtime.backlog ? Infinity : limits.recordsPerTurn; }

  private async loop(): Promise<void> {
    while (!this.stopping) {
      const turnStartMs = monotonicMs();
      this.startCounting(this.queue.take(this.recordsPerTurn, (target) => this.working.has(keyOf(target))));
      await this.lookAfterIdlePartitions();
      await this.commitIfDue(this.queue.empty);
      await delay(Math.max(0, limits.turnIntervalMs - (monotonicMs() - turnStartMs)));
      await this.queue.work(limits.commitIntervalMs / 10);
    }
  }

  /** A store that lost data shows on the next script; a partition without records would not notice, and its figures stay lost. */
  private async lookAfterIdlePartitions(): Promise<void> {
    if (monotonicMs() < this.nextLookMs) return;
    this.nextLookMs = monotonicMs() + limits.idleLookMs;
    for (const owner of [...this.owners.values()]) {
      if (this.stopping) return;
      if (this.working.has(keyOf(owner.target))) continue;
      const before = owner.position;
      const { position } = await owner.readLedger([]);
      if (owner.position !== before || this.owners.get(keyOf(owner.target)) !== owner) continue;
      if (!owner.standsAt(position)) void this.takeOverAgain(owner, 'the position in the store is another one');
      else await this.forget(owner);
    }
  }

  /** Partitions at work are left alone until they are done; what waits for them stays in the queue. */
  private startCounting(batches: readonly TakenBatch[]): void {
    const byPartition = new Map<string, TakenBatch[]>();
    for (const batch of batches) {
      const list = byPartition.get(keyOf(batch));
      if (list) list.push(batch);
      else byPartition.set(keyOf(batch), [batch]);
    }
    for (const [key, list] of byPartition) {
      const owner = this.owners.get(key);
      if (!owner) continue;
      this.working.set(key, this.countPartition(owner, list).catch((error: unknown) => this.fail(error)).finally(() => this.working.delete(key)));
    }
    if (batches.length > 0) this.dirtySinceMs ??= monotonicMs();
  }

  private async countPartition(owner: PartitionOwner, batches: readonly TakenBatch[]): Promise<void> {
    let counter = this.counters.get(owner);
    if (!counter) this.counters.set(owner, (counter = new PartitionCounter(this.stage, this.tools, owner)));
    let outcome = await counter.count(batches);
    while (outcome === 'counted') {
      const more = this.waitingInBacklog(owner);
      if (more.length === 0) return;
      this.dirtySinceMs ??= monotonicMs();
      outcome = await counter.count(more);
    }
    if ('stopped' in outcome) this.stopPartition(owner, outcome.stopped);
    else await this.takeOverAgain(owner, outcome.moved);
  }

  /** What has come for a partition of a backlog while it was counted: until the next turn it would stand still, with a worker that has little else to do. */
  private waitingInBacklog(owner: PartitionOwner): TakenBatch[] {
    if (!this.runtime.backlog || this.stopping || this.owners.get(keyOf(owner.target)) !== owner) return [];
    return this.queue.take(Infinity, (target) => keyOf(target) !== keyOf(owner.target));
  }

  /** A repeat after a crash waits for the one before it: the client takes one send at a time. */
  private async send(records: readonly OutgoingRecord[]): Promise<void> {
    const sent = this.sending.then(() => this.sink.send(records));
    this.sending = sent.catch(() => undefined);
    await sent;
  }

  /**
   * One piece for each round of the event loop. Answers for all partitions arrive together, and without this all
   * pieces would be made before the first leaves: the store idles meanwhile, and then everyone waits for it.
   */
  private async turnToWork(): Promise<void> {
    this.turns = this.turns.then(() => new Promise<void>((resolve) => setImmediate(resolve)));
    await this.turns;
  }

  /** A few buckets at each look: the whole ledger within the hour. */
  private async forget(owner: PartitionOwner): Promise<void> {
    const { forgettable } = this.stage;
    if (!forgettable) return;
    for (let count = 0; count < limits.bucketsPerLook; count++) {
      this.nextBucket = (this.nextBucket + 1) % this.runtime.store.buckets;
      const done = await owner.forget(this.nextBucket, (entry) => forgettable(this.runtime.ledger.decode(entry), owner.position));
      if (!done) return;
    }
  }

  /** Another owner or a store that lost data: only a member that the broker still recognises may claim again. */
  private async takeOverAgain(owner: PartitionOwner, reason: string): Promise<void> {
    const { target, position } = owner;
    if (this.owners.get(keyOf(target)) !== owner) return;
    this.queue.dropPartition(target.topic, target.partition);
    this.owners.delete(keyOf(target));
    this.runtime.state.partitionWaits(keyOf(target), `is claimed again: ${reason}`);
    this.runtime.logger.warn({ ...target, reason }, 'the store is not where this owner left it');
    const generation = this.queue.generation;
    for (let attempt = 0; !this.stopping && generation === this.queue.generation; attempt++) {
      await delay(backoffMs(attempt));
      try {
        await this.source.commit([{ ...target, offset: position.next, metadata: '' }]);
        const start = await this.claim(target, generation);
        if ('offset' in start && generation === this.queue.generation) this.source.seek(start);
        return;
      } catch (error) {
        this.runtime.logger.warn({ ...target, error: (error as Error).message }, 'the partition cannot be claimed again yet');
      }
    }
  }

  private stopPartition(owner: PartitionOwner, reason: string): void {
    if (this.owners.get(keyOf(owner.target)) !== owner) return;
    this.owners.delete(keyOf(owner.target));
    this.runtime.state.partitionStopped(keyOf(owner.target), reason);
    this.runtime.logger.error({ ...owner.target, reason }, 'partition stopped');
  }

  private async commitIfDue(idle: boolean): Promise<void> {
    const nowMs = monotonicMs();
    if (!shouldCommit({ lastCommitMs: this.lastCommitMs, dirtySinceMs: this.dirtySinceMs }, nowMs, idle, limits.commitIntervalMs)) return;
    this.lastCommitMs = nowMs;
    this.dirtySinceMs = undefined;
    const positions: CommittedPosition[] = [...this.owners.values()].map(({ target, position }) => ({ ...target, offset: position.next, metadata: '' }));
    await this.source.commit(positions).catch((error: Error) => this.runtime.logger.debug({ error: error.message }, 'positions not shown to the group'));
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.guard.stop();
    await this.done;
    await Promise.all(this.working.values());
    this.dirtySinceMs ??= monotonicMs();
    this.lastCommitMs = -Infinity;
    await this.commitIfDue(true);
    await this.source.stop();
    await this.sink.close();
    await this.inspector.close();
    await this.runtime.store.close();
  }
}
