/**
 * What a decision answers: plain data that can be printed, compared and replayed.
 * The shell turns it into records; nothing has happened yet when a decision returns.
 */
import type { PrecursorAlert } from './declaration';

/** A code that refuses, and where: `field` is a path such as items[2].netMassKg. */
export interface Refusal {
  readonly code: string;
  readonly field: string;
  /** What is wrong and what to do; the value's shape, never a party id. */
  readonly message: string;
}

/** What a refused record says of itself, as far as it was readable. */
export interface Identity {
  readonly declarationId: string;
  readonly version: number;
  readonly office: string;
  readonly occurredAt: number;
}

export type Outcome<Addition> =
  /** Goes on to the stage's output topic: the record read, with `addition` behind it (ingest: the whole new record). */
  | { readonly kind: 'emit'; readonly key: string; readonly addition: Addition; readonly alerts: readonly PrecursorAlert[] }
  /** Goes to the rejected topic; the first refusal by item and rule names the record's code. */
  | { readonly kind: 'reject'; readonly refusals: readonly Refusal[]; readonly identity: Identity | null };
