/**
 * Turns changed figures into records of the aggregate topics. One publisher at a time holds a lease; the
 * others stand by. Each tick:
 *   1 keep the lease        2 closed months restored; catching up? then publish nothing        3 read the change list
 *   4 read values and positions of due cells, as of one moment         5 one send, awaited
 *   6 only then shorten the change list, up to what a cell still waits for
 * What another writer left at the tail (a publisher that slept through its lease), and what came late, is published
 * anew, above it.
 */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { limits } from '../limits';
import { publishedTopics } from '../topology';
import { imbalance } from '../shell/books';
import { backlog } from '../shell/drained';
import { CONFIRMED_NOTE, PUBLISHED_NOTE, type FigureReader, type PositionOf } from '../shell/figure-store';
import type { LogInspector, Sink, TailReader } from '../shell/ports';
import type { RunningService } from '../shell/service';
import type { StateReporter } from '../shell/service-state';
import { delay, monotonicMs, patiently } from '../shell/waiting';
import { CellWriter, type CellWriterRuntime } from './cell-writer';
import { parseChange, parseRecordKey } from './cells';
import { PendingCells } from './pending';
import { ReadBack } from './read-back';
import type { PublishingMeasures } from './publishing-measures';
import { reconcile } from './reconcile';
import { letGo, type RetentionDays } from './retention';
import type { SelfCheckTurns } from '../verify/self-check-turns';
import { snapshotOf, type Snapshot } from './snapshot';
import { behind, TopicCopy } from './topic-copy';

const LEASE = 'publisher';

export interface PublisherRuntime extends CellWriterRuntime {
  readonly tickMs: number;
  readonly retention: RetentionDays;
  /** Whatever is live, there is one publisher. */
  readonly lease: Pick<FigureReader, 'holdLease' | 'releaseLease'>;
  readonly selfChecks: SelfCheckTurns;
  readonly measures: PublishingMeasures;
  readonly logger: Logger;
  readonly state: StateReporter;
}

export class Publisher implements RunningService {
  private readonly copy: TopicCopy;
  private readonly pending = new PendingCells();
  private readonly writerName = randomUUID();
  private readonly writerBytes = Buffer.from(this.writerName);
  private readonly lastEntry = new Map<number, string>();
  private readonly ticks = new Map<string, number>();
  private writer!: CellWriter;
  private sink!: Sink;
  private inspector!: LogInspector;
  private tail!: TailReader;
  private readBack!: ReadBack;
  private stopping = false;
  private leading = false;
  private heldMs = -Infinity;
  /** The lease was over before it was renewed: whatever may have happened then is not known. */
  private slept = false;
  private catchingUp = true;
  private nextConfirmMs = 0;
  private nextPositionsMs = 0;
  private nextRetentionMs = 0;
  private nextListLookMs = 0;
  private nextClosedLookMs = 0;
  private restUntilMs = 0;
  private positionsDirty = false;
  private booksBefore: string | undefined;
  done: Promise<void> = Promise.resolve();

  constructor(private readonly runtime: PublisherRuntime) { this.copy = new TopicCopy(runtime.reader.inputs); }

  async start(): Promise<void> {
    const { log, state, logger } = this.runtime;
    this.sink = await log.sink();
    this.inspector = await log.inspector();
    this.writer = new CellWriter(this.runtime, this.sink, this.copy, this.writerName);
    this.readBack = new ReadBack(this.copy, this.runtime.codec, this.writerBytes, (place, next) => this.writer.raise(place, next), logger);
    this.tail = await log.tail(Object.values(publishedTopics), (topic, partition, record) => this.readBack.take({ topic, partition }, record));
    await this.readUnprepared();
    this.readBack.started = true;
    state.set('running');
    this.done = this.loop();
  }

  private async readUnprepared(): Promise<void> {
    if (this.readBack.unprepared) await patiently(this.runtime.state.onTrouble, 'schema registry', () => this.readBack.prepare(), () => this.stopping);
  }

