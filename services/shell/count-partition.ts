/**
 * Counts the batches of one partition, piece by piece, in order:
 *   1 read the ledger of a stretch of records (with the position it belongs to)
 *   2 decide in order, into one change    3 publish what cannot be counted
 *   4 apply: compares token and position, then changes all or nothing
 * A piece of a backlog stays open from one call to the next: records need not wait in memory for it to become large.
 * Records are decoded a stretch at a time: whole batches of decoded declarations outlived the young
 * generation, and moving them was a sixth of the stage's time.
 */
import { originText } from '../domain/position';
import { resultCodes } from '../domain/result-codes';
import { limits } from '../limits';
import { rejectedTopic, type TopicName } from '../topology';
import type { Encoder } from './avro/codec';
import type { TakenBatch } from './batch-queue';
import type { KeptFacts } from '../domain/facts';
import type { CountingPiece, CountingStage } from './counting-stage';
import type { EventReader } from './event-reader';
import type { FigureChange, StepPacing } from './figure-store';
import type { LedgerEntries } from './ledger-entries';
import type { Measurements } from './measurements';
import type { PartitionOwner } from './partition-owner';
import type { OutgoingRecord, SourceRecord } from './ports';
import { rejection } from './rejection';
import type { StateReporter } from './service-state';
import { overflowReason, stopReason } from './stop-reasons';
import type { Traces } from './traces';
import { backoffMs, delay, monotonicMs, patiently } from './waiting';

/** `moved`: the store is not where the owner left it; `stopped`: only an operator can go on. */
export type CountingOutcome = 'counted' | { readonly moved: string } | { readonly stopped: string };

export interface CountingTools<Event> {
  readonly ledger: LedgerEntries;
  readonly readers: ReadonlyMap<TopicName, EventReader<Event>>;
  readonly rejected: Encoder;
  readonly state: StateReporter;
  readonly measurements: Measurements;
  /** Undefined: none are made. */
  readonly traces?: Traces | undefined;
  /** One send at a time, whatever the number of partitions at work. */
  readonly send: (records: readonly OutgoingRecord[]) => Promise<void>;
  /** Resolves once for each round of the event loop, see run-counting. */
  readonly turnToWork: () => Promise<void>;
  readonly stopping: () => boolean;
  /** Absent: every piece is as small as one script. */
  readonly backlog?: BacklogPieces | undefined;
}

/**
 * Where nobody reads the figures for a long while yet, records are counted in pieces so large that most increments meet in
 * the same cell: a declaration comes to 17 of them in pieces of 400, and to 8 in pieces of 20,000.
 */
export interface PieceSizes {
  /** So far from the end of the log, as it was when counting began, small pieces begin. */
  readonly endsBefore: number;
  readonly declarations: number;
  readonly increments: number;
}
export interface BacklogPieces extends PieceSizes {
  /** Whose `untilRoom` is waited for before each stretch of records, too. */
  readonly pacing: StepPacing;
}

/** A piece that is being made. `next`: the offset behind what it has got. */
interface OpenPiece<Event> { readonly piece: CountingPiece<Event>; readonly startMs: number; readonly most: number; next: number; records: number; refusedSent: number; arrivedAtMs: number }

interface Decoded<Event> { readonly record: SourceRecord; readonly event: Event }

export class PartitionCounter<Event> {
  private readonly reader: EventReader<Event>;
  private open: OpenPiece<Event> | undefined;
  /** What the store keeps of the declarations of the stretch that is counted now. */
  private known: Map<string, Buffer> = new Map<string, Buffer>();
  private readonly kept: KeptFacts;
  /** Of a large piece, for the first one: else those of all partitions would be carried out at the same time, and progress would be seen in leaps. */
  private share: number;

  constructor(private readonly stage: CountingStage<Event>, private readonly tools: CountingTools<Event>, private readonly owner: PartitionOwner) {
    const reader = tools.readers.get(owner.target.topic);
    if (!reader) throw new Error(`${stage.name} cannot read ${owner.target.topic}`);
    this.reader = reader;
    this.kept = tools.ledger.keptBy((id) => this.known.get(id));
    this.share = ((owner.target.partition % limits.backlogFirstShares) + 1) / limits.backlogFirstShares;
  }

