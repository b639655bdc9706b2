/**
 * The loop of a stage that counts. Redis is the truth: figures, ledger entries and position of a piece change in one
 * script, and reading goes on where Redis stands, never where the group's commit does. Per partition, one
 * piece at a time:
 *   1 read the ledger (with the position it belongs to)    2 decide in order, into one change
 *   3 apply: compares token and position, then changes all or nothing
 * Commits to the group are for lag displays, and to prove membership before a partition is claimed again.
 */
import type { Type } from 'avsc';
import type { Logger } from 'pino';
import type { Origin } from '../domain/declaration';
import type { CountedFacts } from '../domain/facts';
import { originText, type Position } from '../domain/position';
import { limits } from '../limits';
import { rejectedTopic, type StageName, type TopicName } from '../topology';
import type { Identity } from '../domain/outcome';
import { resultCodes, type ResultCode } from '../domain/result-codes';
import type { Decoder, Encoder } from './avro/codec';
import { BatchQueue, type TakenBatch } from './batch-queue';
import type { FigureChange, LedgerStore } from './figure-store';
import { PartitionOwner } from './partition-owner';
import { shouldCommit } from './policy/commit-policy';
import type { CommittedPosition, Log, LogInspector, OutgoingRecord, Sink, Source, SourceRecord, StartPosition, TopicPartition } from './ports';
import { rejection } from './rejection';
import type { RunningService } from './service';
import type { StateReporter } from './service-state';
import { backoffMs, delay, patiently } from './waiting';

/** One piece of a batch on its way into the figures; pure, made by the stage. */
export interface CountingPiece<Event> {
  add(event: Event): void;
  /** Combined increments so far. */
  readonly size: number;
  readonly increments: FigureChange['increments'];
  /** New ledger entries by declaration id. */
  readonly entries: ReadonlyMap<string, CountedFacts>;
  readonly streamTimeMs: number;
  /** Events that cannot be counted: they go to the rejected topic before the piece is applied, and are counted from there. */
  readonly refused: readonly { readonly event: Event; readonly code: ResultCode }[];
  changedText(): string;
  positionAfter(next: number): Position;
}

/** What a counting stage declares to the shell. */
export interface CountingStage<Event> {
  readonly name: StageName;
  readonly inputs: readonly TopicName[];
  /** The ledger entry that the event needs; undefined: none. */
  ledgerId(event: Event): string | undefined;
  originOf(event: Event): Origin;
  identityOf(event: Event): Identity | null;
  /** Whether an entry lies behind the horizon; absent: entries are kept for ever. */
  readonly forgettable?: (facts: CountedFacts, position: Position) => boolean;
  piece(position: Position, ledger: (declarationId: string) => CountedFacts | undefined): CountingPiece<Event>;
}