  /** Questions to the broker, asked until it answers: it may be away, or choosing a new coordinator. */
  private async ask<Answer>(question: () => Promise<Answer>): Promise<Answer | undefined> {
    return patiently(this.runtime.state.onTrouble, 'kafka', question, () => this.stopping);
  }

  private async nothingLeft(): Promise<boolean> {
    return (await this.ask(() => backlog(this.inspector, this.runtime.reader)))?.length === 0;
  }

  private async loop(): Promise<void> {
    while (!this.stopping) {
      const startMs = monotonicMs();
      if (await this.lead()) await this.tick(startMs);
      await delay(Math.max(5, Math.min(this.runtime.tickMs, limits.publishTickMs) / 4 - (monotonicMs() - startMs)));
    }
    if (this.leading && this.writer.knowsRevisions) await this.tick(monotonicMs() + limits.publishTickMs * 10);
  }

  /** Takes or keeps the lease; on taking it over, revisions go on at the log's ends. */
  private async lead(): Promise<boolean> {
    const held = await this.renewLease();
    /** Who slept may have slept through a loss and a rebuild, which lists no change. */
    if (held && (!this.leading || this.slept)) {
      this.writer.forgetRevisions();
      for (const topic of Object.values(publishedTopics)) {
        for (const { partition, end } of (await this.ask(() => this.inspector.offsets(topic))) ?? []) this.writer.raise({ topic, partition }, end);
      }
      this.catchingUp = true;
      this.nextClosedLookMs = 0;
      this.runtime.state.set('running');
    }
    if (!held) this.runtime.measures.standsBy();
    if (!held && this.leading) this.runtime.state.set('running', 'standing by: another publisher holds the lease');
    this.leading = held;
    this.slept = false;
    return held;
  }

  private async renewLease(): Promise<boolean> {
    const held = await this.runtime.lease.holdLease(LEASE, this.writerName, limits.publisherLeaseMs);
    const nowMs = monotonicMs();
    if (nowMs - this.heldMs > limits.publisherLeaseMs) this.slept = true;
    this.heldMs = nowMs;
    return held;
  }

  /** Between steps of what takes long: a lease that runs out meanwhile would make everything be compared once more. */
  private async whileLeading(): Promise<void> {
    if (monotonicMs() - this.heldMs > limits.publisherLeaseMs / 3) await this.renewLease();
  }

  private async tick(nowMs: number): Promise<void> {
    await this.lookAtClosedMonths(nowMs);
    await this.runtime.measures.look(nowMs, this.inspector);
    const snapshot = await this.snapshot();
    if (!snapshot.complete || behind(snapshot.offsets, this.copy.positions)) {
      this.catchingUp = true;
      await this.runtime.reader.setNote(PUBLISHED_NOTE, JSON.stringify(this.copy.positions));
      /** Everything is compared afterwards: a rebuild of millions of declarations would fill the store with entries. */
      await this.runtime.reader.dropChanges();
      this.runtime.state.set('running', 'catching up: the store is behind the aggregate topics or the log it was rebuilt from; nothing is published');
      return delay(limits.publishTickMs);
    }
    const renewed = this.catchingUp;
    const changesOver = renewed && this.writer.changesOver;
    if (changesOver) await this.writer.mark('GENERATION_BEGIN', snapshot);
    if (renewed) await this.beginAnew();
    if (changesOver) await this.publishDue(Infinity);
    if (changesOver) await this.writer.mark('GENERATION_END', snapshot);
    /** A full list may have let entries go that nobody read: everything is compared before what was read counts as published, and once more behind it. */
    const listIsFull = await this.readChanges(nowMs);
    if (listIsFull) this.catchingUp = true;
    if (listIsFull && !renewed) return;
    await this.addForeign(nowMs);
    if (nowMs >= this.restUntilMs || this.stopping || listIsFull) await this.publishDue(listIsFull ? Infinity : nowMs);
    await this.publishPositions(nowMs);
    await this.confirm(nowMs);
    await this.letFineGrainsGo(nowMs, snapshot.streamTimeMs);
    if (!this.stopping) await this.runtime.selfChecks.turn(nowMs, snapshot.streamTimeMs);
  }

