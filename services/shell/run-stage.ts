/**
 * The loop of every upstream stage, and the one order of its effects:
 *   1 a newer reference set? commit its name with the positions, then decide with it
 *   2 take what is queued from all partitions    3 look up schemas (wait while the registry is away)
 *   4 decide, record by record, nothing thrown   5 judge the share of refusals
 *   6 one send to all topics, awaited            7 mark positions        8 commit to the group by time
 * A crash between 6 and 8 repeats records byte for byte; their origins are not above those seen before, and whoever
 * reads them drops them: another set of reference data might be in force by then, and decide them otherwise. A refusal that cannot be published holds up the commit like any record.
 */
import type { Logger } from 'pino';
import type { Identity, Outcome, Refusal } from '../domain/outcome';
import type { Origin } from '../domain/declaration';
import { limits } from '../limits';
import { alertTopic, rejectedTopic, type TopicName, type UpstreamStageDeclaration } from '../topology';
import { BatchQueue, type TakenBatch } from './batch-queue';
import { RefusalLimit } from './policy/refusal-limit';
import { readCommitNote } from './policy/commit-note';
import { shouldCommit } from './policy/commit-policy';
import type { Measurements } from './measurements';
import type { CommittedPosition, Log, OutgoingRecord, Sink, Source, SourceRecord, StartPosition, TopicPartition, LogInspector } from './ports';
import { Membership } from './membership';
import { internalRefusal, placeOf, rejection } from './rejection';
import type { RunningService } from './service';
import type { StateReporter } from './service-state';
import type { Stage } from './stage';
import type { StageCodec } from './stage-codec';
import { cover, faultOf, holeOf, newRecords, positionOf, progressKey, progressOf, readFrom, wasDecided, type Progress } from './stage-progress';
import { ProgressGuard } from './stall-watch';
import type { Traces } from './traces';
import type { StageVersions } from './stage-versions';
import { backoffMs, delay, monotonicMs, patiently } from './waiting';

export interface StageRuntime {
  readonly log: Log;
  readonly logger: Logger;
  readonly state: StateReporter;
  readonly partitions: number;
  readonly refusalShare: number;
  readonly measurements: Measurements;
  /** Undefined: none are made. */
  readonly traces: Traces | undefined;
}

export class StageRunner<Input, Addition> implements RunningService {
  private readonly queue = new BatchQueue(limits.queuedRecordsPerPartition);
  private readonly progress = new Map<string, Progress<Input, Addition>>();
  private readonly declaration: UpstreamStageDeclaration;
  private readonly refusals: RefusalLimit;
  private readonly source: Source;
  private readonly membership: Membership;
  private readonly guard: ProgressGuard;
  private sink!: Sink;
  private inspector!: LogInspector;
  private stopping = false;
  private lastCommitMs = 0;
  private nextReferenceMs = 0;
  private dirtySinceMs: number | undefined;
  /** Of this turn. */
  private refusedCodes: string[] = [];
  done: Promise<void> = Promise.resolve();

  constructor(private readonly versions: StageVersions<Input, Addition>, private readonly codec: StageCodec<Input>, private readonly runtime: StageRuntime) {
    this.declaration = versions.latest().declaration;
    this.refusals = new RefusalLimit(limits.refusalShareRecords, runtime.refusalShare);
    this.source = runtime.log.source(this.declaration.name, [this.declaration.input]);
    this.membership = new Membership(this.source);
    this.guard = new ProgressGuard({
      topics: [this.declaration.input], state: runtime.state, logger: runtime.logger, measurements: runtime.measurements, inspector: () => this.inspector,
      positions: () => [...this.progress].filter(([key]) => runtime.state.stoppedPartitions[key] === undefined).map(([, { target, offset }]) => ({ ...target, next: offset })),
      restart: (reason) => this.source.restart(reason),
    });
  }

  async start(): Promise<void> {
    this.sink = await this.runtime.log.sink();
    this.inspector = await this.runtime.log.inspector();
    await this.source.start({
      revoked: () => { this.queue.drop(); this.progress.clear(); this.runtime.state.partitionsRevoked(); },
      assigned: (partitions, committed) => this.assigned(partitions, committed),
      /** What was stopped is read no further: there is never room for it again. */
      fetched: (batch) => (this.progress.has(progressKey(batch)) ? this.queue.put(batch) : new Promise(() => undefined)),
    });
    this.runtime.state.set('running');
    this.guard.start();
    this.done = this.loop();
  }

