/**
 * What the shell needs of the world, as contracts. Kafka, the registry and Redis stand behind them
 * (shell/kafka, shell/redis), and so do the in-memory adapters (shell/memory); one contract suite
 * (test/contract) holds both kinds to the same behaviour.
 */
import type { StageName, TopicName } from '../topology';

export interface TopicPartition { readonly topic: TopicName; readonly partition: number }

export interface RecordHeader { readonly key: string; readonly value: Buffer }

/** A record as the broker keeps it. `timestamp` is the broker's (ms). */
export interface SourceRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly RecordHeader[];
}

/** What one fetch covered: offsets from (included) to next (excluded), transaction markers and holes among them. */
export interface FetchedBatch extends TopicPartition {
  readonly from: number;
  readonly next: number;
  /** High watermark at the fetch. */
  readonly end: number;
  readonly records: readonly SourceRecord[];
}

/** Part of a partition: offsets from (included) to next (excluded). */
export interface OffsetRange extends TopicPartition { readonly from: number; readonly next: number }

/** A group's committed position, with the text the stage left beside it. Below 0: a client found the position outside the log, and wrote that over it. */
export interface CommittedPosition extends TopicPartition { readonly offset: number; readonly metadata: string }

/** Where a partition is to be read from; `stopped` when it must not be read at all (a hole, an alien manifest). */
export type StartPosition = TopicPartition & ({ readonly offset: number } | { readonly stopped: string });

export interface SourceHandlers {
  /** Nothing of earlier assignments is owned any more. Called before `assigned`, synchronously. */
  revoked(): void;
  /** Decides where reading starts, at best at the last record read before, by which a stage knows whether the log is still the same. `committed` has only partitions with a committed offset. */
  assigned(partitions: readonly TopicPartition[], committed: readonly CommittedPosition[]): Promise<readonly StartPosition[]>;
  /** Takes the batch; the promise resolves when there is room for the next one of that partition. */
  fetched(batch: FetchedBatch): Promise<void>;
}

/** A member of a consumer group. Delivers each partition in order, nothing before `assigned` has answered. */
export interface Source {
  start(handlers: SourceHandlers): Promise<void>;
  /** Rejected by the broker when this member is no longer in the group's current generation: proof of membership. */
  commit(positions: readonly CommittedPosition[]): Promise<void>;
  /** Reads on from another position, also where the stage had stopped the partition. */
  seek(position: TopicPartition & { readonly offset: number }): void;
  /** Gives the client up and joins the group anew with another one, as often as it takes; all partitions are revoked first. */
  restart(reason: string): void;
  /** Leaves the group. */
  stop(): Promise<void>;
}

export interface OutgoingRecord {
  readonly topic: TopicName;
  readonly partition: number;
  readonly key: Buffer | string;
  readonly value: Buffer | null;
  readonly headers?: readonly RecordHeader[];
}

export interface Acknowledgement extends TopicPartition {
  readonly baseOffset: number;
  /** Broker time of the append where the topic is stamped by the broker, else -1. */
  readonly logAppendTime: number;
}

/**
 * One outstanding send, always: a second one in flight on the same connection loses records when an
 * acknowledgement is lost. `send` returns when all are acknowledged; while the broker is away it waits
 * and says so through `onTrouble`; it rejects only after `close`.
 */
export interface Sink {
  send(records: readonly OutgoingRecord[]): Promise<readonly Acknowledgement[]>;
  close(): Promise<void>;
}

/** Reads a topic outside any lasting group. Where its client had to begin anew, records come again. */
export interface TailReader { stop(): Promise<void> }
/** From the end: what comes while its client begins anew may be missed. */
export type TailStart = 'beginning' | 'end';

/** Offsets of a partition, `from` included, `to` excluded. */
export interface LogStretch { readonly partition: number; readonly from: number; readonly to: number }

export interface LogInspector {
  /** Log start and end per partition. */
  offsets(topic: TopicName): Promise<readonly { readonly partition: number; readonly start: number; readonly end: number }[]>;
  /** Per partition the first offset whose record is of that time or a later one; the log's end where there is none. */
  offsetsAt(topic: TopicName, timestampMs: number): Promise<readonly { readonly partition: number; readonly offset: number }[]>;
  /** Whether records carry the time at which the broker took them, and not one that their sender made up. */
  stampedByBroker(topic: TopicName): Promise<boolean>;
  committed(stage: StageName, topic: TopicName): Promise<readonly CommittedPosition[]>;
  /** How many members a stage's group has now: 0 when the stage does not run. */
  members(stage: StageName, namespace?: string): Promise<number>;
  /** Records of [from, to) of one partition, bounded by `limit`. */
  read(position: TopicPartition & { readonly offset: number }, limit: number): Promise<readonly SourceRecord[]>;
  /** Records of some stretches, those of one partition in rising order; what lies between them is skipped. What is not in the log any more is not there. */
  readStretches(topic: TopicName, stretches: readonly LogStretch[], each: (partition: number, record: SourceRecord) => void): Promise<void>;
  /** Every record of the topic up to its end offsets as of the call, partition by partition in order. */
  readAll(topic: TopicName, each: (partition: number, record: SourceRecord) => void): Promise<void>;
  /**
   * All of some ranges of one topic, at most one of each partition: in order and without a gap from batch to batch, the
   * next one of a partition when `each` has taken the one before. Rejects where the log does not hold a range, is not the
   * same behind another leader, or brings nothing for a minute; and with what `each` rejects with. Nothing is being taken then.
   */
  readRanges(ranges: readonly OffsetRange[], each: (batch: FetchedBatch) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** The broker as one process sees it. */
export interface Log {
  /** `namespace`: of the figures that are counted, for stages that count. */
  source(stage: StageName, topics: readonly TopicName[], namespace?: string): Source;
  /** Follows topics for ever, from their beginning (then it resolves at the end offsets seen at start) or from their end. */
  tail(topics: readonly TopicName[], each: (topic: TopicName, partition: number, record: SourceRecord) => void, from?: TailStart): Promise<TailReader>;
  sink(): Promise<Sink>;
  inspector(): Promise<LogInspector>;
  /** The partition of a key: murmur2, as Java clients and kafkajs compute it. */
  partitionOf(key: string, partitions: number): number;
  close(): Promise<void>;
}

export interface RegisteredSchema { readonly id: number; readonly schema: string }

export interface SchemaSource {
  /** Latest schema of a subject; undefined when the subject has none. Rejects when the registry cannot be reached. */
  latest(subject: string): Promise<RegisteredSchema | undefined>;
  /** Schema text of an id; undefined when the registry has confirmed that it does not know it. Rejects when unreachable. */
  byId(id: number): Promise<string | undefined>;
}

export interface SchemaAdministration extends SchemaSource {
  /** Sets FULL_TRANSITIVE, checks against every version, registers; returns the id. Rejects with the registry's reason. */
  register(subject: string, schema: string): Promise<number>;
  compatible(subject: string, schema: string): Promise<boolean>;
}

/** Something away for now; the stage waits and `status` shows it. Undefined: all is well again. */
export type TroubleListener = (trouble: string | undefined) => void;
