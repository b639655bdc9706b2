/**
 * What one enriched declaration does to the ledger entry of its declaration: pure, synchronous.
 * The figures are a function of the set of versions, never of their order of arrival.
 */
import type { Hit, Origin, PaymentMeasure, StandardItem, Standardization, DeclarationStatus, Flow } from '../domain/declaration';
import { contribution, type ContributionRow } from '../domain/contribution';
import type { CountedFacts, FactHit, FactItem, PaymentTarget } from '../domain/facts';
import type { ResultCode } from '../domain/result-codes';
import { seenWith, type VersionsSeen } from './versions-seen';

/** The part of an enriched declaration that counting needs. */
export interface EnrichedEvent {
  readonly standardized: {
    readonly accepted: {
      readonly origin: Origin;
      readonly eventId: string;
      readonly declarationId: string;
      readonly version: number;
      readonly status: DeclarationStatus;
      readonly occurredAt: number;
      readonly acceptedAt: number | null;
      readonly office: string;
      readonly flow: Flow;
      readonly procedure: string;
      readonly transportMode: string;
      readonly traderToken: string;
    };
    /** Pack and version that decided it. */
    readonly definitions: string;
    readonly codes: readonly string[];
    readonly items: Standardization['items'];
    readonly payments: Standardization['payments'];
  };
  readonly hits: readonly Hit[];
}

/** Every raw record ends in exactly one book. */
export type Book = { readonly name: 'counted' } | { readonly name: 'leftOut'; readonly code: string } | { readonly name: 'ignored' } | { readonly name: 'refused'; readonly code: ResultCode };

export interface AggregateDecision {
  readonly book: Book;
  /** The entry to keep; undefined when nothing changes. */
  readonly entry: CountedFacts | undefined;
  readonly add: readonly ContributionRow[];
  readonly take: readonly ContributionRow[];
  readonly codes: readonly string[];
}

/** An entry that may be let go: accepted, and all its dates behind the horizon. Acceptance never moves, so a later version is known by it. */
export const behindHorizon = ({ acceptedVersion, acceptedAt, occurredAt, payments }: CountedFacts, horizonMs: number): boolean =>
  acceptedVersion > 0 && acceptedAt < horizonMs && occurredAt < horizonMs && payments.every(({ paidAt }) => paidAt < horizonMs);

const nothing: readonly never[] = [];
const lodged: ResultCode = 'X-LIFE-LODGED';

/**
 * Decides on one event, given its record's offset and what the ledger keeps of its declaration. Behind the horizon entries may have
 * been let go: an event from there without an entry might be counted twice, and is refused (exactness §10).
 */
export function decideAggregate(event: EnrichedEvent, offset: number, entry: CountedFacts | undefined, horizonMs = 0): AggregateDecision {
  const { acceptedAt, occurredAt } = event.standardized.accepted;
  if (!entry && (acceptedAt ?? occurredAt) < horizonMs) return { book: { name: 'refused', code: 'E-LEDGER-HORIZON' }, entry: undefined, add: nothing, take: nothing, codes: nothing };
  const incoming = factsOf(event, offset, seenWith(event.standardized.accepted.version, entry));
  if (!entry) return applied(incoming, incoming, undefined, event, nothing);
  const order = compareOrder(incoming, entry);
  const seen: VersionsSeen = { unseenVersions: incoming.unseenVersions, repeats: incoming.repeats };
  if (order === 0) return ignored(entry, { ...entry, ...seen }, nothing);
  const conflict: readonly ResultCode[] = incoming.version === entry.version ? ['W-LIFE-CONFLICT'] : nothing;
  const acceptance = acceptanceOf(entry, incoming);
  if (order < 0) return stale(entry, { ...entry, ...acceptance, ...seen }, conflict);
  return applied(incoming, { ...incoming, ...acceptance }, entry, event, conflict);
}

/** (version, occurredAt, eventId): the order within a declaration. */
function compareOrder(a: CountedFacts, b: CountedFacts): number {
  return a.version - b.version || a.occurredAt - b.occurredAt || compareText(a.eventId, b.eventId);
}
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

type Acceptance = Pick<CountedFacts, 'acceptedVersion' | 'acceptedAt' | 'acceptedOccurredAt' | 'acceptedEventId'>;

/** The acceptance date is that of the lowest version with one; among events of that version, of the highest in order. */
function acceptanceOf(entry: CountedFacts, incoming: CountedFacts): Acceptance {
  if (incoming.acceptedVersion === 0) return pickAcceptance(entry);
  if (entry.acceptedVersion === 0 || incoming.acceptedVersion < entry.acceptedVersion) return pickAcceptance(incoming);
  if (incoming.acceptedVersion > entry.acceptedVersion) return pickAcceptance(entry);
  const later = incoming.acceptedOccurredAt - entry.acceptedOccurredAt || compareText(incoming.acceptedEventId, entry.acceptedEventId);
  return pickAcceptance(later > 0 ? incoming : entry);
}
const pickAcceptance = ({ acceptedVersion, acceptedAt, acceptedOccurredAt, acceptedEventId }: CountedFacts): Acceptance =>
  ({ acceptedVersion, acceptedAt, acceptedOccurredAt, acceptedEventId });

