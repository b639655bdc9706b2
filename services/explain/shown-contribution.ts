/** A contribution as people and programs read it: amounts formatted, and from the enriched record what decided it. Pure. */
import type { FactPayment } from '../domain/facts';
import { formatDecimal } from '../domain/decimal';
import type { FigureQuery } from '../query/plan';
import { formatMeasures, type MeasureValue } from '../query/rows';
import { rawTopic, type TopicName } from '../topology';
import type { Contributor } from './contributors';
import type { PlacedRecord } from './decided-records';

export interface LogPlace { readonly topic: TopicName; readonly partition: number; readonly offset: number }
export interface ShownItem { readonly itemNumber: number; readonly hs6: string; readonly codes: readonly string[] }
export interface ShownHit { readonly itemNumber: number; readonly listId: string; readonly listVersion: string; readonly rowId: string; readonly substance: string; readonly level: number; readonly evidence: readonly string[] }
export interface ShownPayment { readonly taxType: string; readonly measure: string; readonly amount: string; readonly paidAt: string }

export interface ContributionDetails {
  /** Pack and version that decided it, and the set of reference data with it. */
  readonly definitions: string;
  readonly referenceSet: string;
  /** Result codes of the declaration, and of its items. */
  readonly codes: readonly string[];
  readonly items: readonly ShownItem[];
  readonly hits: readonly ShownHit[];
}
export interface ShownContribution {
  readonly declarationId: string;
  readonly version: number;
  readonly status: string;
  readonly office: string;
  readonly amounts: Readonly<Record<string, MeasureValue>>;
  /** Dates by which it counts here. */
  readonly countsAt: readonly string[];
  readonly raw: LogPlace;
  /** The record that was counted. */
  readonly counted: LogPlace;
  readonly payments: readonly ShownPayment[];
  /** Null: the log does not hold the record any more, or was not asked. */
  readonly details: ContributionDetails | null;
}

export function shownContribution({ partition, declarationId, facts, amounts, countsAtMs }: Contributor, record: PlacedRecord | undefined, query: FigureQuery, minorUnits: number, countedFrom: TopicName): ShownContribution {
  return {
    declarationId, version: facts.version, status: facts.status, office: facts.office,
    amounts: formatMeasures(query, amounts, minorUnits),
    countsAt: countsAtMs.map((ms) => new Date(ms).toISOString()),
    raw: { topic: rawTopic, partition: facts.originPartition, offset: facts.originOffset },
    counted: { topic: countedFrom, partition, offset: facts.recordOffset },
    payments: facts.payments.map((payment) => shownPayment(payment, minorUnits)),
    details: record && isOf(record, facts) ? detailsOf(record) : null,
  };
}

/** A log that was made anew has another record there. */
const isOf = ({ event: { standardized: { accepted: { origin } } } }: PlacedRecord, facts: Contributor['facts']): boolean => origin.partition === facts.originPartition && origin.offset === facts.originOffset;

const detailsOf = ({ event: { standardized: { definitions, referenceSet, codes, items }, hits } }: PlacedRecord): ContributionDetails => ({
  definitions, referenceSet, codes,
  items: items.map(({ itemNumber, hs6, codes: ofItem, taxes }) => ({ itemNumber, hs6, codes: [...ofItem, ...taxes.flatMap(({ code }) => (code === null ? [] : [code]))] })),
  hits: hits.map(({ itemNumber, listId, listVersion, rowId, substance, level, evidence }) => ({ itemNumber, listId, listVersion, rowId, substance, level, evidence })),
});

const shownPayment = ({ taxType, measure, amount, paidAt }: FactPayment, minorUnits: number): ShownPayment => ({ taxType, measure, amount: formatDecimal(BigInt(amount), minorUnits), paidAt: new Date(paidAt).toISOString() });
