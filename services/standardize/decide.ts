/**
 * Applies the standard definitions in force on the declaration's acceptance date. One refused item
 * refuses the version; codes of kept items travel with them. Order of refusals: declaration, item, rule.
 */
import { AMOUNT_SCALE, rescale } from '../domain/decimal';
import type { AcceptedDeclaration, Item, StandardItem, Standardization, StandardTax } from '../domain/declaration';
import type { Outcome, Refusal } from '../domain/outcome';
import { DAY_MS } from '../domain/period';
import type { ResultCode } from '../domain/result-codes';
import { RESIDUAL_HS6, UNSPECIFIED_COUNTRY } from '../domain/unspecified';
import { limits } from '../limits';
import type { InForce, Profile, ReferenceSet } from '../reference/types';
import type { AppliedRules } from './applied-rules';
import { completeness } from './completeness';
import { Findings } from './findings';
import { checkCharges, checkFlow, checkPreference, checkQuantities, checkTaxInValue } from './plausibility';
import { netMassGrams, standardQuantity } from './quantity';
import { standardPayments, standardTaxes } from './revenue';
import { minorUnits, statisticalValue } from './value';

const commodityForm = /^\d{6,10}$/;
const noAlerts: readonly never[] = [];

export function decideStandardize(accepted: AcceptedDeclaration, reference: ReferenceSet, profile: Profile): Outcome<Standardization> {
  const refusals: Refusal[] = [];
  const whole = new Findings('', refusals);
  const atMs = accepted.acceptedAt ?? accepted.occurredAt;
  const inForce = reference.at(atMs);
  const rules: AppliedRules = { inForce, profile, atMs };
  let items: StandardItem[];
  if (accepted.status === 'CANCELLED') items = accepted.items.map((item) => weighedItem(accepted, item, inForce, profile));
  else {
    const coverage = checkWhole(accepted, inForce, whole);
    items = accepted.items.map((item, index) => standardItem(accepted, item, coverage, rules, new Findings(`items[${index}]`, refusals)));
  }
  const payments = standardPayments(accepted, rules, whole);
  if (refusals.length > 0) {
    const { declarationId, version, office, occurredAt } = accepted;
    return { kind: 'reject', refusals, identity: { declarationId, version, office, occurredAt } };
  }
  return {
    kind: 'emit', key: accepted.declarationId, alerts: noAlerts,
    addition: { definitions: inForce.definitions, referenceSet: reference.digest, currency: profile.currency, exponent: profile.minorUnits, codes: whole.codes, items, payments },
  };
}

/** Rules that concern the declaration; answers the X- code that keeps its items out of trade statistics, if any. */
function checkWhole(accepted: AcceptedDeclaration, inForce: InForce, found: Findings): ResultCode | undefined {
  const verdict = inForce.coverage(accepted.procedure);
  if (verdict === undefined) found.refuse('E-CPC-UNMAPPED', 'procedure', `${shown(accepted.procedure)} is in no table; add it to the profile's map`);
  const mode = inForce.transportMode(accepted.transportMode);
  if (!mode) found.refuse('E-MOT-CODE', 'transportMode', `${shown(accepted.transportMode)} is none of Recommendation 19`);
  else if (mode.flag !== null) found.flag(mode.flag as ResultCode);
  if (verdict !== undefined && verdict !== 'count') return verdict as ResultCode;
  return accepted.natureOfTransaction !== null && inForce.pack.repairNatures.includes(accepted.natureOfTransaction) ? 'X-COV-REPAIR' : undefined;
}

/** Codes may be quoted; anything longer is no code and might be personal. */
const shown = (code: string): string => (code.length <= 10 ? `"${code}"` : `of ${code.length} characters`);

function standardItem(accepted: AcceptedDeclaration, item: Item, coverage: ResultCode | undefined, rules: AppliedRules, found: Findings): StandardItem {
  const { inForce, profile } = rules;
  const value = statisticalValue(accepted, item, rules, found);
  if (coverage) found.flag(coverage);
  checkPartners(accepted, item, rules, found);
  const massGrams = netMassGrams(item, found);
  const quantity = standardQuantity(item, inForce, found);
  const hs6 = classification(accepted, item, rules, found);
  const taxes = standardTaxes(item, value, rules, found);
  const counted = value === undefined ? undefined : minorUnits(value, profile, 'invoiceAmount', found);
  if (counted !== undefined && counted < inForce.statisticalThreshold) found.flag('X-COV-BELOW-THRESHOLD');
  if (value !== undefined) {
    checkCharges(accepted, item, value, rules, found);
    checkTaxInValue(item, value, rules, found);
  }
  checkQuantities(item, { hs6, netMassGrams: massGrams, quantity }, counted, rules, found);
  checkFlow(accepted, item, rules, found);
  checkPreference(item, rules, found);
  return {
    itemNumber: item.itemNumber, hs6, origin: item.originCountry,
    partner: accepted.flow === 'IMPORT' ? item.originCountry : accepted.partnerCountry,
    value: counted ?? 0,
    netMassGrams: massGrams, quantity, taxes, codes: found.codes,
    ...completeness({ accepted, item, standard: { hs6, netMassGrams: massGrams, quantity }, inForce }),
    imputed: found.codes.some((code) => inForce.pack.imputedCodes.includes(code)),
  };
}

