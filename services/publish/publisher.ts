/**
 * Turns changed figures into records of the aggregate topics. One publisher at a time holds a lease; the
 * others stand by. Each tick:
 *   1 keep the lease        2 catching up? then publish nothing        3 read the change list
 *   4 read values and positions of due cells, as of one moment         5 one send, awaited
 *   6 only then delete from the change list what nothing waits for any more
 * Revisions number the log itself (see decisions/0006), so they rise whatever Redis lost. What another
 * writer left at the tail (a publisher that slept through its lease) is published anew, above it.
 */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { cellField } from '../domain/cubes';
import { periodStatus } from '../domain/period-status';
import { limits } from '../limits';
import { publishedTopics, type TopicName, type View } from '../topology';
import { backlog } from '../shell/drained';
import type { CellRequest, FigureReader, PositionOf } from '../shell/figure-store';
import type { Log, LogInspector, OutgoingRecord, Sink, TailReader } from '../shell/ports';
import type { RunningService } from '../shell/service';
import type { StateReporter } from '../shell/service-state';
import { delay, patiently } from '../shell/waiting';
import { cellDigest, cellRecord, measuresOf, parseChange, POSITIONS_KEY, positionsRecord, type CellState, type RecordContext } from './cells';
import { PendingCells, type DueCell } from './pending';
import { behind, TopicCopy } from './topic-copy';
import type { PublishCodec } from './publish-codec';
import { reconcile } from './reconcile';
import { snapshotOf, type Snapshot } from './snapshot';
import { letGo, type RetentionDays } from './retention';

const LEASE = 'publisher';
const CONFIRM_INTERVAL_MS = 30_000;
const CONFIRM_SOON_MS = 1_000;
const POSITIONS_INTERVAL_MS = 1_000;
const RETENTION_INTERVAL_MS = 60_000;
const REST_FACTOR = 3;

export interface PublisherRuntime {
  readonly log: Log;
  readonly reader: FigureReader;
  readonly codec: PublishCodec;
  readonly context: RecordContext;
  readonly partitions: number;
  readonly tickMs: number;
  readonly graceMs: number;
  readonly retention: RetentionDays;
  readonly logger: Logger;
  readonly state: StateReporter;
}


export class Publisher implements RunningService {
  readonly copy = new TopicCopy();
  readonly pending = new PendingCells();
  private readonly writer = randomUUID();
  private readonly writerBytes = Buffer.from(this.writer);
  private readonly nextRevision = new Map<string, number>();
  private readonly lastEntry = new Map<number, string>();
  private sink!: Sink;
  private inspector!: LogInspector;
  private tail!: TailReader;
  private started = false;
  private stopping = false;
  private leading = false;
  private catchingUp = true;
  private confirmedThroughMs = 0;
  private nextConfirmMs = 0;
  private nextPositionsMs = 0;
  private nextRetentionMs = 0;
  private restUntilMs = 0;
  private positionsDirty = false;
  private foreign = new Set<string>();
  done: Promise<void> = Promise.resolve();

  constructor(private readonly runtime: PublisherRuntime) {}

  async start(): Promise<void> {
    const topics = Object.values(publishedTopics);
    this.sink = await this.runtime.log.sink();
    this.inspector = await this.runtime.log.inspector();
    this.tail = await this.runtime.log.tail(topics, (topic, partition, { key, value, offset }) => {
      /** Own records come back by the thousands and say nothing new: not worth decoding. */
      if (value?.includes(this.writerBytes)) return;
      this.readBack(topic, partition, key?.toString('utf8') ?? '', value, offset);
    });
    this.started = true;
    this.confirmedThroughMs = Number((await this.runtime.reader.note('confirmed-through')) ?? 0);
    this.runtime.state.set('running');
    this.done = this.loop();
  }