  /** `batches`: of this partition, in order. A stop in between leaves what is not counted for the next start. */
  async count(batches: readonly TakenBatch[]): Promise<CountingOutcome> {
    const from = this.next;
    if ((batches[0] as TakenBatch).from > from) return { moved: 'records between the position and the batch were not delivered' };
    const records = batches.flatMap((batch) => batch.records);
    const end = (batches.at(-1) as TakenBatch).next;
    await patiently(this.tools.state.onTrouble, 'schema registry', () => this.reader.prepare(records.map(({ value }) => value), monotonicMs()), this.tools.stopping);
    let start = 0;
    for (; start < records.length && (records[start] as SourceRecord).offset < from; start++) {
      const fault = this.faultOfCounted(records[start] as SourceRecord);
      if (fault !== undefined) return { stopped: fault };
    }
    while (!this.tools.stopping() && this.next < end) {
      const upTo = Math.min(records.length, start + limits.declarationsPerScript);
      const outcome = await this.countStretch(records.slice(start, upTo), records[upTo]?.offset ?? end);
      if (outcome !== 'counted') return outcome;
      start = upTo;
    }
    const counted = batches.filter(({ next }) => next <= this.owner.position.next).at(-1);
    if (counted) this.tools.measurements.reached(counted);
    return 'counted';
  }

  /** Behind what is counted, and what the open piece has got. */
  get next(): number { return this.open?.next ?? this.owner.position.next; }

  /** The last record counted is read again: another one in its place means that the log is not the one that was counted. */
  private faultOfCounted(record: SourceRecord): string | undefined {
    const { next, last } = this.owner.position;
    if (record.offset !== next - 1) return undefined;
    const decoded = this.decode(record);
    if (!decoded) return this.undecodable(record);
    return originText(this.stage.originOf(decoded.event)) === last ? undefined
      : stopReason('other log', `record ${record.offset} of ${this.owner.target.topic} is not the one that was counted at this offset: the topic was made anew or has lost records`);
  }

  private decode(record: SourceRecord): Decoded<Event> | undefined {
    const event = this.reader.read(this.owner.target.partition, record);
    return event === undefined ? undefined : { record, event };
  }

  private undecodable({ offset }: SourceRecord): string { return stopReason('foreign record', `record ${offset} of ${this.owner.target.topic} cannot be decoded: it was not written by this system`); }

  /**
   * In as many pieces as scripts need that carry a bounded number of increments; or, in a backlog, as a part of a larger
   * piece. The ledger is read once.
   */
  private async countStretch(records: readonly SourceRecord[], end: number): Promise<CountingOutcome> {
    const stretch: Decoded<Event>[] = [];
    for (const record of records) {
      const decoded = this.decode(record);
      if (!decoded) return { stopped: this.undecodable(record) };
      stretch.push(decoded);
    }
    if (this.open && !this.inBacklog(end)) {
      const outcome = await this.close(this.open, this.open.next);
      if (outcome !== 'counted' || this.open) return outcome;
    }
    const ledger = await this.tools.ledger.read(this.owner, this.ledgerIds(stretch));
    if (!ledger) return { moved: 'moved' };
    this.known = ledger;
    let done = 0;
    do {
      await this.tools.turnToWork();
      await this.tools.backlog?.pacing.untilRoom();
      if (this.tools.stopping()) break;
      const open = (this.open ??= this.begin(end));
      const from = done;
      while (done < stretch.length && open.piece.size < open.most) {
        const { event, record } = stretch[done++] as Decoded<Event>;
        open.piece.add(event, record.offset);
      }
      this.added(open, stretch.slice(from, done));
      const traces = this.tools.traces?.turn();
      if (traces) for (const { record } of stretch.slice(from, done)) traces.arrived(this.owner.target, record);
      await this.sendRefused(open, stretch);
      open.next = stretch[done]?.record.offset ?? end;
      if (done === stretch.length && this.goesOn(open)) break;
      const outcome = await this.close(open, open.next);
      if (outcome !== 'counted') return outcome;
      if (this.open) break;
      if (done < stretch.length) for (const [id, entry] of open.piece.entries) this.known.set(id, entry);
      traces?.end();
    } while (done < stretch.length);
    return 'counted';
  }

  /** `end`: of the stretch that it begins with. */
  private begin(end: number): OpenPiece<Event> {
    const { backlog } = this.tools;
    const most = backlog && this.inBacklog(end) ? backlog.increments : limits.incrementsPerScript;
    return { piece: this.stage.piece(this.owner.position, this.kept), startMs: monotonicMs(), most, next: this.owner.position.next, records: 0, refusedSent: 0, arrivedAtMs: 0 };
  }