/** An older version changes no content, but the acceptance date that it brings may move the period. */
function stale(entry: CountedFacts, kept: CountedFacts, conflict: readonly ResultCode[]): AggregateDecision {
  const codes: ResultCode[] = conflict.length > 0 ? [...conflict] : ['W-LIFE-STALE'];
  if (kept.acceptedAt !== entry.acceptedAt) codes.push('W-TIM-MOVED');
  return ignored(entry, kept, codes);
}

/** What the declaration says stays as it was; what is known of its versions may not. */
function ignored(entry: CountedFacts, kept: CountedFacts, codes: readonly ResultCode[]): AggregateDecision {
  return { book: { name: 'ignored' }, entry: kept, ...difference(contribution(kept), contribution(entry)), codes };
}

function applied(incoming: CountedFacts, kept: CountedFacts, before: CountedFacts | undefined, event: EnrichedEvent, conflict: readonly ResultCode[]): AggregateDecision {
  const add = contribution(kept);
  const codes: string[] = [...event.standardized.codes, ...conflict];
  for (const item of event.standardized.items) codes.push(...item.codes);
  if (incoming.acceptedVersion !== 0 && incoming.acceptedAt !== kept.acceptedAt) codes.push('W-TIM-MOVED');
  if (before && !ordinaryStep(before.status, kept.status)) codes.push('W-LIFE-TRANSITION');
  return { book: bookOf(kept, add), entry: kept, ...difference(add, before ? contribution(before) : nothing), codes };
}

/** Most new versions change a status or one item: rows that stay as they were need not be taken back and added again. */
function difference(add: readonly ContributionRow[], take: readonly ContributionRow[]): { add: readonly ContributionRow[]; take: readonly ContributionRow[] } {
  const same = add.map((row, index) => isSameRow(row, take[index]));
  if (!same.includes(true)) return { add, take };
  return { add: add.filter((_, index) => !same[index]), take: take.filter((_, index) => !same[index]) };
}

const isSameRow = (a: ContributionRow, b: ContributionRow | undefined): boolean =>
  b !== undefined && a.view === b.view && a.at === b.at && isSameRecord(a.measures, b.measures) && isSameRecord(a.dimensions, b.dimensions);

function isSameRecord(a: Readonly<Record<string, string | number>>, b: Readonly<Record<string, string | number>>): boolean {
  for (const name in a) if (a[name] !== b[name]) return false;
  for (const name in b) if (!(name in a)) return false;
  return true;
}

function bookOf(facts: CountedFacts, rows: readonly ContributionRow[]): Book {
  if (facts.status === 'LODGED') return { name: 'leftOut', code: lodged };
  if (facts.status === 'CANCELLED' || rows.some((row) => row.view === 'revenue' || row.view === 'statistics')) return { name: 'counted' };
  return { name: 'leftOut', code: facts.items.find((item) => item.leftOut !== '')?.leftOut ?? lodged };
}

const rank: Readonly<Record<DeclarationStatus, number>> = { LODGED: 0, ACCEPTED: 1, RELEASED: 2, CANCELLED: 3 };
/** LODGED → ACCEPTED → RELEASED → CANCELLED, with amendments in the same state; anything else is flagged, never refused. */
const ordinaryStep = (from: DeclarationStatus, to: DeclarationStatus): boolean => from !== 'CANCELLED' && rank[to] >= rank[from];

const targets: Readonly<Record<PaymentMeasure, PaymentTarget>> = { COLLECTED: 'collected', REFUNDED: 'refunded', DEPOSITS: 'deposits' };

function factsOf({ standardized: { accepted, items, payments }, hits }: EnrichedEvent, recordOffset: number, { unseenVersions, repeats }: VersionsSeen): CountedFacts {
  const hasAcceptance = accepted.acceptedAt !== null;
  return {
    version: accepted.version, occurredAt: accepted.occurredAt, eventId: accepted.eventId, status: accepted.status,
    acceptedVersion: hasAcceptance ? accepted.version : 0,
    acceptedAt: accepted.acceptedAt ?? 0,
    acceptedOccurredAt: hasAcceptance ? accepted.occurredAt : 0,
    acceptedEventId: hasAcceptance ? accepted.eventId : '',
    office: accepted.office, flow: accepted.flow, procedure: accepted.procedure, transportMode: accepted.transportMode,
    traderToken: accepted.traderToken, originPartition: accepted.origin.partition, originOffset: accepted.origin.offset,
    items: items.map((item) => factItem(item, hits)),
    payments: payments.map(({ taxType, measure, amount, paidAt }) => ({ taxType, measure: targets[measure], amount, paidAt })),
    unseenVersions, repeats, recordOffset,
  };
}

function factItem(item: StandardItem, hits: readonly Hit[]): FactItem {
  return {
    hs6: item.hs6, origin: item.origin, partner: item.partner, value: item.value, netMassGrams: item.netMassGrams,
    unit: item.quantity?.unit ?? '', thousandths: item.quantity?.thousandths ?? 0,
    leftOut: item.codes.find((code) => code.startsWith('X-')) ?? '',
    taxes: item.taxes.map(({ type, assessed, relief, code }) => ({ type, assessed, relief, counted: code === null })),
    hits: hits.length === 0 ? nothing : hits.filter((hit) => hit.itemNumber === item.itemNumber).map(factHit),
    expected: item.expected, missing: item.missing, imputed: item.imputed, flagged: item.codes.some((code) => code.startsWith('W-')),
  };
}
const factHit = ({ listId, rowId, substance, level }: Hit): FactHit => ({ listId, rowId, substance, level });
