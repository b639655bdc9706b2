/**
 * Screens past declarations with the lists as they are now, and keeps what nobody was told yet. Of each
 * declaration only its highest version counts, whatever order the records come in. Pure; takes the time.
 */
import type { AcceptedDeclaration, Hit, PrecursorAlert, StandardItem } from '../domain/declaration';
import type { ReferenceSet } from '../reference/types';
import { alertsOf } from '../screening/alert';
import { matchItem } from '../screening/match';

/** What is read of an enriched record. */
export interface PastDeclaration {
  readonly standardized: { readonly accepted: AcceptedDeclaration; readonly items: readonly Pick<StandardItem, 'itemNumber' | 'partner'>[] };
  readonly hits: readonly Pick<Hit, 'itemNumber' | 'listId' | 'rowId' | 'level'>[];
}
type Subject = Pick<PrecursorAlert, 'declarationId' | 'itemNumber' | 'listId' | 'rowId' | 'level'>;

export interface LookBackSettings {
  readonly reference: ReferenceSet;
  /** The moment whose lists screen. */
  readonly listsAtMs: number;
  /** Declarations accepted (or, while lodged, made) from then on. */
  readonly sinceMs: number;
  /** Undefined: all lists. */
  readonly lists?: ReadonlySet<string> | undefined;
  /** SHA-256 in hex, of which alert ids are made. */
  readonly digest: (text: string) => string;
}

/** The order within a declaration is that of figures: version, occurredAt, eventId. */
interface Found { readonly version: number; readonly occurredAt: number; readonly eventId: string; readonly alerts: readonly PrecursorAlert[] }
const noAlerts: readonly PrecursorAlert[] = [];

export class LookBack {
  private screenedCount = 0;
  private readonly toldLevels = new Map<string, number>();
  /** By partition, which all versions of a declaration share: one map would not hold those of a large country. */
  private readonly found: Map<string, Found>[] = [];

  constructor(private readonly settings: LookBackSettings) {}

  /** An alert that is on the topic already, of any version of its declaration. */
  told(alert: Subject): void {
    const key = subjectOf(alert);
    this.toldLevels.set(key, Math.max(this.toldLevels.get(key) ?? 0, alert.level));
  }

  /** A version that does not count must not be screened: the day asked for is compared with that of the version that does. */
  add(record: PastDeclaration, partition: number): void {
    const { declarationId, version, occurredAt, acceptedAt, eventId, status } = record.standardized.accepted;
    const found = (this.found[partition] ??= new Map<string, Found>());
    const known = found.get(declarationId);
    if (known && (known.version - version || known.occurredAt - occurredAt || (known.eventId < eventId ? -1 : 1)) > 0) return;
    const wanted = status !== 'CANCELLED' && (acceptedAt ?? occurredAt) >= this.settings.sinceMs;
    found.set(declarationId, { version, occurredAt, eventId, alerts: wanted ? this.screened(record) : noAlerts });
    this.screenedCount += (wanted ? 1 : 0);
  }

  private screened({ standardized, hits }: PastDeclaration): readonly PrecursorAlert[] {
    const { reference, listsAtMs, lists, digest } = this.settings;
    const { accepted } = standardized;
    const rules = reference.lookBack(accepted.acceptedAt ?? accepted.occurredAt, listsAtMs);
    let found: Hit[] | undefined;
    for (const item of accepted.items) {
      for (const hit of matchItem(item, accepted, rules)) {
        if (lists && !lists.has(hit.listId)) continue;
        if (hits.some(({ itemNumber, listId, rowId, level }) => itemNumber === hit.itemNumber && listId === hit.listId && rowId === hit.rowId && level >= hit.level)) continue;
        (found ??= []).push(hit);
      }
    }
    return found ? alertsOf(standardized, found, { referenceSet: reference.digest, lookBack: true, digest }) : noAlerts;
  }

  /** Versions screened. */
  get declarations(): number { return this.screenedCount; }

  /** What is new, in an order that does not depend on that of the records. */
  news(): PrecursorAlert[] {
    const news: PrecursorAlert[] = [];
    for (const found of this.found) for (const { alerts } of found?.values() ?? []) for (const alert of alerts) if ((this.toldLevels.get(subjectOf(alert)) ?? 0) < alert.level) news.push(alert);
    return news.sort((a, b) => a.occurredAt - b.occurredAt || (a.alertId < b.alertId ? -1 : 1));
  }
}

const subjectOf = ({ declarationId, itemNumber, listId, rowId }: Subject): string => [declarationId, itemNumber, listId, rowId].join('\0');