export interface CountingRuntime<Event> {
  readonly log: Log;
  readonly store: LedgerStore;
  readonly manifest: string;
  readonly logger: Logger;
  readonly state: StateReporter;
  readonly decoders: ReadonlyMap<TopicName, Decoder<Event>>;
  readonly facts: Type;
  readonly rejected: Encoder;
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`;
interface Decoded<Event> { readonly offset: number; readonly event: Event; readonly record: SourceRecord }

export class CountingRunner<Event> implements RunningService {
  private readonly queue = new BatchQueue(limits.queuedRecordsPerPartition);
  private readonly owners = new Map<string, PartitionOwner>();
  private readonly source: Source;
  private inspector!: LogInspector;
  private sink!: Sink;
  private stopping = false;
  private lastCommitMs = 0;
  private nextLookMs = 0;
  private nextBucket = 0;
  private sending: Promise<unknown> = Promise.resolve();
  private dirtySinceMs: number | undefined;
  done: Promise<void> = Promise.resolve();

  constructor(private readonly stage: CountingStage<Event>, private readonly runtime: CountingRuntime<Event>) {
    this.source = runtime.log.source(stage.name, stage.inputs);
  }

  async start(): Promise<void> {
    this.inspector = await this.runtime.log.inspector();
    this.sink = await this.runtime.log.sink();
    await this.source.start({
      revoked: () => { this.queue.drop(); this.owners.clear(); },
      assigned: (partitions) => Promise.all(partitions.map((target) => this.claim(target))),
      fetched: (batch) => this.queue.put(batch),
    });
    this.runtime.state.set('running');
    this.done = this.loop();
  }

  private async claim(target: TopicPartition): Promise<StartPosition> {
    const ranges = await this.inspector.offsets(target.topic);
    const range = ranges.find(({ partition }) => partition === target.partition) ?? { start: 0, end: 0 };
    const claim = await PartitionOwner.claim(this.runtime.store, target, this.runtime.manifest, range);
    const stopped = 'stopped' in claim ? claim.stopped : undefined;
    this.runtime.state.partitionStopped(keyOf(target), stopped);
    if ('stopped' in claim) {
      this.owners.delete(keyOf(target));
      this.runtime.logger.error({ ...target, reason: claim.stopped }, 'partition stopped');
      return { ...target, stopped: claim.stopped };
    }
    this.owners.set(keyOf(target), claim.owner);
    return { ...target, offset: claim.owner.readFrom };
  }

  private async loop(): Promise<void> {
    while (!this.stopping) {
      const turnStartMs = Date.now();
      const batches = this.queue.take(limits.recordsPerTurn);
      if (batches.length > 0) await this.turn(batches);
      await this.lookAfterIdlePartitions();
      await this.commitIfDue(this.queue.empty);
      await delay(Math.max(0, limits.turnIntervalMs - (Date.now() - turnStartMs)));
      await this.queue.work(limits.commitIntervalMs / 10);
    }
  }

  /** A store that lost data shows on the next script; a partition without records would not notice, and its figures stay lost. */
  private async lookAfterIdlePartitions(): Promise<void> {
    if (Date.now() < this.nextLookMs) return;
    this.nextLookMs = Date.now() + limits.idleLookMs;
    for (const owner of [...this.owners.values()]) {
      if (this.stopping) return;
      const { position } = await owner.readLedger([]);
      if (!owner.standsAt(position) && this.owners.get(keyOf(owner.target)) === owner) void this.takeOverAgain(owner, 'the position in the store is another one');
      else await this.forget(owner);
    }
  }

  private async turn(batches: readonly TakenBatch[]): Promise<void> {
    await patiently((reason) => this.runtime.state.onTrouble(reason), 'schema registry', () => this.prepare(batches), () => this.stopping);
    const byPartition = new Map<string, TakenBatch[]>();
    for (const batch of batches) {
      const list = byPartition.get(keyOf(batch));
      if (list) list.push(batch);
      else byPartition.set(keyOf(batch), [batch]);
    }
    await Promise.all([...byPartition.values()].map((list) => this.countPartition(list)));
    this.dirtySinceMs ??= Date.now();
  }

  private async prepare(batches: readonly TakenBatch[]): Promise<void> {
    for (const { topic, records } of batches) await this.decoderOf(topic).prepare(records.map(({ value }) => value), Date.now());
  }

  private decoderOf(topic: TopicName): Decoder<Event> {
    const decoder = this.runtime.decoders.get(topic);
    if (!decoder) throw new Error(`${this.stage.name} has no decoder for ${topic}`);
    return decoder;
  }

  private async countPartition(batches: readonly TakenBatch[]): Promise<void> {
    const first = batches[0] as TakenBatch;
    const owner = this.owners.get(keyOf(first));
    if (!owner || this.stopping) return;
    if (first.from > owner.position.next) return this.takeOverAgain(owner, 'records between the position and the batch were not delivered');
    const records: Decoded<Event>[] = [];
    for (const batch of batches) for (const record of batch.records) {
      const decoded = this.decode(batch.topic, record);
      if (!decoded) return this.stopPartition(owner, `record ${record.offset} of ${batch.topic} cannot be decoded: it was not written by this system`);
      if (decoded.offset === owner.position.next - 1 && originText(this.stage.originOf(decoded.event)) !== owner.position.last) {
        return this.stopPartition(owner, `record ${decoded.offset} of ${batch.topic} is not the one that was counted at this offset: the topic was made anew or has lost records`);
      }
      records.push(decoded);
    }
    const end = (batches.at(-1) as TakenBatch).next;
    let done = owner.position.next > first.from ? records.findIndex(({ offset }) => offset >= owner.position.next) : 0;
    if (done < 0) done = records.length;
    do {
      const counted = await this.countPiece(owner, records, done, end);
      if (counted === undefined) return;
      done += counted;
    } while (done < records.length && !this.stopping);
  }

  private decode(topic: TopicName, record: SourceRecord): Decoded<Event> | undefined {
    const decoded = this.decoderOf(topic).decode(record.value);
    return 'failure' in decoded ? undefined : { offset: record.offset, event: decoded.value, record };
  }

  /** Counts records from `start` on, as many as one script may carry; answers how many, undefined when the partition moved. */
  private async countPiece(owner: PartitionOwner, records: readonly Decoded<Event>[], start: number, end: number): Promise<number | undefined> {
    const upTo = Math.min(records.length, start + limits.declarationsPerScript);
    const ledger = await this.readLedger(owner, records.slice(start, upTo));
    if (!ledger) return this.takeOverAgain(owner, 'moved');
    const piece = this.stage.piece(owner.position, (id) => ledger.get(id));
    let index = start;
    for (; index < upTo && piece.size < limits.incrementsPerScript; index++) piece.add((records[index] as Decoded<Event>).event);
    if (piece.refused.length > 0) await this.reject(owner.target, piece.refused, records);
    const next = index === records.length ? end : (records[index] as Decoded<Event>).offset;
    const entries = new Map<string, Buffer>();
    for (const [id, facts] of piece.entries) entries.set(id, this.runtime.facts.toBuffer(facts));
    const change: FigureChange = { increments: piece.increments, entries, changed: piece.changedText() };
    return this.apply(owner, piece, next, change, index - start);
  }

  /** One send at a time, whatever the number of partitions at work; a repeat after a crash has the same id. */
  private async reject({ topic, partition }: TopicPartition, refused: CountingPiece<Event>['refused'], records: readonly Decoded<Event>[]): Promise<void> {
    const outgoing = refused.map(({ event, code }): OutgoingRecord => {
      const { record } = records.find((decoded) => decoded.event === event) as Decoded<Event>;
      const value = rejection(this.stage.name, this.stage.originOf(event), [{ code, field: 'acceptedAt', message: resultCodes[code].en }], this.stage.identityOf(event), topic, record);
      return { topic: rejectedTopic, partition, key: value.rejectId, value: this.runtime.rejected.encode(value) };
    });
    this.sending = this.sending.then(() => this.sink.send(outgoing));
    await this.sending;
  }

  /** A few buckets at each look: the whole ledger within the hour. */
  private async forget(owner: PartitionOwner): Promise<void> {
    const { forgettable } = this.stage;
    if (!forgettable) return;
    for (let count = 0; count < limits.bucketsPerLook; count++) {
      this.nextBucket = (this.nextBucket + 1) % this.runtime.store.buckets;
      const done = await owner.forget(this.nextBucket, (entry) => forgettable(this.runtime.facts.fromBuffer(entry) as CountedFacts, owner.position));
      if (!done) return;
    }
  }

  private async readLedger(owner: PartitionOwner, records: readonly Decoded<Event>[]): Promise<Map<string, CountedFacts> | undefined> {
    const ids = [...new Set(records.flatMap(({ event }) => this.stage.ledgerId(event) ?? []))];
    const found = new Map<string, CountedFacts>();
    if (ids.length === 0) return found;
    const { position, entries } = await owner.readLedger(ids);
    if (!owner.standsAt(position)) return undefined;
    ids.forEach((id, index) => {
      const entry = entries[index];
      if (entry) found.set(id, this.runtime.facts.fromBuffer(entry) as CountedFacts);
    });
    return found;
  }

  private async apply(owner: PartitionOwner, piece: CountingPiece<Event>, next: number, change: FigureChange, counted: number): Promise<number | undefined> {
    for (let attempt = 0; !this.stopping; attempt++) {
      const answer = await owner.apply(piece.positionAfter(next), change);
      if (answer === 'applied' || answer === 'already') {
        this.runtime.state.newestEventAt = Math.max(this.runtime.state.newestEventAt, piece.streamTimeMs);
        return counted;
      }
      if (typeof answer === 'string') return this.takeOverAgain(owner, answer);
      if ('overflow' in answer) {
        await this.stopPartition(owner, `a figure would leave the 64 bits that the store holds: ${answer.overflow}`);
        return undefined;
      }
      this.runtime.state.onTrouble(`redis is full: ${answer.full}`);
      await delay(backoffMs(attempt));
    }
    return undefined;
  }

  /** Another owner or a store that lost data: only a member that the broker still recognises may claim again. */
  private async takeOverAgain(owner: PartitionOwner, reason: string): Promise<undefined> {
    const { target, position } = owner;
    this.queue.dropPartition(target.topic, target.partition);
    this.owners.delete(keyOf(target));
    this.runtime.logger.warn({ ...target, reason }, 'the store is not where this owner left it');
    const generation = this.queue.generation;
    for (let attempt = 0; !this.stopping && generation === this.queue.generation; attempt++) {
      await delay(backoffMs(attempt));
      try {
        await this.source.commit([{ ...target, offset: position.next, metadata: '' }]);
        const start = await this.claim(target);
        if ('offset' in start && generation === this.queue.generation) {
          this.queue.dropPartition(target.topic, target.partition);
          this.source.seek(start);
        }
        return undefined;
      } catch (error) {
        this.runtime.logger.warn({ ...target, error: (error as Error).message }, 'the partition cannot be claimed again yet');
      }
    }
    return undefined;
  }

  private async stopPartition(owner: PartitionOwner, reason: string): Promise<void> {
    this.owners.delete(keyOf(owner.target));
    this.runtime.state.partitionStopped(keyOf(owner.target), reason);
    this.runtime.logger.error({ ...owner.target, reason }, 'partition stopped');
  }

  private async commitIfDue(idle: boolean): Promise<void> {
    const nowMs = Date.now();
    if (!shouldCommit({ lastCommitMs: this.lastCommitMs, dirtySinceMs: this.dirtySinceMs }, nowMs, idle, limits.commitIntervalMs)) return;
    this.lastCommitMs = nowMs;
    this.dirtySinceMs = undefined;
    const positions: CommittedPosition[] = [...this.owners.values()].map(({ target, position }) => ({ ...target, offset: position.next, metadata: '' }));
    await this.source.commit(positions).catch((error: Error) => this.runtime.logger.debug({ error: error.message }, 'positions not shown to the group'));
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.done;
    this.dirtySinceMs ??= Date.now();
    this.lastCommitMs = 0;
    await this.commitIfDue(true);
    await this.source.stop();
    await this.sink.close();
    await this.inspector.close();
    await this.runtime.store.close();
  }
}
