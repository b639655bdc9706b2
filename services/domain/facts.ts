/**
 * Counted facts: what the ledger keeps of the last applied version of a declaration. Small (about 150
 * bytes for one item), and enough to compute its contribution again when a newer version takes it back.
 */
import type { DeclarationStatus, Flow } from './declaration';

export interface FactTax { readonly type: string; readonly assessed: number; readonly relief: number; /** false: keeps its weight for payments, counts nowhere */ readonly counted: boolean }
export interface FactHit { readonly listId: string; readonly rowId: string; readonly substance: string; readonly level: number }
export interface FactItem {
  readonly hs6: string;
  readonly origin: string;
  readonly partner: string;
  readonly value: number;
  readonly netMassGrams: number;
  /** Empty: no quantity. */
  readonly unit: string;
  readonly thousandths: number;
  /** X- code that keeps the item out of trade statistics, or empty. */
  readonly leftOut: string;
  readonly taxes: readonly FactTax[];
  readonly hits: readonly FactHit[];
  /** Fields that it should have, and those of them that are missing: sets of quality.ts. */
  readonly expected: number;
  readonly missing: number;
  readonly imputed: boolean;
  /** At least one W- code. */
  readonly flagged: boolean;
}
export type PaymentTarget = 'collected' | 'refunded' | 'deposits';
export interface FactPayment { readonly taxType: string; readonly measure: PaymentTarget; readonly amount: number; readonly paidAt: number }

export interface CountedFacts {
  readonly version: number;
  readonly occurredAt: number;
  readonly eventId: string;
  readonly status: DeclarationStatus;
  /** The lowest version seen with an acceptance date decides the period; 0: none yet. Its order parts break ties. */
  readonly acceptedVersion: number;
  readonly acceptedAt: number;
  readonly acceptedOccurredAt: number;
  readonly acceptedEventId: string;
  readonly office: string;
  readonly flow: Flow;
  readonly procedure: string;
  readonly transportMode: string;
  readonly traderToken: string;
  readonly originPartition: number;
  readonly originOffset: number;
  readonly items: readonly FactItem[];
  readonly payments: readonly FactPayment[];
  /** Versions below this one that have not arrived: first and last of each stretch. Empty where all came in order. */
  readonly unseenVersions: readonly number[];
  /** How many events came with a version that had arrived before. */
  readonly repeats: number;
  /** Where the enriched record of this version lies in its partition: what it says beyond the facts is read there. */
  readonly recordOffset: number;
}

/** What the ledger keeps of declarations, as bytes and as facts. */
export interface KeptFacts {
  /** Undefined: nothing. */
  of(declarationId: string): CountedFacts | undefined;
  /** Writes an entry from `at` on. Answers where it ends; below zero: so many bytes more are needed, and nothing of it counts. */
  encode(facts: CountedFacts, target: Buffer, at: number): number;
  decode(entry: Buffer): CountedFacts;
}

/** Entries of declarations, each once, in the order in which they first came; a Map is one. */
export interface EntriesById extends Iterable<readonly [string, Buffer]> {
  readonly size: number;
  has(declarationId: string): boolean;
  get(declarationId: string): Buffer | undefined;
  keys(): Iterable<string>;
}