  private async loop(): Promise<void> {
    while (!this.stopping) {
      const turnStartMs = monotonicMs();
      await this.followReference(turnStartMs);
      const batches = this.queue.take(limits.recordsPerTurn, (target) => this.progress.get(progressKey(target))?.announced !== true);
      if (batches.length > 0) {
        const halt = await this.turn(batches);
        if (halt !== undefined) return this.halt(halt);
      }
      await this.commitIfDue(this.queue.empty);
      await delay(Math.max(0, limits.turnIntervalMs - (monotonicMs() - turnStartMs)));
      await this.queue.work(limits.commitIntervalMs / 10);
    }
  }

  /** One turn; answers the reason when the stage must halt. */
  private async turn(batches: readonly TakenBatch[]): Promise<string | undefined> {
    await patiently((reason) => this.runtime.state.onTrouble(reason), 'schema registry', () => this.codec.prepare(batches, monotonicMs()), () => this.stopping);
    if (this.stopping) return undefined;
    /** The wait may have been long: what has another owner by now is not ours to decide. */
    const owned = batches.filter((batch) => batch.generation === this.queue.generation && this.isOfSameLog(batch));
    const startMs = monotonicMs();
    this.refusedCodes = [];
    const traces = this.runtime.traces?.turn();
    const outgoing: OutgoingRecord[] = [];
    let records = 0;
    let refused = 0;
    for (const batch of owned) {
      const progress = this.progressOf(batch);
      const fresh = newRecords(progress, batch);
      records += fresh.length;
      for (const record of fresh) {
        const from = outgoing.length;
        if (this.decide(batch, record, progress, outgoing)) refused++;
        traces?.passed(batch, record, outgoing, from);
      }
    }
    const excess = this.refusals.add(records, refused);
    if (excess !== undefined) return excess;
    if (!(await this.isMember())) return undefined;
    await this.sink.send(outgoing);
    for (const batch of owned) if (batch.generation === this.queue.generation) this.mark(batch);
    traces?.end();
    this.runtime.measurements.turn({ batches: owned, records, sent: outgoing, refused: this.refusedCodes, seconds: (monotonicMs() - startMs) / 1_000 });
    return undefined;
  }

  /** False: the partitions are others' now, or the service stops; what was decided is decided again by whoever reads it. */
  private async isMember(): Promise<boolean> {
    const { generation } = this.queue;
    for (let attempt = 0; this.membership.doubtful && generation === this.queue.generation && !this.stopping; attempt++) {
      try {
        await this.membership.commit([...this.progress.values()].map((progress) => positionOf(progress, progress.stage)));
      } catch (error) {
        this.runtime.logger.warn({ error: (error as Error).message }, 'the group does not answer to a member that was silent for long; nothing is sent before it does');
        await delay(backoffMs(attempt));
      }
    }
    return generation === this.queue.generation && !this.membership.doubtful;
  }

  /** False: the partition is stopped, with everything that waits of it. */
  private isOfSameLog(batch: TakenBatch): boolean {
    const progress = this.progress.get(progressKey(batch));
    const fault = progress && faultOf(progress, batch);
    if (progress && fault === undefined) return true;
    if (fault !== undefined) this.stopPartition(batch, fault);
    return false;
  }

  private stopPartition(target: TopicPartition, reason: string): void {
    this.progress.delete(progressKey(target));
    this.queue.dropPartition(target.topic, target.partition);
    this.runtime.state.partitionStopped(progressKey(target), reason);
    this.runtime.logger.error({ topic: target.topic, partition: target.partition, reason }, 'partition stopped');
  }

