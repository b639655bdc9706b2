/** The other way round: every cell that one declaration adds to, and what each of its versions in the log did. */
import { decideAggregate, type AggregateDecision } from '../aggregate/decide';
import { contribution } from '../domain/contribution';
import { cellField, type Cubes } from '../domain/cubes';
import type { CountedFacts } from '../domain/facts';
import { Increments } from '../domain/increments';
import type { Calendar } from '../domain/period';
import { originText } from '../domain/position';
import type { QueryContext } from '../query/answer-query';
import type { DecidedRecords, PlacedRecord, RefusedVersion } from './decided-records';

/** As the store keeps it: minor units, grams, thousandths, counts. */
export interface TouchedCell { readonly hash: string; readonly field: string; readonly amount: string }

/** Which cells a namespace keeps. `fineSinceMs`: figures by minute and hour from then on alone. */
export interface KeptCells { readonly cubes: Cubes; readonly calendar: Calendar; readonly fineSinceMs?: number | undefined }
const incrementsOf = ({ cubes, calendar, fineSinceMs }: KeptCells): Increments => new Increments(cubes, calendar, undefined, fineSinceMs);

/** What it adds to every cell, under the names that the store has for them. */
export function touchedCells(facts: CountedFacts, kept: KeptCells): TouchedCell[] {
  const increments = incrementsOf(kept);
  increments.addRows(contribution(facts), 1);
  return cellsOf(increments);
}

function cellsOf(increments: Increments): TouchedCell[] {
  const cells: TouchedCell[] = [];
  increments.each((hash, cell, measure, amount) => cells.push({ hash, field: cellField(cell, measure), amount: String(amount) }));
  return cells.sort((a, b) => (a.hash === b.hash ? (a.field < b.field ? -1 : 1) : a.hash < b.hash ? -1 : 1));
}

/** A declaration the other way round, as one object. */
export interface ExplainedDeclaration {
  readonly declarationId: string;
  readonly currency: string;
  readonly minorUnits: number;
  /** Of the version that stands; null: the ledger has none. */
  readonly version: number | null;
  readonly status: string | null;
  readonly cells: readonly TouchedCell[];
  /** Null: the log was not asked. */
  readonly history: readonly HistoryEntry[] | null;
}

/** From the facts that the ledger has of it, and what the log says. */
export function explainedDeclaration(declarationId: string, facts: CountedFacts | undefined, history: readonly HistoryEntry[] | null, { currency, minorUnits, ...kept }: KeptCells & Pick<QueryContext, 'currency' | 'minorUnits'>): ExplainedDeclaration {
  return { declarationId, currency, minorUnits, version: facts?.version ?? null, status: facts?.status ?? null, cells: facts ? touchedCells(facts, kept) : [], history };
}

export interface HistoryEntry {
  /** When the raw record arrived at the broker. */
  readonly at: string;
  readonly raw: { readonly partition: number; readonly offset: number };
  readonly version: number | null;
  readonly status: string | null;
  readonly occurredAt: string | null;
  readonly outcome: 'counted' | 'leftOut' | 'ignored' | 'refused';
  /** Result codes of this version; of a refusal why. */
  readonly codes: readonly string[];
  /** Cells that it changed, with what came to them. */
  readonly changed: readonly TouchedCell[];
}
export interface DeclarationHistory {
  readonly entries: readonly HistoryEntry[];
  /** Counted facts that the log comes to; undefined: none. */
  readonly facts: CountedFacts | undefined;
}

export async function declarationHistory(declarationId: string, partition: number, kept: KeptCells, decided: DecidedRecords, onProgress?: (read: number, total: number) => void): Promise<DeclarationHistory> {
  const { records, refused } = await decided.of(declarationId, partition, onProgress);
  const { entries, facts } = replayed(records, kept);
  return { facts, entries: [...entries, ...refused.map(refusedEntry)].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.raw.offset - b.raw.offset)) };
}

const refusedEntry = ({ origin, version, occurredAt, codes }: RefusedVersion): HistoryEntry => ({
  at: new Date(origin.timestamp).toISOString(), raw: { partition: origin.partition, offset: origin.offset }, version, status: null,
  occurredAt: occurredAt === null ? null : new Date(occurredAt).toISOString(), outcome: 'refused', codes, changed: [],
});

/** Every version decided again, each seeing what the ones before it left; what a crash repeated is passed over. */
export function replayed(records: readonly PlacedRecord[], kept: KeptCells): DeclarationHistory {
  const entries: HistoryEntry[] = [];
  const origins = new Set<string>();
  let facts: CountedFacts | undefined;
  for (const { event, offset } of records) {
    const { origin, version, status, occurredAt } = event.standardized.accepted;
    if (origins.has(originText(origin))) continue;
    origins.add(originText(origin));
    const decision = decideAggregate(event, offset, facts);
    facts = decision.entry ?? facts;
    entries.push({
      at: new Date(origin.timestamp).toISOString(), raw: { partition: origin.partition, offset: origin.offset }, version, status, occurredAt: new Date(occurredAt).toISOString(),
      outcome: decision.book.name, codes: [...new Set(decision.codes)], changed: changesOf(decision, kept),
    });
  }
  return { entries, facts };
}

function changesOf({ add, take }: AggregateDecision, kept: KeptCells): TouchedCell[] {
  const increments = incrementsOf(kept);
  increments.addRows(take, -1);
  increments.addRows(add, 1);
  return cellsOf(increments);
}
