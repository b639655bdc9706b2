/**
 * What one declaration version adds to the figures: a pure list of rows, each a set of measures at an
 * instant with its dimensions. `contribution(new) − contribution(old)` is what changes them; the same
 * function serves both, from the ledger's facts alone.
 */
import type { View } from '../topology';
import type { CountedFacts, FactItem, FactPayment } from './facts';
import { FIELDS_PREFIX, unitValueClass, UNIT_VALUE_PREFIX } from './quality';
import { RESIDUAL_HS6, UNKNOWN_CHAPTER, UNSPECIFIED_COUNTRY } from './unspecified';

/** Bumped whenever the same facts would give other rows, the facts have another form, or the index of days is kept otherwise: part of a namespace's manifest. */
export const CONTRIBUTION_VERSION = 3;

export interface ContributionRow {
  readonly view: View;
  /** The instant whose periods it counts in, ms. */
  readonly at: number;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Minor units, grams, thousandths, counts. */
  readonly measures: Readonly<Record<string, number>>;
}

/** Alerts are raised from this level on (design §5). */
export const ALERT_LEVEL = 3;
const MASS_UNIT = 'KGM';

const chapterOf = (item: FactItem | undefined): string => (item && item.hs6.length >= 2 ? item.hs6.slice(0, 2) : UNKNOWN_CHAPTER);

export function contribution(facts: CountedFacts): ContributionRow[] {
  const rows: ContributionRow[] = [];
  addOperations(facts, rows);
  if (facts.repeats > 0) rows.push({ view: 'quality', at: facts.occurredAt, dimensions: { office: facts.office }, measures: { repeated: facts.repeats } });
  if (facts.status === 'LODGED') return rows;
  if (facts.status !== 'CANCELLED') {
    for (const item of facts.items) {
      if (item.leftOut === '') {
        addStatistics(facts, item, rows);
        addQuality(facts, item, rows);
      }
      addRevenue(facts, item, rows);
      addPrecursors(facts, item, rows);
    }
  }
  for (const payment of facts.payments) addPayment(facts, payment, rows);
  return rows;
}

function addOperations(facts: CountedFacts, rows: ContributionRow[]): void {
  const measures: Record<string, number> = { declarations: 1 };
  if (facts.status !== 'LODGED') measures['accepted'] = 1;
  if (facts.version > 1) measures['amended'] = 1;
  if (facts.status === 'CANCELLED') measures['cancelled'] = 1;
  rows.push({ view: 'operations', at: facts.occurredAt, dimensions: { office: facts.office, stage: 'aggregate' }, measures });
  let alerts = 0;
  for (const item of facts.items) for (const hit of item.hits) if (hit.level >= ALERT_LEVEL) alerts++;
  if (alerts > 0) rows.push({ view: 'operations', at: facts.occurredAt, dimensions: { office: facts.office, stage: 'enrich' }, measures: { alerts } });
}

function addStatistics(facts: CountedFacts, item: FactItem, rows: ContributionRow[]): void {
  const measures: Record<string, number> = { value: item.value, netMassKg: item.netMassGrams, items: 1 };
  if (item.unit !== '') measures[`quantity.${item.unit}`] = item.thousandths;
  rows.push({
    view: 'statistics', at: facts.acceptedAt, measures,
    dimensions: { flow: facts.flow, hs6: item.hs6, chapter: chapterOf(item), partner: item.partner, office: facts.office, transportMode: facts.transportMode },
  });
}

/** Of the items that trade statistics count: which fields are missing, what is doubtful, imputed, residual; and the class of the unit value, by its quantity or, without one, its mass. */
function addQuality(facts: CountedFacts, item: FactItem, rows: ContributionRow[]): void {
  const chapter = chapterOf(item);
  const measures: Record<string, number> = { [`${FIELDS_PREFIX}${item.expected}.${item.missing}`]: 1, value: item.value };
  if (item.flagged) measures['flagged'] = 1;
  if (item.imputed) measures['imputedValue'] = item.value;
  if (item.hs6 === RESIDUAL_HS6 || item.partner === UNSPECIFIED_COUNTRY) measures['residualValue'] = item.value;
  rows.push({ view: 'quality', at: facts.acceptedAt, measures, dimensions: { office: facts.office, flow: facts.flow, chapter } });
  const quantified = item.unit !== '' && item.thousandths > 0;
  const unitValue = unitValueClass(item.value, quantified ? item.thousandths : item.netMassGrams);
  if (unitValue === undefined) return;
  rows.push({ view: 'quality', at: facts.acceptedAt, measures: { [`${UNIT_VALUE_PREFIX}${quantified ? item.unit : MASS_UNIT}.${unitValue}`]: 1 }, dimensions: { flow: facts.flow, hs6: item.hs6 } });
}

const revenueDimensions = (facts: CountedFacts, item: FactItem | undefined, taxType: string): Record<string, string> => ({
  office: facts.office, taxType, chapter: chapterOf(item), origin: item?.origin ?? UNSPECIFIED_COUNTRY, procedure: facts.procedure,
});

function addRevenue(facts: CountedFacts, item: FactItem, rows: ContributionRow[]): void {
  for (const tax of item.taxes) {
    if (!tax.counted) continue;
    rows.push({ view: 'revenue', at: facts.acceptedAt, dimensions: revenueDimensions(facts, item, tax.type), measures: { assessed: tax.assessed, relief: tax.relief, lines: 1 } });
  }
}

function addPrecursors(facts: CountedFacts, item: FactItem, rows: ContributionRow[]): void {
  for (const hit of item.hits) {
    rows.push({
      view: 'precursors', at: facts.acceptedAt, measures: { items: 1, netMassKg: item.netMassGrams, value: item.value },
      dimensions: { list: hit.listId, substance: hit.substance, flow: facts.flow, partner: item.partner, level: String(hit.level) },
    });
  }
}

/** Shared over the items by what is assessed of that tax type, in the period of payment. */
function addPayment(facts: CountedFacts, payment: FactPayment, rows: ContributionRow[]): void {
  const shares = paymentShares(payment.amount, facts.items.map((item) => assessedOf(item, payment.taxType)));
  shares.forEach((share, index) => {
    if (share !== 0) rows.push({ view: 'revenue', at: payment.paidAt, dimensions: revenueDimensions(facts, facts.items[index], payment.taxType), measures: { [payment.measure]: share } });
  });
}

function assessedOf(item: FactItem, taxType: string): number {
  let sum = 0;
  for (const tax of item.taxes) if (tax.type === taxType) sum += tax.assessed;
  return sum;
}

/**
 * Splits an amount by weights, each share rounded towards zero, the remainder to the largest weight
 * (the first of equals); all to the first when nothing weighs. The shares add up to the amount exactly.
 */
export function paymentShares(amount: number, weights: readonly number[]): number[] {
  if (weights.length <= 1) return [amount];
  const positive = weights.map((weight) => (weight > 0 ? BigInt(weight) : 0n));
  const total = positive.reduce((sum, weight) => sum + weight, 0n);
  if (total === 0n) return weights.map((_, index) => (index === 0 ? amount : 0));
  const shares = positive.map((weight) => Number((BigInt(amount) * weight) / total));
  const largest = positive.reduce((best, weight, index) => (weight > (positive[best] ?? 0n) ? index : best), 0);
  shares[largest] = (shares[largest] ?? 0) + amount - shares.reduce((sum, share) => sum + share, 0);
  return shares;
}
