/** The figures' store as the stages see it: Redis behind it in earnest, memory in tests and where Redis cannot be had. */
import type { EntriesById } from '../domain/facts';
import type { FieldIncrements } from '../domain/increments';
import { grains, type Grain } from '../domain/period';
import type { TopicName } from '../topology';
import type { TopicPartition } from './ports';

/** `overflow`: a change that an owner before had begun cannot be finished. */
export type ClaimAnswer = { readonly position: string } | { readonly alienManifest: string } | { readonly overflow: string };
export type ApplyAnswer =
  | 'applied'
  /** An earlier try whose answer was lost has done it. */
  | 'already'
  /** Another position is stored: read it and go on from there. */
  | 'moved'
  /** Another owner has taken over. */
  | 'fenced'
  /** Token or position are gone: the store lost data or was emptied. */
  | 'lost'
  | { readonly overflow: string }
  /** The store takes no writes for now: out of memory, its disk is full, too few replicas. Nothing was written. */
  | { readonly unwritable: string };

/** One piece of what a partition has got, to be applied all or nothing. Hash names are without the namespace's prefix. */
export interface FigureChange {
  /** Can be walked again: a store that was full is asked again. */
  readonly increments: FieldIncrements;
  readonly entries: EntriesById;
  /** By day: declarations that have come to have a date on it, for the index of days. */
  readonly index: ReadonlyMap<string, readonly string[]>;
  /** Cells to publish, one a line; empty for none. */
  readonly changed: string;
  /** May be carried out one part after the other: nobody takes these figures for whole yet, and no list names what has changed. All or nothing for owners even so. */
  readonly inSteps?: StepPacing;
}

export interface StepPacing {
  /** Waited for before a part is put down. What has begun goes on without: it takes little more, and gives back what the parts took. */
  readonly untilRoom: () => Promise<void>;
  /** Waited for behind each part that was put down or carried out, which took so long: others may be let go first. */
  readonly between: (tookMs: number) => Promise<void>;
}

/** What an owner of topic partitions does. */
export interface LedgerStore {
  claim(partition: TopicPartition, token: string, manifest: string): Promise<ClaimAnswer>;
  /** Claims whatever the namespace was made of before: whoever knows it as that can claim nothing any more. Answers the position. */
  claimAnew(partition: TopicPartition, token: string, manifest: string): Promise<string>;
  readLedger(partition: TopicPartition, declarationIds: readonly string[]): Promise<{ readonly position: string; readonly entries: readonly (Buffer | null)[] }>;
  apply(partition: TopicPartition, token: string, expected: string, next: string, change: FigureChange): Promise<ApplyAnswer>;
  /** Everything one ledger bucket keeps, with the position it belongs to. */
  readBucket(partition: TopicPartition, bucket: number): Promise<{ readonly position: string; readonly entries: ReadonlyMap<string, Buffer> }>;
  /** Lets entries of a bucket go, under the same fence as `apply`. */
  forget(partition: TopicPartition, token: string, expected: string, bucket: number, declarationIds: readonly string[]): Promise<'applied' | 'moved' | 'fenced' | 'lost'>;
  readonly buckets: number;
  /** Declarations that have, or once had, a date on one of these days, each once. */
  readIndex(partition: TopicPartition, days: readonly string[]): Promise<readonly string[]>;
  /** Figures and what may make them up, as of one moment per shard; shards add up. Holds the store up for as long as it reads. */
  readMoment(request: MomentRequest): Promise<Moment | { readonly tooLarge: true }>;
  close(): Promise<void>;
}

export interface MomentRequest {
  /** Of all partitions of the namespace: positions to be answered, and whose declarations are read. */
  readonly positions: readonly TopicPartition[];
  readonly counted: readonly TopicPartition[];
  readonly days: readonly string[];
  readonly hashes: readonly string[];
  /** Bytes of the index that one shard may have to look through. */
  readonly maxIndexBytes: number;
}
export interface LedgerEntry { readonly partition: number; readonly declarationId: string; readonly entry: Buffer }
export interface Moment { readonly positions: readonly PositionOf[]; readonly hashes: readonly HashOfFigures[]; readonly entries: readonly LedgerEntry[] }

