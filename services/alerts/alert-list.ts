/** Alerts as they are shown: each once, and a later version only for what is new in it (decisions/0005). */
import type { PrecursorAlert } from '../domain/declaration';

export interface ShownAlert {
  readonly alertId: string;
  readonly declarationId: string;
  readonly version: number;
  readonly itemNumber: number;
  readonly at: string;
  readonly office: string;
  readonly flow: string;
  readonly partner: string;
  readonly level: number;
  readonly listId: string;
  readonly listVersion: string;
  readonly rowId: string;
  readonly substance: string;
  readonly evidence: readonly string[];
  readonly explanation: string;
  /** Found by a list that came into force afterwards. */
  readonly lookBack: boolean;
}

const subjectKey = ({ declarationId, itemNumber, listId, rowId }: PrecursorAlert): string => [declarationId, itemNumber, listId, rowId].join('\0');

/** Newest last; the same set of records gives the same list whatever their order. `sinceMs` and `limit` cut afterwards. */
export function alertList(records: readonly PrecursorAlert[], sinceMs = -Infinity, limit = Infinity): ShownAlert[] {
  const unique = [...new Map(records.map((record) => [record.alertId, record])).values()];
  unique.sort((a, b) => a.version - b.version || compareText(a.alertId, b.alertId));
  const highest = new Map<string, { readonly version: number; readonly level: number }>();
  const news = unique.filter((alert) => {
    const before = highest.get(subjectKey(alert));
    if (before && before.version < alert.version && before.level >= alert.level) return false;
    highest.set(subjectKey(alert), { version: alert.version, level: Math.max(before?.level ?? 0, alert.level) });
    return true;
  });
  news.sort((a, b) => a.occurredAt - b.occurredAt || compareText(a.declarationId, b.declarationId) || a.version - b.version || a.itemNumber - b.itemNumber || compareText(a.alertId, b.alertId));
  const recent = news.filter(({ occurredAt }) => occurredAt >= sinceMs);
  return recent.slice(Math.max(0, recent.length - limit)).map(shown);
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const shown = ({ alertId, declarationId, version, itemNumber, occurredAt, office, flow, partner, level, listId, listVersion, rowId, substance, evidence, explanation, lookBack }: PrecursorAlert): ShownAlert =>
  ({ alertId, declarationId, version, itemNumber, at: new Date(occurredAt).toISOString(), office, flow, partner, level, listId, listVersion, rowId, substance, evidence, explanation, lookBack });
