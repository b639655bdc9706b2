/** The newest entries of the audit log, as a list that is asked for by act and name. */
import { dropOldest, pageBehind } from '../../domain/kept-list';
import type { AuditEntry } from '../acts';

export interface AuditFilter { readonly action?: string; readonly by?: string }
export interface ShownEntry { readonly auditId: string; readonly at: string; readonly by: string; readonly roles: readonly string[]; readonly action: string; readonly subject: string; readonly outcome: string; readonly detail: string }
/** `actions`: all that are kept, for a choice. */
export interface AuditPage { readonly audit: readonly ShownEntry[]; readonly next: string | null; readonly actions: readonly string[] }

export class AuditBook {
  private readonly entries = new Map<string, AuditEntry>();
  private list: readonly AuditEntry[] | undefined;

  constructor(private readonly most: number) {}

  /** A repeat changes nothing. */
  add(entry: AuditEntry): void {
    this.entries.set(entry.auditId, entry);
    this.list = undefined;
    dropOldest(this.entries, this.most);
  }

  /** Newest first, those behind `before` (an auditId); undefined when it is in no such list. `by`: a part of the name, in whatever case. */
  page({ action, by }: AuditFilter, limit: number, before: string | undefined): AuditPage | undefined {
    this.list ??= [...this.entries.values()].sort((a, b) => b.at - a.at || (a.auditId < b.auditId ? -1 : 1));
    const name = by?.toLowerCase();
    const listed = this.list.filter((entry) => (action ?? entry.action) === entry.action && (name === undefined || entry.actor.toLowerCase().includes(name)));
    const page = pageBehind(listed, ({ auditId }) => auditId, limit, before);
    return page && { audit: page.entries.map(shown), next: page.next, actions: [...new Set(this.list.map((entry) => entry.action))].sort() };
  }
}

const shown = ({ auditId, at, actor, roles, action, subject, outcome, detail }: AuditEntry): ShownEntry => ({ auditId, at: new Date(at).toISOString(), by: actor, roles, action, subject, outcome, detail });
