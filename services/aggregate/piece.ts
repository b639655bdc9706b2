/**
 * One piece of what a partition has got on its way into the figures: decisions in order, each seeing what the ones before
 * it left, combined into one change. Pure; the shell reads the ledger before and applies the change after.
 */
import { addedDays } from '../domain/contribution-days';
import type { CellNames } from '../domain/cell-names';
import type { Cubes } from '../domain/cubes';
import type { Origin } from '../domain/declaration';
import { DEFINITIONS_HASH, definitionsField } from '../domain/definitions-applied';
import type { Identity } from '../domain/outcome';
import type { CountedFacts, KeptFacts } from '../domain/facts';
import { limits } from '../limits';
import { Increments } from '../domain/increments';
import type { Calendar } from '../domain/period';
import { DELAY_PREFIX, delayClass } from '../domain/quality';
import { markKey, originText, type Position } from '../domain/position';
import type { ResultCode } from '../domain/result-codes';
import { decideAggregate, type EnrichedEvent } from './decide';
import { PieceEntries } from './piece-entries';

const BOOKS = 'books';
const CODES = 'codes';
/** Offices and times that a refused record did not let us read. */
const UNKNOWN_OFFICE = '?';

/** The part of a refusal that counting needs. */
export interface RefusalEvent {
  readonly origin: Origin;
  readonly stage: string;
  readonly code: string;
  readonly office: string | null;
  readonly occurredAt: number | null;
  /** The stage that refused decides here once more: covered, and not counted. */
  readonly decidedAnew?: true;
}

export type AggregateEvent = EnrichedEvent | RefusalEvent;
const isDeclaration = (event: AggregateEvent): event is EnrichedEvent => 'standardized' in event;

/** The declaration whose ledger entry an event needs; a refusal needs none. */
export const ledgerIdOf = (event: AggregateEvent): string | undefined => (isDeclaration(event) ? event.standardized.accepted.declarationId : undefined);

export const originOf = (event: AggregateEvent): Origin => (isDeclaration(event) ? event.standardized.accepted.origin : event.origin);

/** What a refusal says of the event. */
export const identityOf = (event: AggregateEvent): Identity | null => {
  if (!isDeclaration(event)) return null;
  const { declarationId, version, office, occurredAt } = event.standardized.accepted;
  return { declarationId, version, office, occurredAt };
};

export class Piece {
  readonly increments: Increments;
  readonly entries: PieceEntries;
  /** By day: declarations that have come to have a date on it. */
  readonly index = new Map<string, string[]>();
  readonly marks: Record<string, number>;
  streamTimeMs: number;
  private last: string;

  /** Events that must be refused before the piece is applied. */
  readonly refused: { readonly event: AggregateEvent; readonly code: ResultCode }[] = [];

  constructor(cubes: Cubes, private readonly calendar: Calendar, private readonly horizonMs: (streamTimeMs: number) => number, private readonly before: Position, private readonly ledger: KeptFacts, names?: CellNames, fineSinceMs?: number) {
    this.increments = new Increments(cubes, calendar, names, fineSinceMs);
    this.entries = new PieceEntries(ledger);
    this.marks = { ...before.marks };
    this.streamTimeMs = before.streamTimeMs;
    this.last = before.last;
  }

  get size(): number { return this.increments.size; }

  /** `offset`: of the record in its topic. */
  add(event: AggregateEvent, offset: number): void {
    this.last = originText(originOf(event));
    if (isDeclaration(event)) this.addDeclaration(event, offset);
    else if (!event.decidedAnew) this.addRefusal(event);
  }

  /** False when a crash upstream repeated the record: it enters no book. */
  private isNew(path: string, origin: Origin): boolean {
    const key = markKey(path, origin.partition);
    const highest = this.marks[key];
    if (highest !== undefined && origin.offset <= highest) return false;
    this.marks[key] = origin.offset;
    return true;
  }

  private addDeclaration(event: EnrichedEvent, offset: number): void {
    const { accepted } = event.standardized;
    if (!this.isNew('declaration', accepted.origin)) return;
    const entry = this.entryOf(accepted.declarationId);
    const decision = decideAggregate(event, offset, entry, this.horizonMs(this.streamTimeMs));
    if (decision.book.name === 'refused') { this.refused.push({ event, code: decision.book.code }); return; }
    if (decision.entry) this.enter(accepted.declarationId, decision.entry, entry);
    this.increments.addRows(decision.take, -1);
    this.increments.addRows(decision.add, 1);
    this.increments.add(BOOKS, decision.book.name, 1);
    if (decision.book.name === 'leftOut') this.increments.add(BOOKS, `leftOut:${decision.book.code}`, 1);
    for (const code of decision.codes) this.increments.add(CODES, code, 1);
    this.addArrival(event);
    this.increments.add(DEFINITIONS_HASH, definitionsField(this.calendar.keysOf(accepted.acceptedAt ?? accepted.occurredAt).month, event.standardized.definitions), 1);
    /** A sender's clock may run ahead: what has not come by the broker's clock is not over, and no period is final before its end. */
    this.streamTimeMs = Math.max(this.streamTimeMs, Math.min(accepted.occurredAt, accepted.origin.timestamp));
  }

  private entryOf(declarationId: string): CountedFacts | undefined {
    const own = this.entries.get(declarationId);
    return own ? this.ledger.decode(own) : this.ledger.of(declarationId);
  }

  private enter(declarationId: string, facts: CountedFacts, before: CountedFacts | undefined): void {
    this.entries.set(declarationId, facts);
    for (const day of addedDays(facts, before, this.calendar)) {
      const ids = this.index.get(day);
      if (ids) ids.push(declarationId);
      else this.index.set(day, [declarationId]);
    }
  }

  /** Every record that came through is an arrival, whatever it changes. */
  private addArrival({ standardized: { accepted: { office, occurredAt, origin } } }: EnrichedEvent): void {
    const measures = { events: 1, [`${DELAY_PREFIX}${delayClass(origin.timestamp - occurredAt)}`]: 1 };
    this.increments.addRows([{ view: 'quality', at: occurredAt, dimensions: { office }, measures }], 1);
  }

  private addRefusal({ origin, stage, code, office, occurredAt }: RefusalEvent): void {
    if (!this.isNew(stage, origin)) return;
    this.increments.add(BOOKS, 'refused', 1);
    this.increments.add(BOOKS, `refused:${code}`, 1);
    this.increments.add(CODES, code, 1);
    const plausible = occurredAt !== null && occurredAt >= limits.earliestDateMs && occurredAt <= origin.timestamp + limits.futureToleranceMs;
    const at = plausible ? occurredAt : origin.timestamp;
    const known = office ?? UNKNOWN_OFFICE;
    this.increments.addRows([
      { view: 'operations', at, dimensions: { office: known, stage }, measures: { refused: 1 } },
      { view: 'quality', at, dimensions: { office: known }, measures: { refused: 1 } },
    ], 1);
  }

  /** The position once everything before `next` is covered. */
  positionAfter(next: number): Position {
    return { next, marks: this.marks, streamTimeMs: this.streamTimeMs, target: this.before.target, last: this.last };
  }

  changedText(): string { return this.increments.changedText(); }
}