  /** Own topics, read back. A record of another writer after the start means that revisions must go on above it. */
  private readBack(topic: TopicName, partition: number, key: string, value: Buffer | null, offset: number): void {
    if (value === null) { this.copy.remove(key); return; }
    const record = this.runtime.codec.decode(topic, value);
    if (!record) return;
    if (record.kind === 'POSITIONS') this.copy.putPositions(record.revision, record.sourceOffsets);
    else this.copy.put(key, record.revision, record.digest, record.units, record.final, record.periodTo);
    if (this.started) {
      const log = `${topic}/${partition}`;
      this.nextRevision.set(log, Math.max(this.nextRevision.get(log) ?? 0, offset + 1));
      if (record.kind === 'CELL') this.foreign.add(key);
    }
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
      const startMs = Date.now();
      if (await this.lead()) await this.tick(startMs);
      await delay(Math.max(5, Math.min(this.runtime.tickMs, limits.publishTickMs) / 4 - (Date.now() - startMs)));
    }
    if (this.leading && this.nextRevision.size > 0) await this.tick(Date.now() + limits.publishTickMs * 10);
  }

  /** Takes or keeps the lease; on taking it over, revisions go on at the log's ends. */
  private async lead(): Promise<boolean> {
    const held = await this.runtime.reader.holdLease(LEASE, this.writer, limits.publisherLeaseMs);
    if (held && !this.leading) {
      this.nextRevision.clear();
      for (const topic of Object.values(publishedTopics)) {
        for (const { partition, end } of (await this.ask(() => this.inspector.offsets(topic))) ?? []) {
          const log = `${topic}/${partition}`;
          this.nextRevision.set(log, Math.max(this.nextRevision.get(log) ?? 0, end));
        }
      }
      this.lastEntry.clear();
      this.pending.clear();
      this.catchingUp = true;
      this.runtime.state.set('running');
    }
    if (!held && this.leading) this.runtime.state.set('running', 'standing by: another publisher holds the lease');
    this.leading = held;
    return held;
  }

  private async tick(nowMs: number): Promise<void> {
    const snapshot = await this.snapshot();
    if (!snapshot.complete || behind(snapshot.offsets, this.copy.positions)) {
      this.catchingUp = true;
      await this.runtime.reader.setNote('published-positions', JSON.stringify(this.copy.positions));
      this.runtime.state.set('running', 'catching up: the store is behind the aggregate topics or the log it was rebuilt from; nothing is published');
      return delay(limits.publishTickMs);
    }
    if (this.catchingUp) {
      await reconcile(this.runtime.reader, this.runtime.context, this.copy, (address, units) => this.pending.add(address, units, '', 0), (key) => this.withdraw(key));
      this.catchingUp = false;
      this.runtime.state.set('running');
    }
    await this.readChanges(nowMs);
    this.addForeign();
    if (nowMs >= this.restUntilMs || this.stopping) await this.publishDue(nowMs);
    await this.publishPositions(nowMs);
    await this.confirm(nowMs);
    await this.letFineGrainsGo(nowMs, snapshot.streamTimeMs);
  }

  /** A round that took long is followed by a longer rest: under load changes combine instead of being published one by one. */
  private async publishDue(nowMs: number): Promise<void> {
    const startMs = Date.now();
    for (let due = this.pending.takeDue(nowMs, limits.cellsPerRead); due.length > 0; due = this.pending.takeDue(nowMs, limits.cellsPerRead)) await this.publish(due);
    this.restUntilMs = Date.now() + REST_FACTOR * (Date.now() - startMs);
  }

  private async letFineGrainsGo(nowMs: number, streamTimeMs: number): Promise<void> {
    if (nowMs < this.nextRetentionMs || this.stopping) return;
    this.nextRetentionMs = nowMs + RETENTION_INTERVAL_MS;
    const { reader, context, retention, logger } = this.runtime;
    const hashes = await letGo(reader, context.cubes, context.calendar, retention, streamTimeMs);
    if (hashes > 0) logger.info({ hashes }, 'cells of fine grains behind their retention let go');
  }

  private async snapshot(): Promise<Snapshot> {
    const all: PositionOf[] = [];
    for (let shard = 0; shard < this.runtime.reader.shards; shard++) all.push(...(await this.runtime.reader.readCells(shard, [])).positions);
    return snapshotOf(all);
  }

  private async readChanges(nowMs: number): Promise<void> {
    for (let shard = 0; shard < this.runtime.reader.shards; shard++) {
      const entries = await this.runtime.reader.changes(shard, this.lastEntry.get(shard) ?? '-', limits.changedEntriesPerRead);
      for (const { id, changed } of entries) {
        for (const line of changed.split('\n')) {
          const { address, units } = parseChange(line);
          this.pending.add(address, units, `${shard}/${id}`, nowMs + this.tickOf(address.view, address.combination));
        }
        this.lastEntry.set(shard, id);
      }
    }
  }

  private tickOf(view: View, combination: string): number {
    const declared = this.runtime.context.cubes[view].combinations.find(({ id }) => id === combination)?.publish?.tickMs ?? limits.publishTickMs;
    return Math.round((declared * this.runtime.tickMs) / limits.publishTickMs);
  }

  private addForeign(): void {
    if (this.foreign.size === 0) return;
    for (const key of this.foreign) {
      const cell = this.copy.cell(key);
      if (!cell) continue;
      cell.digest = '';
      this.pending.add(cell.address, [], '', 0);
    }
    this.runtime.logger.warn({ cells: this.foreign.size }, 'another writer left records at the tail; publishing those cells anew');
    this.foreign = new Set();
  }

  /** Values as of one moment, one send, then the change list. */
  private async publish(due: readonly DueCell[]): Promise<void> {
    const { states, snapshot } = await this.readStates(due);
    const outgoing: OutgoingRecord[] = [];
    const sent: { key: string; state: CellState; revision: number }[] = [];
    states.forEach((state, index) => {
      const key = (due[index] as DueCell).key;
      if (this.copy.cell(key)?.digest === cellDigest(state)) return;
      const topic = publishedTopics[state.address.view] as TopicName;
      const partition = this.runtime.log.partitionOf(key, this.runtime.partitions);
      const revision = this.takeRevision(topic, partition);
      const record = cellRecord(state, { revision, generation: 0, writer: this.writer, streamTimeMs: snapshot.streamTimeMs, sourceOffsets: snapshot.offsets }, this.runtime.context);
      outgoing.push({ topic, partition, key, value: this.runtime.codec.encode(topic, record) });
      sent.push({ key, state, revision });
    });
    await this.sink.send(outgoing);
    for (const { key, state, revision } of sent) {
      const units = state.measures.filter((measure) => measure.startsWith('quantity.')).map((measure) => measure.slice('quantity.'.length));
      this.copy.put(key, revision, cellDigest(state), units, state.status !== 'PROVISIONAL', this.runtime.context.calendar.rangeOf(state.address.grain, state.address.period)?.toMs ?? 0);
    }
    if (sent.length > 0) this.positionsDirty = true;
    await this.acknowledge(this.pending.acknowledged(due));
  }

  private async acknowledge(entries: readonly string[]): Promise<void> {
    const byShard = new Map<number, string[]>();
    for (const entry of entries) {
      const slash = entry.indexOf('/');
      const shard = Number(entry.slice(0, slash));
      byShard.set(shard, [...(byShard.get(shard) ?? []), entry.slice(slash + 1)]);
    }
    for (const [shard, ids] of byShard) await this.runtime.reader.acknowledgeChanges(shard, ids);
  }

  private takeRevision(topic: TopicName, partition: number): number {
    const log = `${topic}/${partition}`;
    const revision = this.nextRevision.get(log) ?? 0;
    this.nextRevision.set(log, revision + 1);
    return revision;
  }

  private async readStates(due: readonly DueCell[]): Promise<{ states: CellState[]; snapshot: Snapshot }> {
    const measures = due.map(({ key, address, units }) => measuresOf(address.view, new Set([...(this.copy.cell(key)?.units ?? []), ...units])));
    const requests = due.map(({ address }, index): CellRequest => ({
      hash: `${address.view}/${address.combination}/${address.grain}/${address.period}`,
      fields: (measures[index] as string[]).map((measure) => cellField(address.name, measure)),
    }));
    const sums: bigint[] = [];
    const positions: PositionOf[] = [];
    for (let shard = 0; shard < this.runtime.reader.shards; shard++) {
      const answer = await this.runtime.reader.readCells(shard, requests);
      positions.push(...answer.positions);
      answer.values.forEach((value, index) => { sums[index] = (sums[index] ?? 0n) + BigInt(value ?? 0); });
    }
    const snapshot = snapshotOf(positions);
    let at = 0;
    const states = due.map(({ address }, index): CellState => {
      const names = measures[index] as string[];
      const values = sums.slice(at, (at += names.length));
      const periodTo = this.runtime.context.calendar.rangeOf(address.grain, address.period)?.toMs ?? 0;
      const status = periodStatus(periodTo, snapshot.times, this.confirmedThroughMs, this.runtime.graceMs);
      return { address, measures: names, values, status: status === 'final' ? 'FINAL' : 'PROVISIONAL' };
    });
    return { states, snapshot };
  }

  /** Cells that no figure stands behind any more: a zero record for those who read on, then a tombstone. */
  private async withdraw(key: string): Promise<void> {
    const cell = this.copy.cell(key);
    if (!cell) return;
    const { address } = cell;
    await this.publish([{ key, address, units: cell.units, entries: [] }]);
    const topic = publishedTopics[address.view] as TopicName;
    const partition = this.runtime.log.partitionOf(key, this.runtime.partitions);
    this.takeRevision(topic, partition);
    await this.sink.send([{ topic, partition, key, value: null }]);
    this.copy.remove(key);
  }

  private async publishPositions(nowMs: number): Promise<number> {
    if (!this.positionsDirty || nowMs < this.nextPositionsMs) return -1;
    this.nextPositionsMs = nowMs + POSITIONS_INTERVAL_MS;
    this.positionsDirty = this.pending.size > 0;
    const snapshot = await this.snapshot();
    const outgoing = (Object.entries(publishedTopics) as [View, TopicName][]).map(([view, topic]): OutgoingRecord => {
      const partition = this.runtime.log.partitionOf(POSITIONS_KEY, this.runtime.partitions);
      const revision = this.takeRevision(topic, partition);
      const record = positionsRecord(view, { revision, generation: 0, writer: this.writer, streamTimeMs: snapshot.streamTimeMs, sourceOffsets: snapshot.offsets }, this.runtime.context);
      this.copy.putPositions(revision, snapshot.offsets);
      return { topic, partition, key: POSITIONS_KEY, value: this.runtime.codec.encode(topic, record) };
    });
    const acknowledged = await this.sink.send(outgoing);
    return Math.min(...acknowledged.map(({ logAppendTime }) => logAppendTime));
  }

  /** Everything appended before a broker time has been counted: periods that ended before it are final. */
  private async confirm(nowMs: number): Promise<void> {
    if (nowMs < this.nextConfirmMs || this.pending.size > 0 || this.stopping) return;
    this.nextConfirmMs = nowMs + CONFIRM_SOON_MS;
    if (!(await this.nothingLeft())) return;
    this.positionsDirty = true;
    this.nextPositionsMs = 0;
    const brokerTimeMs = await this.publishPositions(nowMs);
    if (brokerTimeMs <= this.confirmedThroughMs || !(await this.nothingLeft())) return;
    this.nextConfirmMs = nowMs + CONFIRM_INTERVAL_MS;
    this.confirmedThroughMs = brokerTimeMs;
    await this.runtime.reader.setNote('confirmed-through', String(brokerTimeMs));
    for (const cell of this.copy.cells.values()) {
      if (!cell.final && cell.periodTo + this.runtime.graceMs <= brokerTimeMs) this.pending.add(cell.address, [], '', 0);
    }
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.done;
    await this.runtime.reader.releaseLease(LEASE, this.writer);
    await this.tail.stop();
    await this.sink.close();
    await this.inspector.close();
    await this.runtime.reader.close();
  }
}
