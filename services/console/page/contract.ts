/** What the server answers, as the page reads it. Amounts, masses and quantities are exact decimal texts. */
export type Permission = 'see:now' | 'see:stream' | 'see:figures' | 'download' | 'see:precursors' | 'decide:alerts' | 'see:rejects' | 'redrive' | 'close:period' | 'see:reference' | 'see:periods' | 'see:audit';

export interface Profile { readonly id: string; readonly currency: string; readonly minorUnits: number; readonly timeZone: string; readonly reporterCountry: string; readonly languages: readonly string[] }
export interface Session { readonly name: string; readonly roles: readonly string[]; readonly permissions: readonly string[]; readonly csrfToken: string; readonly expiresAt: string; readonly profile: Profile; readonly oidc: boolean }
export interface SessionOptions { readonly oidc: boolean; readonly languages: readonly string[] }

export type LightLevel = 'green' | 'amber' | 'red';
export interface Finding { readonly code: string; readonly level: LightLevel; readonly text: { readonly en: string; readonly fr: string }; readonly runbook?: string }
export interface Counts { readonly lastHour: number; readonly last24Hours: number }
export interface Now {
  readonly at: string;
  readonly light: { readonly level: LightLevel; readonly findings: readonly Finding[] };
  readonly declarationsPerMinute: number;
  readonly perMinute: readonly { readonly minute: string; readonly declarations: number }[];
  readonly revenue: {
    readonly currency: string; readonly today: string; readonly lastHour: string; readonly last24Hours: string;
    readonly hourWeekEarlier: string; readonly last24HoursWeekEarlier: string;
  };
  readonly refusals: Counts;
  readonly alerts: Counts | null;
  readonly newestEventAt: string | null;
  readonly newestEventAgeMs: number | null;
  readonly status: string;
}

export type FigureView = 'revenue' | 'statistics';
export type Cell = string | number | null | Readonly<Record<string, string>>;
export type FigureRow = Readonly<Record<string, Cell>>;
export interface ClosedMonth { readonly period: string; readonly closedBy: string; readonly closedAt: string; readonly digest: string; readonly offsets: Readonly<Record<string, string>> }
export interface Figures {
  readonly view: string;
  readonly period: { readonly kind: string; readonly length?: string; readonly from: string; readonly to: string };
  readonly by: readonly string[];
  readonly where: Readonly<Record<string, string>>;
  readonly currency: string;
  readonly status: string;
  readonly definitions: string;
  readonly asOf: { readonly streamTime: string | null; readonly offsets: Readonly<Record<string, string>> };
  readonly closed?: readonly ClosedMonth[];
  readonly adjusted?: boolean;
  readonly onlyAdjustments?: true;
  readonly rows: readonly FigureRow[];
  readonly totals: FigureRow;
}
export interface Combination { readonly id: string; readonly dimensions: readonly string[]; readonly grains: readonly string[] }
export interface Cube { readonly measures: readonly string[]; readonly combinations: readonly Combination[] }
export interface Cubes { readonly views: Readonly<Record<string, Cube>> }

export interface Seal { readonly closedBy: string; readonly closedAt: string; readonly digest: string; readonly definitions: string; readonly hashes: number; readonly fields: number }
export interface Month { readonly period: string; readonly from: string; readonly to: string; readonly status: string; readonly definitions: string | null; readonly seal: Seal | null }
/** `revenueChanged`, null: not closed, or not compared. */
export interface MonthList { readonly periods: readonly (Month & { readonly revenueChanged: boolean | null })[] }
export type Hindrance = 'already-closed' | 'closing-elsewhere' | 'empty' | 'catching-up' | 'provisional' | 'contradictions';
export interface SinceClosed { readonly view: FigureView; readonly changed: boolean | null; readonly totals: FigureRow | null }
export interface MonthDetail extends Month {
  readonly hindrance: { readonly reason: Hindrance; readonly message: string } | null;
  readonly progress: { readonly by: string; readonly done: number; readonly total: number } | null;
  readonly since: readonly SinceClosed[];
}

export type DecisionState = 'open' | 'cleared' | 'held';
export interface Decision { readonly state: DecisionState; readonly reason: string; readonly by: string; readonly at: string }
export interface Alert {
  readonly alertId: string; readonly declarationId: string; readonly version: number; readonly itemNumber: number; readonly at: string;
  readonly office: string; readonly flow: string; readonly partner: string; readonly level: number; readonly listId: string; readonly listVersion: string;
  readonly rowId: string; readonly substance: string; readonly evidence: readonly string[]; readonly explanation: string; readonly lookBack?: boolean;
  readonly decision?: Decision | null;
}
export interface AlertPage { readonly alerts: readonly Alert[]; readonly next: string | null; readonly counts: Readonly<Record<DecisionState, number>>; readonly forgotten?: number }
export interface TradeOfMonth { readonly month: string; readonly items: number; readonly netMassKg: string; readonly meanKg: string | null }
export interface UsualTrade {
  readonly months: number; readonly items: number; readonly netMassKg: string; readonly value: string;
  readonly meanKg: string | null; readonly medianOfMonthsKg: string | null; readonly highestMonth: { readonly month: string; readonly meanKg: string } | null; readonly timesMean: string | null;
  readonly byMonth: readonly TradeOfMonth[];
}
export interface DeclaredItem { readonly netMassKg: string; readonly quantity: { readonly value: string; readonly unit: string } | null }
export interface AlertDetail { readonly alert: Alert; readonly decisions: readonly Decision[]; readonly declared: DeclaredItem | null; readonly usual: UsualTrade | null }

