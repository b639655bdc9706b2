/** A hit that people must look at, as an alert. */
import { ALERT_LEVEL } from '../domain/contribution';
import type { AcceptedDeclaration, Hit, PrecursorAlert, StandardItem } from '../domain/declaration';

const ID_CHARACTERS = 32;

export interface ScreenedDeclaration {
  readonly accepted: AcceptedDeclaration;
  readonly items: readonly Pick<StandardItem, 'itemNumber' | 'partner'>[];
}

/** `lookBack`: found by a list that came into force afterwards. `digest`: SHA-256 in hex, of which the id is made. */
export interface AlertMaking { readonly referenceSet: string; readonly lookBack: boolean; readonly digest: (text: string) => string }

/** Alerts for the hits that are strong enough. */
export const alertsOf = (declaration: ScreenedDeclaration, hits: readonly Hit[], making: AlertMaking): PrecursorAlert[] =>
  hits.filter(({ level }) => level >= ALERT_LEVEL).map((hit) => alertOf(declaration, hit, making));

/** The id names declaration, version, item and row, so that what a crash repeats has the same one; a look-back names its level too, as the same row may be found again, and stronger. */
function alertOf({ accepted, items }: ScreenedDeclaration, hit: Hit, { referenceSet, lookBack, digest }: AlertMaking): PrecursorAlert {
  const { declarationId, version, occurredAt, office, flow, origin, traderToken } = accepted;
  const { itemNumber, listId, listVersion, rowId, substance, level, evidence } = hit;
  return {
    alertId: digest([declarationId, version, itemNumber, listId, rowId, ...(lookBack ? ['look-back', level] : [])].join('\0')).slice(0, ID_CHARACTERS),
    origin, declarationId, version, itemNumber, occurredAt, office, flow,
    partner: items.find((item) => item.itemNumber === itemNumber)?.partner ?? accepted.partnerCountry,
    traderToken, level, listId, listVersion, rowId, substance, evidence,
    explanation: `Item ${itemNumber} matches ${substance} (${listId} ${rowId}, version ${listVersion}) at level ${level}${lookBack ? ' in look-back' : ''}: ${evidence.join(', ')}`,
    referenceSet, lookBack,
  };
}
