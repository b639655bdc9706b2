/** Alerts with what was decided on them, as lists ask for them. The newest so many are kept. */
import type { PrecursorAlert } from '../domain/declaration';
import { dropOldest, pageBehind } from '../domain/kept-list';
import { alertList, type ShownAlert } from './alert-list';
import type { AlertPlace } from './declared-item';
import { shownDecision, type AlertDecision, type AlertState, type ShownDecision } from './decision';

export interface DecidedAlert extends ShownAlert { readonly decision: ShownDecision | null }
export interface AlertFilter { readonly level?: number; readonly list?: string; readonly substance?: string; readonly office?: string; readonly state?: AlertState }
/** `forgotten`: older alerts that the book had to let go; the command line lists them. */
export interface AlertPage { readonly alerts: readonly DecidedAlert[]; readonly next: string | null; readonly counts: Readonly<Record<AlertState, number>>; readonly forgotten: number }

export class AlertBook {
  private readonly records = new Map<string, PrecursorAlert>();
  private readonly decisions = new Map<string, Map<string, AlertDecision>>();
  private list: readonly ShownAlert[] | undefined;
  private forgotten = 0;

  constructor(private readonly mostAlerts: number, private readonly mostDecided: number) {}

  /** False for a repeat. */
  add(alert: PrecursorAlert): boolean {
    if (this.records.has(alert.alertId)) return false;
    this.records.set(alert.alertId, alert);
    this.forgotten += dropOldest(this.records, this.mostAlerts);
    this.list = undefined;
    return true;
  }

  decide(decision: AlertDecision): void {
    const known = this.decisions.get(decision.alertId) ?? new Map<string, AlertDecision>();
    known.set(decision.decisionId, decision);
    this.decisions.set(decision.alertId, known);
    dropOldest(this.decisions, this.mostDecided);
  }

  /** Oldest first. */
  decisionsOn(alertId: string): ShownDecision[] {
    const known = [...(this.decisions.get(alertId)?.values() ?? [])];
    return known.sort((a, b) => a.decidedAt - b.decidedAt || (a.decisionId < b.decisionId ? -1 : 1)).map(shownDecision);
  }

  one(alertId: string): DecidedAlert | undefined {
    const record = this.records.get(alertId);
    const [shown] = record ? alertList([record]) : [];
    return shown && this.decided(shown);
  }

  /** Where the declaration behind it lies in the raw topic. */
  placeOf(alertId: string): AlertPlace | undefined { return this.records.get(alertId); }

  /** Newest first, those behind `before` (an alertId); undefined when it is in no such list. */
  page(filter: AlertFilter, limit: number, before: string | undefined): AlertPage | undefined {
    this.list ??= alertList([...this.records.values()]).reverse();
    const alike = this.list.filter((alert) => (filter.level ?? alert.level) === alert.level && (filter.list ?? alert.listId) === alert.listId && (filter.substance ?? alert.substance) === alert.substance && (filter.office ?? alert.office) === alert.office).map((alert) => this.decided(alert));
    const counts = { open: 0, cleared: 0, held: 0 };
    for (const alert of alike) counts[stateOf(alert)]++;
    const listed = alike.filter((alert) => filter.state === undefined || stateOf(alert) === filter.state || alert.alertId === before);
    const page = pageBehind(listed, ({ alertId }) => alertId, limit, before);
    return page && { alerts: page.entries, next: page.next, counts, forgotten: this.forgotten };
  }

  private decided(alert: ShownAlert): DecidedAlert { return { ...alert, decision: this.decisionsOn(alert.alertId).at(-1) ?? null }; }
}

const stateOf = ({ decision }: DecidedAlert): AlertState => decision?.state ?? 'open';