  /** Turns one record into outgoing ones; true when it was refused. */
  private decide(batch: TakenBatch, record: SourceRecord, progress: Progress<Input, Addition>, outgoing: OutgoingRecord[]): boolean {
    const { stage } = progress;
    const decoded = this.codec.decode(record.value);
    const recordOrigin: Origin = { partition: batch.partition, offset: record.offset, timestamp: record.timestamp };
    if ('failure' in decoded) {
      const refusal: Refusal = { code: decoded.failure, field: 'value', message: decoded.detail };
      outgoing.push(this.rejected(batch, record, recordOrigin, [refusal], null));
      return true;
    }
    const input = decoded.value;
    const origin = stage.originOf(input) ?? recordOrigin;
    if (origin !== recordOrigin && wasDecided(progress, origin)) return false;
    const before = outgoing.length;
    try {
      const outcome = stage.decide(input, origin);
      if (outcome.kind === 'reject') {
        outgoing.push(this.rejected(batch, record, origin, outcome.refusals, outcome.identity));
        return true;
      }
      this.emit(batch, outcome, stage.output === 'appends' ? decoded.payload : undefined, outgoing);
    } catch (error) {
      outgoing.length = before;
      outgoing.push(this.rejected(batch, record, origin, [this.defect(batch, record, error)], stage.identityOf(input)));
      return true;
    }
    const { occurredAt } = stage.identityOf(input);
    if (occurredAt > progress.newestOccurredAt) progress.newestOccurredAt = occurredAt;
    return false;
  }

  private emit(batch: TakenBatch, { key, addition, alerts }: Outcome<Addition> & { kind: 'emit' }, payload: Buffer | undefined, outgoing: OutgoingRecord[]): void {
    const partition = this.declaration.partitioning === 'by-key' ? this.runtime.log.partitionOf(key, this.runtime.partitions) : batch.partition;
    outgoing.push({ topic: this.declaration.output, partition, key, value: this.codec.encodeOutput(addition, payload) });
    for (const alert of alerts) outgoing.push({ topic: this.checked(alertTopic), partition, key: alert.alertId, value: this.codec.encodeAlert(alert) });
  }

  private defect({ topic, partition }: TopicPartition, { offset }: SourceRecord, error: unknown): Refusal {
    this.runtime.logger.error({ topic, partition, offset, ...placeOf(error) }, 'a record could not be decided: a mistake of this version; refused');
    return internalRefusal;
  }

  private checked(topic: TopicName): TopicName {
    if (!this.declaration.outputs.includes(topic)) throw new Error(`${this.declaration.name} may not emit to ${topic}`);
    return topic;
  }

  private rejected(batch: TakenBatch, record: SourceRecord, origin: Origin, refusals: readonly Refusal[], identity: Identity | null): OutgoingRecord {
    const value = rejection(this.declaration.name, origin, refusals, identity, batch.topic, record);
    const bytes = this.codec.encodeRejected(value);
    this.refusedCodes.push(value.code);
    return { topic: this.checked(rejectedTopic), partition: batch.partition % this.runtime.partitions, key: value.rejectId, value: bytes };
  }

  private progressOf(target: TopicPartition): Progress<Input, Addition> {
    const progress = this.progress.get(progressKey(target));
    if (!progress) throw new Error(`${progressKey(target)} was read before it was taken over`);
    return progress;
  }

  private mark(batch: TakenBatch): void {
    const progress = this.progressOf(batch);
    cover(progress, batch);
    this.runtime.state.newestEventAt = Math.max(this.runtime.state.newestEventAt, progress.newestOccurredAt);
    this.dirtySinceMs ??= monotonicMs();
  }

  /**
   * Goes over to a newer reference set, at positions that the group has taken with the set's name, and not among
   * records that may be repeats: what a crash repeats is decided as it was the first time (exactness §13). Never
   * inside a turn.
   */
  private async followReference(nowMs: number): Promise<void> {
    if (nowMs < this.nextReferenceMs) return;
    const latest = this.versions.latest();
    const due: { progress: Progress<Input, Addition>; stage: Stage<Input, Addition> }[] = [];
    for (const progress of this.progress.values()) {
      const stage = progress.offset >= progress.repeatsUntil ? latest : progress.stage;
      if (stage !== progress.stage || !progress.announced) due.push({ progress, stage });
    }
    if (due.length === 0) return;
    const { generation } = this.queue;
    /** Should the answer be lost, the group may know the new name or the old one: nothing is decided until it is known. */
    for (const { progress } of due) progress.announced = false;
    try {
      await this.membership.commit(due.map(({ progress, stage }) => positionOf(progress, stage)));
    } catch (error) {
      this.nextReferenceMs = nowMs + limits.backoffMinMs;
      this.runtime.logger.warn({ error: (error as Error).message }, 'the group did not take the positions with the name of the reference data; waiting');
      return;
    }
    if (generation !== this.queue.generation) return;
    for (const { progress, stage } of due) Object.assign(progress, { stage, announced: true });
    this.runtime.logger.info({ referenceSet: latest.referenceSet, partitions: due.length }, 'reference data in force');
  }