export interface Reject {
  readonly rejectId: string; readonly stage: string; readonly code: string; readonly message: string; readonly topic: string;
  readonly partition: number; readonly offset: number; readonly declarationId?: string; readonly at: string; readonly codes: readonly string[];
}
export interface RejectCount { readonly stage: string; readonly code: string; readonly count: number }
export interface RejectPage { readonly rejects: readonly Reject[]; readonly next: string | null; readonly counts: readonly RejectCount[] }
export interface RejectDetail { readonly reject: Reject; readonly content: unknown }
export interface RedriveAnswer { readonly selected: number; readonly sent: number; readonly skipped: readonly unknown[]; readonly sample: readonly unknown[] }

export interface AuditEntry { readonly auditId: string; readonly at: string; readonly by: string; readonly roles: readonly string[]; readonly action: string; readonly subject: string; readonly outcome: string; readonly detail: string }
export interface AuditPage { readonly audit: readonly AuditEntry[]; readonly next: string | null; readonly actions: readonly string[] }

export interface PartitionLag { readonly declarations: number; readonly seconds: number | null; readonly value: string | null }
export interface LagTrend { readonly direction: 'even' | 'clearing' | 'standing' | 'growing' | 'unknown'; readonly clearsInSeconds: number | null; readonly points: readonly number[] }
export interface ServiceStatus {
  readonly name: string; readonly pid: number | null; readonly state: string; readonly lag: Readonly<Record<string, number>> | null;
  readonly newestEventAt: string | null; readonly reason?: string;
  readonly stoppedPartitions?: Readonly<Record<string, string>>; readonly alarms?: Readonly<Record<string, string>>;
  readonly replicas?: number; readonly withoutLag?: true;
  readonly lagSeconds?: number | null; readonly lagDeclarations?: number | null; readonly lagTrend?: LagTrend; readonly lagByPartition?: Readonly<Record<string, PartitionLag>>;
}
export interface Books {
  readonly raw: number | null; readonly counted: number | null; readonly leftOut: number | null; readonly refused: number | null; readonly ignored: number | null; readonly balanced: boolean | null;
}
export interface TopicStatus { readonly name: string; readonly partitions: readonly { readonly partition: number; readonly start: number; readonly end: number }[] }
export interface Status { readonly services: readonly ServiceStatus[]; readonly books: Books; readonly drained: boolean; readonly outside?: readonly string[]; readonly topics?: readonly TopicStatus[] }
export interface ReferenceDocument { readonly kind: string; readonly id: string; readonly version: string; readonly title: string; readonly validFrom: string; readonly loadedAt: string }

export interface TailRow {
  readonly declarationId: string; readonly version: number; readonly status: string; readonly office: string; readonly flow: string; readonly procedure: string;
  readonly partner: string; readonly at: string; readonly items: number; readonly hs6: readonly string[];
  readonly invoice: { readonly amount: string; readonly currency: string } | null; readonly assessed: string; readonly dropped?: number;
}

export interface LogPlace { readonly topic: string; readonly partition: number; readonly offset: number }
export interface Payment { readonly taxType: string; readonly measure: string; readonly amount: string; readonly paidAt: string }
/** Null hits: not for this session. */
export interface Hit { readonly itemNumber: number; readonly listId: string; readonly listVersion: string; readonly rowId: string; readonly substance: string; readonly level: number }
export interface Contribution {
  readonly declarationId: string; readonly version: number; readonly status: string; readonly office: string; readonly amounts: FigureRow;
  readonly countsAt: readonly string[]; readonly datesInAll: number; readonly raw: LogPlace; readonly counted: LogPlace;
  readonly payments: readonly Payment[]; readonly paymentsInAll: number;
  /** Null: the log has it no more, or did not answer. */
  readonly details: { readonly definitions: string; readonly referenceSet: string; readonly codes: readonly string[]; readonly hits: readonly Hit[] | null } | null;
}
export interface Revision { readonly revision: number; readonly generation: number; readonly at: string; readonly status: string; readonly amounts: FigureRow; readonly offsets: Readonly<Record<string, string>> }
/** `figure`: of closed months what was signed off, `current` with what came since; `explained`: what all declarations add up to. */
export interface Explanation extends Pick<Figures, 'view' | 'period' | 'where' | 'currency' | 'status' | 'definitions' | 'asOf' | 'closed'> {
  readonly figure: FigureRow; readonly adjustment?: FigureRow; readonly current: FigureRow; readonly explained: FigureRow; readonly addsUp: boolean;
  readonly declarations: number; readonly contributions: readonly Contribution[]; readonly remaining?: { readonly declarations: number; readonly amounts: FigureRow };
  readonly revisions: readonly Revision[] | null; readonly next: string | null; readonly logRead: boolean;
}
export interface TouchedCell { readonly view: string; readonly grain: string; readonly period: string; readonly where: Readonly<Record<string, string>>; readonly measure: string; readonly unit?: string; readonly amount: string | number }
export interface DeclarationVersion { readonly at: string; readonly raw: Pick<LogPlace, 'partition' | 'offset'>; readonly version: number | null; readonly status: string | null; readonly outcome: string; readonly codes: readonly string[]; readonly changed: number }
export interface TracedDeclaration {
  readonly declarationId: string; readonly currency: string; readonly version: number | null; readonly status: string | null;
  readonly cells: readonly TouchedCell[]; readonly cellsInAll: number; readonly history: readonly DeclarationVersion[] | null; readonly historyMissing: 'too-long' | 'away' | null;
}