  private added(open: OpenPiece<Event>, stretch: readonly Decoded<Event>[]): void {
    open.records += stretch.length;
    const last = stretch.at(-1);
    if (last) open.arrivedAtMs = this.stage.originOf(last.event).timestamp;
  }

  /** Applies a piece; it stays open where a stop comes first. */
  private async close(open: OpenPiece<Event>, next: number): Promise<CountingOutcome> {
    const outcome = await this.apply(open.piece, next);
    if (outcome !== 'counted') return outcome;
    if (this.owner.position.next !== next) return 'counted';
    this.open = undefined;
    this.share = 1;
    const { piece: { refused }, records, startMs, arrivedAtMs } = open;
    this.tools.measurements.piece({ topic: this.owner.target.topic, records, refused: refused.map(({ code }) => code), seconds: (monotonicMs() - startMs) / 1_000, arrivedAtMs });
    return 'counted';
  }

  private inBacklog(next: number): boolean {
    const { backlog } = this.tools;
    return backlog !== undefined && next <= this.owner.position.target - backlog.endsBefore;
  }

  /** Not for long: a partition that stands still is taken for stalled. */
  private goesOn({ piece, most, records, startMs, next }: OpenPiece<Event>): boolean {
    return this.inBacklog(next) && piece.size < most && records < (this.tools.backlog as BacklogPieces).declarations * this.share && monotonicMs() - startMs < limits.openPieceMs * this.share;
  }

  /** Before the piece is applied; a repeat after a crash has the same id. */
  private async sendRefused(open: OpenPiece<Event>, stretch: readonly Decoded<Event>[]): Promise<void> {
    const refused = open.piece.refused.slice(open.refusedSent);
    if (refused.length === 0) return;
    await this.tools.send(this.rejections(refused, stretch));
    open.refusedSent = open.piece.refused.length;
  }

  /** Of those that the open piece has not met yet, and that the ledger may have. */
  private ledgerIds(stretch: readonly Decoded<Event>[]): string[] {
    const ids = new Set<string>();
    for (const { event } of stretch) {
      const id = this.stage.ledgerId(event);
      if (id !== undefined && this.owner.mayKnow(id) && !this.open?.piece.entries.has(id)) ids.add(id);
    }
    return [...ids];
  }

  private rejections(refused: CountingPiece<Event>['refused'], stretch: readonly Decoded<Event>[]): OutgoingRecord[] {
    const { topic, partition } = this.owner.target;
    return refused.map(({ event, code }) => {
      const { record } = stretch.find((decoded) => decoded.event === event) as Decoded<Event>;
      const value = rejection(this.stage.name, this.stage.originOf(event), [{ code, field: 'acceptedAt', message: resultCodes[code].en }], this.stage.identityOf(event), topic, record);
      return { topic: rejectedTopic, partition, key: value.rejectId, value: this.tools.rejected.encode(value) };
    });
  }

  private changeOf(piece: CountingPiece<Event>, next: number): FigureChange {
    const change = { increments: piece.increments, entries: piece.entries, index: piece.index };
    if (!this.inBacklog(next)) return { ...change, changed: piece.changedText() };
    const large = piece.size > limits.incrementsPerScript || piece.entries.size > limits.declarationsPerScript;
    return { ...change, changed: '', ...(large && this.tools.backlog ? { inSteps: this.tools.backlog.pacing } : {}) };
  }

  private async apply(piece: CountingPiece<Event>, next: number): Promise<CountingOutcome> {
    const change = this.changeOf(piece, next);
    const { state } = this.tools;
    for (let attempt = 0; !this.tools.stopping(); attempt++) {
      const answer = await this.owner.apply(piece.positionAfter(next), change);
      const unwritable = typeof answer === 'object' && 'unwritable' in answer;
      /** Whatever else it says, a store that was full may have become another one by a failover: it is not waited for any more. */
      if (attempt > 0 && !unwritable) state.onTrouble(undefined);
      if (answer === 'applied' || answer === 'already') {
        state.newestEventAt = Math.max(state.newestEventAt, piece.streamTimeMs);
        return 'counted';
      }
      if (typeof answer === 'string') return { moved: answer };
      if ('overflow' in answer) return { stopped: overflowReason(answer.overflow) };
      state.onTrouble(`redis takes no writes: ${answer.unwritable}`);
      await delay(backoffMs(attempt));
    }
    return 'counted';
  }
}
