import type { AcceptedDeclaration, Screening, Standardization } from '../domain/declaration';
import type { ReferenceSet } from '../reference/types';
import type { Stage } from '../shell/stage';
import { upstreamStages } from '../topology';
import { decideEnrich } from './decide';

/** Fields of standardized declarations that screening does not read. */
const unread: readonly string[] = [
  'definitions', 'referenceSet', 'currency', 'exponent', 'codes', 'payments', 'items.taxes', 'items.quantity', 'items.expected', 'items.missing', 'items.imputed',
  'accepted.declarantToken', 'accepted.counterpartyToken', 'accepted.incoterm', 'accepted.natureOfTransaction', 'accepted.payments',
  'accepted.items.taxes', 'accepted.items.freightAmount', 'accepted.items.insuranceAmount', 'accepted.items.supplementaryQuantity', 'accepted.items.preference',
];

export type ScreenedInput = { readonly accepted: AcceptedDeclaration } & Standardization;

export function enrichStage(reference: ReferenceSet, digest: (text: string) => string): Stage<ScreenedInput, Screening> {
  return {
    declaration: upstreamStages.enrich,
    unread,
    output: 'appends',
    decide: (input) => decideEnrich(input, reference, digest),
    originOf: ({ accepted }) => accepted.origin,
    identityOf: ({ accepted: { declarationId, version, office, occurredAt } }) => ({ declarationId, version, office, occurredAt }),
    referenceSet: reference.digest,
  };
}