export interface PositionOf extends TopicPartition { readonly position: string }
export interface HashOfFigures { readonly hash: string; readonly fields: ReadonlyMap<string, string> }
/** What a namespace says of itself beside its figures. */
export interface NamespaceNotes { readonly manifest: string | undefined; /** Those that are set. */ readonly notes: ReadonlyMap<string, string> }
/** `notes`: `before` is no newer than any of the figures, `since` no older. */
export type FiguresAnswer =
  | { readonly positions: readonly PositionOf[]; readonly hashes: readonly HashOfFigures[]; readonly notes: { readonly before: NamespaceNotes; readonly since: NamespaceNotes } }
  | { readonly tooManyFields: number };

export interface ChangedEntry { readonly shard: number; readonly id: string; readonly changed: string }
export interface CellRequest { readonly hash: string; readonly fields: readonly string[] }

/** Bytes that a store has in use, of those that it may have; `mostBytes` 0: nothing bounds it. */
export interface MemoryUse { readonly usedBytes: number; readonly mostBytes: number }

/** What readers of figures do: queries, status, publish. */
export interface FigureReader {
  /** Topics that the figures are counted from. */
  readonly inputs: readonly TopicName[];
  manifest(): Promise<string | undefined>;
  /** The manifest, and all of `noteNames`. */
  readNotes(): Promise<NamespaceNotes>;
  /** Whole hashes and the positions that they reflect, as of one moment per shard; shards add up. */
  readFigures(hashes: readonly string[], maxFields: number): Promise<FiguresAnswer>;
  /** Values in the order asked (null: no such field), and positions, as of one moment of the shard. */
  readCells(shard: number, cells: readonly CellRequest[]): Promise<{ readonly positions: readonly PositionOf[]; readonly values: readonly (string | null)[] }>;
  /** Oldest entries of the change lists behind `after` (per shard; '-' for the oldest). */
  changes(shard: number, after: string, count: number): Promise<readonly ChangedEntry[]>;
  /** Of all shards together, or of one. */
  changesLength(shard?: number): Promise<number>;
  /** Lets entries go up to and with `id`: only after everything in them is acknowledged on the topics. */
  acknowledgeChanges(shard: number, id: string): Promise<void>;
  /** True while `holder` has the lease; takes it when it is free or run out. */
  holdLease(name: string, holder: string, milliseconds: number): Promise<boolean>;
  releaseLease(name: string, holder: string): Promise<void>;
  note(name: string): Promise<string | undefined>;
  setNote(name: string, value: string): Promise<void>;
  /** Names of existing cell hashes that begin with a prefix. One may come more than once: of every shard, and after a new connection. */
  hashNames(prefix: string): AsyncIterable<string>;
  unlink(hashes: readonly string[]): Promise<void>;
  /** Parts of the index of days, as `partition/day`. One may come more than once. */
  indexNames(): AsyncIterable<string>;
  unlinkIndex(names: readonly string[]): Promise<void>;
  /** Lets all entries go, read or not: only before everything is compared. */
  dropChanges(): Promise<void>;
  /** Everything of the namespace goes: figures, ledger, positions, notes. */
  drop(): Promise<void>;
  /** Of the server that has least left: what fills it stops everybody who writes there. @throws while it cannot be reached, or refuses to say. */
  memoryUse(): Promise<MemoryUse>;
  readonly shards: number;
  close(): Promise<void>;
}

/** Moment before which ledger entries may have been let go, ms: what lies before it cannot be explained any more. */
export const LEDGER_HORIZON_NOTE = 'horizon-ledger';
/** The same of the cells of a grain. */
export const horizonNote = (grain: Grain): string => `horizon-${grain}`;

/** Broker time up to which everything appended has been counted, ms. */
export const CONFIRMED_NOTE = 'confirmed-through';
/** Positions that the aggregate topics are known to reflect, by `topic/partition`. */
export const PUBLISHED_NOTE = 'published-positions';
export const noteNames: readonly string[] = [CONFIRMED_NOTE, PUBLISHED_NOTE, LEDGER_HORIZON_NOTE, ...grains.map(horizonNote)];

/** Books and code counts live in hashes beside the cells. */
export const BOOKS_HASH = 'books';
export const CODES_HASH = 'codes';

/** FNV-1a, 32 bits: spreads declaration ids over ledger buckets. */
export function bucketOf(declarationId: string, buckets: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < declarationId.length; index++) hash = Math.imul(hash ^ declarationId.charCodeAt(index), 0x01000193);
  return (hash >>> 0) % buckets;
}
