/** A declaration that is in order, to be changed where a test wants it; and the way it goes through the decisions. */
import { createHash } from 'node:crypto';
import type { EnrichedEvent } from '../../services/aggregate/decide';
import type { AcceptedDeclaration, Item, Origin, Payment, RawDeclaration, Screening, Standardization, Tax } from '../../services/domain/declaration';
import type { Outcome } from '../../services/domain/outcome';
import { decideEnrich } from '../../services/enrich/decide';
import { decideIngest } from '../../services/ingest/decide';
import type { ReferenceSet } from '../../services/reference/types';
import { readCatalogue, readProfile, readReferenceSet } from '../../services/shell/definition-files';
import { pseudonymiser } from '../../services/shell/pseudonym';
import { decideStandardize } from '../../services/standardize/decide';

/** As people write them: 12.5 → scaled integers. */
export const amount = (text: string): bigint => scaled(text, 4);
export const measure = (text: string): bigint => scaled(text, 6);
export const percent = amount;
function scaled(text: string, scale: number): bigint {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.');
  const value = BigInt(whole + fraction.padEnd(scale, '0'));
  return text.startsWith('-') ? -value : value;
}
export const time = (text: string): number => Date.parse(text);

export const tax = (changes: Partial<Tax> = {}): Tax => ({ type: 'CUD', base: amount('12500'), ratePercent: percent('10'), assessed: amount('1250'), relief: 0n, ...changes });
export const payment = (changes: Partial<Payment> = {}): Payment => ({ taxType: 'CUD', kind: 'PAYMENT', amount: amount('1250'), paidAt: time('2026-03-20T10:00:00Z'), ...changes });
export const item = (changes: Partial<Item> = {}): Item => ({
  itemNumber: 1, commodityCode: '870323', description: null, casNumber: null, concentrationPercent: null, originCountry: 'JP', preference: null,
  netMassKg: measure('1200.5'), supplementaryQuantity: null, invoiceAmount: { amount: amount('12500'), currency: 'CDF' }, freightAmount: null, insuranceAmount: null, documents: [], taxes: [tax()], ...changes,
});
export const raw = (changes: Partial<RawDeclaration> = {}): RawDeclaration => ({
  eventId: 'D1/1', declarationId: 'D1', version: 1, status: 'ACCEPTED', occurredAt: time('2026-03-15T09:30:00Z'), acceptedAt: time('2026-03-15T09:30:00Z'), office: 'KIN01', flow: 'IMPORT', procedure: '4000',
  natureOfTransaction: '11', incoterm: 'CIF', transportMode: '1', partnerCountry: 'JP', declarantId: 'AGENT-7', traderId: 'TRADER-SECRET', counterpartyId: null, items: [item()], payments: [], ...changes,
});
export const origin = (changes: Partial<Origin> = {}): Origin => ({ partition: 0, offset: 0, timestamp: time('2026-12-01T00:00:00Z'), ...changes });

export const congo = readProfile('CD');
export const korea = readProfile('KR');
export const reference = readReferenceSet(congo);
const builtIn = new Map([[congo, reference], [korea, readReferenceSet(korea)]]);

/** The built-in reference data and these documents on top. */
export function referenceWith(documents: readonly unknown[], profile = congo): ReferenceSet {
  const catalogue = readCatalogue(profile);
  for (const document of documents) {
    const addition = catalogue.add(document);
    if (addition.outcome !== 'added') throw new Error(`not taken in: ${JSON.stringify(addition)}`);
  }
  return catalogue.latest;
}
export const pseudonymise = pseudonymiser('a test key');
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const ingested = (declaration: RawDeclaration, at: Origin = origin()): Outcome<AcceptedDeclaration> => decideIngest(declaration, at, pseudonymise);
export function accepted(declaration: RawDeclaration, at: Origin = origin()): AcceptedDeclaration {
  const outcome = ingested(declaration, at);
  if (outcome.kind !== 'emit') throw new Error(`refused: ${outcome.refusals.map(({ code, field }) => `${code} ${field}`).join(', ')}`);
  return outcome.addition;
}
export const standardized = (declaration: RawDeclaration, profile = congo, data = builtIn.get(profile) as ReferenceSet): Outcome<Standardization> => decideStandardize(accepted(declaration), data, profile);
export function standard(declaration: RawDeclaration, profile = congo, data?: ReferenceSet): Standardization {
  const outcome = standardized(declaration, profile, data);
  if (outcome.kind !== 'emit') throw new Error(`refused: ${outcome.refusals.map(({ code, field }) => `${code} ${field}`).join(', ')}`);
  return outcome.addition;
}
export function screened(declaration: RawDeclaration): Outcome<Screening> & { kind: 'emit' } {
  const outcome = decideEnrich({ accepted: accepted(declaration), items: standard(declaration).items }, reference, sha256);
  if (outcome.kind !== 'emit') throw new Error('screening never refuses');
  return outcome;
}
/** What aggregate reads of a declaration that went through all stages. */
export function enriched(declaration: RawDeclaration, at: Origin = origin()): EnrichedEvent {
  const standardization = standard(declaration);
  return { standardized: { accepted: accepted(declaration, at), definitions: standardization.definitions, codes: standardization.codes, items: standardization.items, payments: standardization.payments }, hits: screened(declaration).addition.hits };
}
export const codesOf = (outcome: Outcome<unknown>): string[] => (outcome.kind === 'reject' ? outcome.refusals.map(({ code }) => code) : []);