/** PTR rules: origin and dispatch or destination are countries; the reporter itself only where that makes sense. */
function checkPartners(accepted: AcceptedDeclaration, item: Item, rules: AppliedRules, found: Findings): void {
  const { profile } = rules;
  if (item.originCountry === '') found.refuse('E-PTR-ORIGIN-MISSING', 'originCountry', 'is empty; declare the country of origin, ZZ where it is not specified');
  else checkCountry(item.originCountry, 'originCountry', rules, found);
  if (accepted.partnerCountry === '' && accepted.flow === 'EXPORT') found.refuse('E-PTR-DEST-MISSING', 'partnerCountry', 'is empty; declare the last known destination, ZZ where it is not specified');
  else checkCountry(accepted.partnerCountry, 'partnerCountry', rules, found);
  if (accepted.flow === 'EXPORT') {
    if (accepted.partnerCountry === profile.reporter) found.refuse('E-PTR-SELF', 'partnerCountry', `of an export is ${profile.reporter}, the reporting country itself`);
  } else if (item.originCountry === profile.reporter || accepted.partnerCountry === profile.reporter) found.flag('W-PTR-ORIGIN-DOMESTIC');
}

function checkCountry(code: string, field: string, { inForce, atMs }: AppliedRules, found: Findings): void {
  if (code === UNSPECIFIED_COUNTRY) return found.flag('W-PTR-UNSPECIFIED');
  if (inForce.countryKnown(code)) return;
  const withdrawnAt = inForce.countryWithdrawnAt(code);
  if (withdrawnAt !== undefined && atMs - withdrawnAt <= inForce.pack.countryGraceDays * DAY_MS) found.flag('W-PTR-CODE-WITHDRAWN');
  else found.refuse('E-PTR-CODE', field, `${shown(code)} is not in ISO 3166-1 on the acceptance date`);
}

/** The six digits that are counted, 999999 for national and reserved chapters; undefined for what is no commodity code. */
function countedCode(code: string, { pack }: InForce): string | undefined {
  if (!commodityForm.test(code)) return undefined;
  return pack.residualChapters.includes(code.slice(0, 2)) ? RESIDUAL_HS6 : code.slice(0, 6);
}

/** HS rules, under the edition in force: by six digits where a tariff table is loaded, else by heading. */
function classification({ natureOfTransaction: nature }: AcceptedDeclaration, item: Item, { inForce, atMs }: AppliedRules, found: Findings): string {
  const code = item.commodityCode;
  const hs6 = countedCode(code, inForce);
  if (hs6 === undefined) {
    found.refuse('E-HS-UNKNOWN', 'commodityCode', `${shown(code)} is not six to ten digits`);
    return RESIDUAL_HS6;
  }
  if (hs6 === RESIDUAL_HS6) {
    found.flag('W-HS-RESIDUAL');
    return RESIDUAL_HS6;
  }
  const standing = inForce.commodity(hs6);
  if (standing === 'unknown') found.refuse('E-HS-UNKNOWN', 'commodityCode', `${hs6} is not in HS ${inForce.edition}, the edition in force on the acceptance date`);
  else if (standing !== 'listed') {
    found.flag('D-HS-CONVERTED');
    if (standing.successors.length > 1) found.flag('W-HS-AMBIGUOUS');
    if (atMs - inForce.editionSinceMs > inForce.pack.editionGraceDays * DAY_MS) found.flag('W-HS-EDITION');
  }
  for (const { hs, code: special, natures } of inForce.pack.specialCodes) if (hs === hs6 && (natures === null || (nature !== null && natures.includes(nature)))) found.flag(special as ResultCode);
  return hs6;
}

/** A cancellation's items count nothing; they only weigh the payments that stay, so they are taken as they are. */
function weighedItem(accepted: AcceptedDeclaration, item: Item, inForce: InForce, profile: Profile): StandardItem {
  return {
    itemNumber: item.itemNumber, hs6: countedCode(item.commodityCode, inForce) ?? '', origin: item.originCountry,
    partner: accepted.flow === 'IMPORT' ? item.originCountry : accepted.partnerCountry,
    value: 0, netMassGrams: 0, quantity: null, codes: [],
    taxes: item.taxes.map(({ type, assessed }): StandardTax => ({ type, assessed: weight(assessed, profile), relief: 0, code: 'X-REV-SECURITY' })),
    expected: 0, missing: 0, imputed: false,
  };
}

function weight(assessed: bigint, profile: Profile): number {
  const rounded = rescale(assessed, AMOUNT_SCALE, profile.minorUnits);
  return rounded > 0n && rounded <= limits.amountMinorUnits ? Number(rounded) : 0;
}
