/** Screens every item against the lists in force on the acceptance date; cancelled versions are not screened. */
import type { AcceptedDeclaration, Hit, PrecursorAlert, Screening, Standardization } from '../domain/declaration';
import type { Outcome } from '../domain/outcome';
import type { ReferenceSet } from '../reference/types';
import { alertsOf } from '../screening/alert';
import { matchItem } from '../screening/match';

type Input = { readonly accepted: AcceptedDeclaration } & Pick<Standardization, 'items'>;
const noHits: readonly Hit[] = [];
const noAlerts: readonly PrecursorAlert[] = [];

/** `digest`: SHA-256 in hex; alert ids are made of it. */
export function decideEnrich(declaration: Input, reference: ReferenceSet, digest: (text: string) => string): Outcome<Screening> {
  const { accepted } = declaration;
  let hits: Hit[] | undefined;
  if (accepted.status !== 'CANCELLED') {
    const inForce = reference.at(accepted.acceptedAt ?? accepted.occurredAt);
    for (const item of accepted.items) {
      const found = matchItem(item, accepted, inForce);
      if (found.length > 0) (hits ??= []).push(...found);
    }
  }
  return {
    kind: 'emit', key: accepted.declarationId,
    addition: { referenceSet: reference.digest, hits: hits ?? noHits },
    alerts: hits ? alertsOf(declaration, hits, { referenceSet: reference.digest, lookBack: false, digest }) : noAlerts,
  };
}