  /** Before anything is published: a month that was closed meanwhile would be published as if it were not. */
  private async lookAtClosedMonths(nowMs: number): Promise<void> {
    if (nowMs < this.nextClosedLookMs || this.stopping) return;
    this.nextClosedLookMs = nowMs + limits.closedLookMs;
    const { closedMonths } = this.runtime;
    for (const month of (await this.ask(() => closedMonths.look(this.inspector))) ?? []) {
      for await (const { key, units } of closedMonths.keys(month)) this.pending.add(key, units.join(','), 0, nowMs);
      for (const key of this.copy.cells.keys()) if (closedMonths.monthOf(parseRecordKey(key)?.period ?? '') === month) this.pending.add(key, '', 0, nowMs);
    }
  }

  /** The change list may be another one, or have been read by another publisher: it is read from its start. */
  private async beginAnew(): Promise<void> {
    this.lastEntry.clear();
    this.pending.clear();
    /** Another publisher may have confirmed more meanwhile: what is final stays final. */
    this.writer.confirmedThroughMs = Math.max(this.writer.confirmedThroughMs, Number((await this.runtime.reader.note(CONFIRMED_NOTE)) ?? 0));
    const { reader, context, closedMonths, state } = this.runtime;
    await reconcile({ reader, context, closedMonths, copy: this.copy, publish: (key, units) => this.pending.add(key, units.join(','), 0, 0), withdraw: (key) => this.writer.withdraw(key), betweenHashes: () => this.whileLeading() });
    this.catchingUp = false;
    state.set('running');
  }

  /** A round that took long is followed by a longer rest: under load changes combine instead of being published one by one. */
  private async publishDue(nowMs: number): Promise<void> {
    const startMs = monotonicMs();
    let cells = 0;
    for (let due = this.pending.takeDue(nowMs, limits.cellsPerRead); due.length > 0; due = this.pending.takeDue(nowMs, limits.cellsPerRead)) {
      const published = await this.writer.publish(due);
      if (published > 0) this.positionsDirty = true;
      cells += published;
      for (const [shard, id] of this.pending.settled()) await this.runtime.reader.acknowledgeChanges(shard, id);
      await this.whileLeading();
    }
    this.runtime.measures.round(cells, startMs);
    this.restUntilMs = monotonicMs() + Math.min(limits.publishLongestRestMs, limits.publishRestFactor * (monotonicMs() - startMs));
  }

  private async letFineGrainsGo(nowMs: number, streamTimeMs: number): Promise<void> {
    if (nowMs < this.nextRetentionMs || this.stopping) return;
    this.nextRetentionMs = nowMs + limits.retentionLookMs;
    const { reader, context, retention, logger } = this.runtime;
    const keys = await letGo(reader, context.cubes, context.calendar, retention, streamTimeMs);
    if (keys > 0) logger.info({ keys }, 'cells of fine grains and parts of the index behind their retention let go');
  }

  private async snapshot(): Promise<Snapshot> {
    const all: PositionOf[] = [];
    for (let shard = 0; shard < this.runtime.reader.shards; shard++) all.push(...(await this.runtime.reader.readCells(shard, [])).positions);
    return snapshotOf(all);
  }

  /** True where a list has reached its bound. */
  private async readChanges(nowMs: number): Promise<boolean> {
    const { reader } = this.runtime;
    let full = false;
    for (let shard = 0; shard < reader.shards; shard++) {
      if (this.pending.size === 0 && nowMs >= this.nextListLookMs) await this.lookAtListStart(shard);
      const entries = await reader.changes(shard, this.lastEntry.get(shard) ?? '-', limits.changedEntriesPerRead);
      if (entries.length === limits.changedEntriesPerRead && (await reader.changesLength(shard)) >= limits.changeListEntries) full = true;
      for (const { id, changed } of entries) {
        this.pending.begin(shard, id);
        for (const line of changed.split('\n')) {
          const { key, units } = parseChange(line);
          this.pending.add(key, units, this.tickOf(key), nowMs);
        }
        this.lastEntry.set(shard, id);
      }
    }
    return full;
  }

