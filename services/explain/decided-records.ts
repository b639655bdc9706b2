/** Where explanations find how declarations were decided: the records that figures were counted from, as what they came to. */
import type { EnrichedEvent } from '../aggregate/decide';
import type { Origin } from '../domain/declaration';
import type { LogInspector, SchemaSource } from '../shell/ports';

/** An event as `aggregate` decides on it, without the trader. */
export type ExplainedEvent = EnrichedEvent & { readonly standardized: { readonly referenceSet: string } };

/** What of an enriched record explanations do not look at (dotted paths): it need not be decoded. */
export const unreadByExplanations: readonly string[] = [
  'standardized.currency', 'standardized.exponent', 'standardized.accepted.items', 'standardized.accepted.payments', 'standardized.accepted.declarantToken', 'standardized.accepted.counterpartyToken',
  'standardized.accepted.traderToken', 'standardized.accepted.natureOfTransaction', 'standardized.accepted.incoterm', 'standardized.accepted.partnerCountry',
];

export interface LogPorts { readonly inspector: Pick<LogInspector, 'offsets' | 'readStretches'>; readonly schemas: SchemaSource }
export interface RecordPlace { readonly partition: number; readonly offset: number }
export interface PlacedRecord extends RecordPlace { readonly event: ExplainedEvent }
/** A version that was refused; codes: why. */
export interface RefusedVersion { readonly origin: Origin; readonly version: number | null; readonly occurredAt: number | null; readonly codes: readonly string[] }
export interface RecordsOfDeclaration { readonly records: readonly PlacedRecord[]; readonly refused: readonly RefusedVersion[] }

/** Places are those of the topic that is counted; whoever opens it says which one. */
export interface DecidedRecords {
  /** The records at some places; what the log lacks, or nobody can decode, is not there. */
  at(places: readonly RecordPlace[], onProgress?: (read: number) => void): Promise<readonly PlacedRecord[]>;
  /** Records that have to be looked through for all of one declaration. */
  size(partition: number): Promise<number>;
  /** Every record of one declaration in its partition, in order. */
  of(declarationId: string, partition: number, onProgress?: (read: number, total: number) => void): Promise<RecordsOfDeclaration>;
}
