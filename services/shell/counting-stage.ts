/** What a counting stage declares to the shell: pure functions on decoded events. */
import type { Origin } from '../domain/declaration';
import type { CountedFacts, EntriesById, KeptFacts } from '../domain/facts';
import type { FieldIncrements } from '../domain/increments';
import type { Identity } from '../domain/outcome';
import type { Position } from '../domain/position';
import type { ResultCode } from '../domain/result-codes';
import type { StageName, TopicName } from '../topology';

/** One piece of what a partition has got on its way into the figures. */
export interface CountingPiece<Event> {
  /** `offset`: of the event's record in its topic. */
  add(event: Event, offset: number): void;
  /** Combined increments so far. */
  readonly size: number;
  readonly increments: FieldIncrements;
  /** New ledger entries by declaration id. */
  readonly entries: EntriesById;
  /** By day: declarations that the index of days gets. */
  readonly index: ReadonlyMap<string, readonly string[]>;
  readonly streamTimeMs: number;
  /** Events that cannot be counted: they go to the rejected topic before the piece is applied, and are counted from there. */
  readonly refused: readonly { readonly event: Event; readonly code: ResultCode }[];
  changedText(): string;
  positionAfter(next: number): Position;
}

export interface CountingStage<Event> {
  readonly name: StageName;
  readonly inputs: readonly TopicName[];
  /** The ledger entry that the event needs; undefined: none. */
  ledgerId(event: Event): string | undefined;
  originOf(event: Event): Origin;
  identityOf(event: Event): Identity | null;
  /** Whether an entry lies behind the horizon; absent: entries are kept for ever. */
  readonly forgettable?: (facts: CountedFacts, position: Position) => boolean;
  piece(position: Position, ledger: KeptFacts): CountingPiece<Event>;
}
