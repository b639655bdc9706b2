import type { AcceptedDeclaration, Standardization } from '../domain/declaration';
import type { Profile, ReferenceSet } from '../reference/types';
import type { Stage } from '../shell/stage';
import { upstreamStages } from '../topology';
import { decideStandardize } from './decide';

/** Fields of accepted declarations that the standard definitions do not read. */
const unread: readonly string[] = ['declarantToken', 'traderToken', 'counterpartyToken', 'items.casNumber', 'items.concentrationPercent', 'items.documents.id'];

export function standardizeStage(reference: ReferenceSet, profile: Profile): Stage<AcceptedDeclaration, Standardization> {
  return {
    declaration: upstreamStages.standardize,
    unread,
    output: 'appends',
    decide: (accepted) => decideStandardize(accepted, reference, profile),
    originOf: ({ origin }) => origin,
    identityOf: ({ declarationId, version, office, occurredAt }) => ({ declarationId, version, office, occurredAt }),
    referenceSet: reference.digest,
  };
}