  private async commitIfDue(idle: boolean, always = false): Promise<void> {
    const nowMs = monotonicMs();
    if (!always && !shouldCommit({ lastCommitMs: this.lastCommitMs, dirtySinceMs: this.dirtySinceMs }, nowMs, idle, limits.commitIntervalMs)) return;
    if (this.dirtySinceMs === undefined) return;
    const positions = [...this.progress.values()].filter(({ offset }) => offset > 0).map((progress) => positionOf(progress, progress.stage));
    this.lastCommitMs = nowMs;
    this.dirtySinceMs = undefined;
    try {
      await this.membership.commit(positions);
    } catch (error) {
      this.dirtySinceMs = nowMs;
      this.runtime.logger.warn({ error: (error as Error).message }, 'positions not committed; the records will be recognised when they are read again');
    }
  }

  /** Reading goes on at the group's commit. A commit outside the log is a hole: never skipped silently. */
  private async assigned(partitions: readonly TopicPartition[], committed: readonly CommittedPosition[]): Promise<StartPosition[]> {
    const { generation } = this.queue;
    const ranges = await this.inspector.offsets(this.declaration.input);
    const named = await this.stagesNamed(committed);
    /** Taken away again meanwhile: the call that followed has put down what counts. */
    if (generation !== this.queue.generation) return [];
    return partitions.map((target): StartPosition => {
      const range = ranges.find(({ partition }) => partition === target.partition);
      const commit = committed.find(({ topic, partition }) => topic === target.topic && partition === target.partition);
      const known = this.progress.get(progressKey(target));
      const hole = holeOf(range, commit);
      this.runtime.state.partitionStopped(progressKey(target), hole);
      if (hole !== undefined || !range) {
        this.runtime.logger.error({ ...target, hole }, 'partition stopped');
        /** The client has put its reset in the place of the position: whoever takes over next must find the position. */
        if (known) this.dirtySinceMs ??= monotonicMs();
        return { ...target, stopped: String(hole) };
      }
      const progress = known ?? progressOf(target, range, commit, (set) => (set === undefined ? undefined : named.get(set)) ?? this.versions.latest());
      this.progress.set(progressKey(target), progress);
      this.runtime.measurements.epochChanged(target, 'owner');
      /** Also for one that was read before: what waits of it comes again, from where everything is acknowledged. */
      this.queue.dropPartition(target.topic, target.partition);
      return { ...target, offset: readFrom(progress, range) };
    });
  }

  /** The stages that commits name, each looked up once and all at a time: one that cannot be made again is waited for. */
  private async stagesNamed(committed: readonly CommittedPosition[]): Promise<Map<string, Stage<Input, Addition>>> {
    const digests = new Set(committed.flatMap(({ metadata }) => readCommitNote(metadata).set ?? []));
    const stages = new Map<string, Stage<Input, Addition>>();
    await Promise.all([...digests].map(async (digest) => {
      const stage = await this.versions.named(digest);
      if (stage) stages.set(digest, stage);
      else this.runtime.logger.warn({ referenceSet: digest }, 'the reference data of the last commit cannot be had any more; going on with the newest');
    }));
    return stages;
  }

  /** Nothing more is read until somebody looks: state and reason stand in `status`. */
  private async halt(reason: string): Promise<void> {
    this.runtime.logger.error({ reason }, 'halted');
    this.runtime.state.set('halted', reason);
    this.guard.stop();
    await this.source.stop();
    while (!this.stopping) await delay(limits.commitIntervalMs);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.guard.stop();
    await this.done;
    await this.commitIfDue(true, true);
    await this.source.stop();
    await this.sink.close();
    await this.inspector.close();
    await this.versions.stop();
  }
}
