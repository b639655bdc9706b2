/** What services tell of their work, in numbers: called once for each turn, piece or script, never for each record. `metrics/` makes Prometheus of it. */
import type { FetchedBatch, OutgoingRecord, TopicPartition } from './ports';
import type { TopicName } from '../topology';

/** A turn of an upstream stage: decided, sent, acknowledged. */
export interface TurnDone {
  readonly batches: readonly FetchedBatch[];
  /** Records that were new to the stage. */
  readonly records: number;
  readonly sent: readonly OutgoingRecord[];
  /** The first code of each refusal. */
  readonly refused: readonly string[];
  readonly seconds: number;
}

/** A piece of a partition that has changed the figures. */
export interface PieceDone {
  readonly topic: TopicName;
  readonly records: number;
  readonly refused: readonly string[];
  readonly seconds: number;
  /** Broker time (ms) at which the raw record of the last event arrived. */
  readonly arrivedAtMs: number;
}

/** Where a partition goes on, and where its log ends. */
export interface PartitionStand { readonly key: string; readonly next: number; readonly end: number }

/** Raw records by the book they ended in. */
export interface BookCounts { readonly raw: number; readonly counted: number; readonly leftOut: number; readonly refused: number; readonly ignored: number }

/** `owner`: a partition was taken over, or claimed again after the store went elsewhere; `leader`: another broker leads it. */
export type EpochKind = 'owner' | 'leader';

export interface Measurements {
  turn(done: TurnDone): void;
  piece(done: PieceDone): void;
  /** A batch is covered to its end. */
  reached(batch: FetchedBatch): void;
  /** All partitions that this process owns now. */
  stands(partitions: readonly PartitionStand[]): void;
  epochChanged(target: TopicPartition, kind: EpochKind): void;
  /** One call of a Redis script, as this side saw it. */
  script(name: string, seconds: number, failed: boolean): void;
  /** The schema registry was asked for a writer schema that no cache had. */
  registryMiss(outcome: 'found' | 'unknown' | 'failed'): void;
  published(cells: number, seconds: number): void;
  /** What only the leading publisher looks at; undefined: another one leads. */
  leading(looked: { readonly changesWaiting: number; readonly books: BookCounts | undefined } | undefined): void;
}

const nothing = (): void => undefined;

/** Where nobody asks. */
export const silentMeasurements: Measurements = { turn: nothing, piece: nothing, reached: nothing, stands: nothing, epochChanged: nothing, script: nothing, registryMiss: nothing, published: nothing, leading: nothing };