  /** A store that went back in time has entries again that were read, or new ones with names below them: the list is read from its start. */
  private async lookAtListStart(shard: number): Promise<void> {
    if (shard === this.runtime.reader.shards - 1) this.nextListLookMs = monotonicMs() + limits.idleLookMs;
    const [first] = await this.runtime.reader.changes(shard, '-', 1);
    if (first) this.lastEntry.delete(shard);
  }

  /** By view and combination, the key's first two parts. */
  private tickOf(key: string): number {
    const name = key.slice(0, key.indexOf('/', key.indexOf('/') + 1));
    let tickMs = this.ticks.get(name);
    if (tickMs === undefined) {
      const address = parseRecordKey(key);
      const declared = address && this.runtime.context.cubes[address.view].combinations.find(({ id }) => id === address.combination)?.publish?.tickMs;
      tickMs = Math.round(((declared ?? limits.publishTickMs) * this.runtime.tickMs) / limits.publishTickMs);
      this.ticks.set(name, tickMs);
    }
    return tickMs;
  }

  private async addForeign(nowMs: number): Promise<void> {
    await this.readUnprepared();
    const foreign = this.readBack.takeForeign();
    if (foreign.size === 0) return;
    for (const key of foreign) {
      const cell = this.copy.cell(key);
      if (!cell) continue;
      cell.digest = '';
      this.pending.add(key, '', 0, nowMs);
    }
    this.runtime.logger.warn({ cells: foreign.size }, 'records of another writer, or late ones, lie at the tail; publishing those cells anew');
  }

  private async publishPositions(nowMs: number): Promise<number> {
    if (!this.positionsDirty || nowMs < this.nextPositionsMs) return -1;
    this.nextPositionsMs = nowMs + limits.publishPositionsMs;
    this.positionsDirty = this.pending.size > 0;
    return this.writer.publishPositions(await this.snapshot());
  }

  /** Everything appended before a broker time has been counted: periods that ended before it are final. */
  private async confirm(nowMs: number): Promise<void> {
    if (nowMs < this.nextConfirmMs || this.pending.size > 0 || this.stopping) return;
    this.nextConfirmMs = nowMs + limits.publishConfirmSoonMs;
    if (!(await this.nothingLeft())) return;
    this.positionsDirty = true;
    this.nextPositionsMs = 0;
    const brokerTimeMs = await this.publishPositions(nowMs);
    const books = await this.ask(() => imbalance(this.inspector, this.runtime.reader));
    if (!(await this.nothingLeft())) return;
    this.judgeBooks(books);
    if (brokerTimeMs <= this.writer.confirmedThroughMs) return;
    this.nextConfirmMs = nowMs + limits.publishConfirmMs;
    this.writer.confirmedThroughMs = brokerTimeMs;
    await this.runtime.reader.setNote(CONFIRMED_NOTE, String(brokerTimeMs));
    for (const [key, { final, periodTo }] of this.copy.cells) {
      if (!final && periodTo + this.runtime.graceMs <= brokerTimeMs) this.pending.add(key, '', 0, nowMs);
    }
  }

  /** Twice in a row: a record may have gone all the way between two questions. */
  private judgeBooks(finding: string | undefined): void {
    if (finding === undefined || finding === this.booksBefore) this.runtime.state.alarm('books', finding);
    if (finding !== undefined && finding === this.booksBefore) this.runtime.logger.error(finding);
    this.booksBefore = finding;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.done;
    await this.runtime.lease.releaseLease(LEASE, this.writerName);
    await this.tail.stop();
    await this.sink.close();
    await this.inspector.close();
    await this.runtime.reader.close();
  }
}
