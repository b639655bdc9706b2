/** Screens every item against the lists in force on the acceptance date; cancelled versions are not screened. */
import { ALERT_LEVEL } from '../domain/contribution';
import type { AcceptedDeclaration, Hit, PrecursorAlert, Screening, Standardization } from '../domain/declaration';
import type { Outcome } from '../domain/outcome';
import type { ReferenceSet } from '../reference/types';
import { matchItem } from './match';

type Input = { readonly accepted: AcceptedDeclaration } & Pick<Standardization, 'items'>;
const noHits: readonly Hit[] = [];
const noAlerts: readonly PrecursorAlert[] = [];
const ID_CHARACTERS = 32;

/** `digest`: SHA-256 in hex; alert ids are made of it. */
export function decideEnrich({ accepted, items }: Input, reference: ReferenceSet, digest: (text: string) => string): Outcome<Screening> {
  let hits: Hit[] | undefined;
  if (accepted.status !== 'CANCELLED') {
    const index = reference.at(accepted.acceptedAt ?? accepted.occurredAt).watchlists;
    for (const item of accepted.items) {
      const found = matchItem(item, index);
      if (found.length > 0) (hits ??= []).push(...found);
    }
  }
  return {
    kind: 'emit', key: accepted.declarationId,
    addition: { referenceSet: reference.digest, hits: hits ?? noHits },
    alerts: hits ? hits.filter(({ level }) => level >= ALERT_LEVEL).map((hit) => alertOf(accepted, items, hit, reference, digest)) : noAlerts,
  };
}

function alertOf(accepted: AcceptedDeclaration, items: Standardization['items'], hit: Hit, reference: ReferenceSet, digest: (text: string) => string): PrecursorAlert {
  const { declarationId, version, occurredAt, office, flow, origin, traderToken } = accepted;
  const { itemNumber, listId, listVersion, rowId, substance, level, evidence } = hit;
  return {
    alertId: digest([declarationId, version, itemNumber, listId, rowId].join('\0')).slice(0, ID_CHARACTERS),
    origin, declarationId, version, itemNumber, occurredAt, office, flow,
    partner: items.find((item) => item.itemNumber === itemNumber)?.partner ?? accepted.partnerCountry,
    traderToken, level, listId, listVersion, rowId, substance, evidence,
    explanation: `Item ${itemNumber} matches ${substance} (${listId} ${rowId}, version ${listVersion}) at level ${level}: ${evidence.join(', ')}`,
    referenceSet: reference.digest,
  };
}
