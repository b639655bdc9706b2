/** What the console keeps of topics: alerts, decisions, refusals, reference data, the audit log; and a sample of what is accepted. */
import type { Logger } from 'pino';
import type { AlertDecision } from '../../alerts/decision';
import type { AcceptedDeclaration, PrecursorAlert } from '../../domain/declaration';
import { unreadByList, type RejectHead } from '../../redrive/reject-list';
import type { ReferenceCatalogue } from '../../reference/catalogue';
import { documentName } from '../../reference/documents';
import type { Log, TailReader } from '../../shell/ports';
import { isNamespaceKind } from '../../shell/namespace-events';
import { documentOf, type ReferenceRecord } from '../../shell/reference-records';
import { patiently } from '../../shell/waiting';
import { alertTopic, auditTopic, decisionTopic, flow, referenceTopic, rejectedTopic, type TopicName } from '../../topology';
import { alertList } from '../../alerts/alert-list';
import type { AuditEntry } from '../acts';
import type { ConsoleParts } from '../api/parts';
import type { Collector } from './collector';
import { followTopics, type Followed } from './topic-follower';
import type { Waits } from './waits';

const ACCEPTED: TopicName = flow[0]?.output as TopicName;
/** Until they are read to the end seen at start, lists lack some. */
export const LISTS = 'topics';

export interface FollowedBooks extends Pick<ConsoleParts, 'alerts' | 'refusals' | 'audit' | 'pages' | 'registry' | 'nowMs'> {
  readonly reference: { readonly catalogue: ReferenceCatalogue; readonly loadedAt: Map<string, number> };
  readonly log: Log;
  readonly collector: Collector;
  readonly logger: Logger;
}

export class FollowedTopics {
  private readonly readers: TailReader[] = [];
  private stopped = false;

  constructor(private readonly books: FollowedBooks, private readonly waits: Waits) { waits.set(LISTS, 'are being read'); }

  /** Resolves when all lists are read; tries as long as it takes. */
  async start(): Promise<void> {
    const { log, registry } = this.books;
    for (const [followed, from] of [[this.lists(), 'beginning'], [[this.declarations()], 'end']] as const) {
      const reader = await patiently((trouble) => this.waits.set('kafka', trouble), 'or the registry', () => followTopics(log, registry, followed, from), () => this.stopped);
      if (!reader) return;
      this.readers.push(reader);
      this.waits.set(LISTS, undefined);
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const reader of this.readers) await reader.stop();
  }

  private lists(): Followed[] {
    const { alerts, refusals, audit } = this.books;
    return [
      { topic: alertTopic, unread: ['traderToken', 'referenceSet'], take: (value) => this.alert(value as PrecursorAlert) },
      { topic: decisionTopic, take: (value) => alerts.decide(value as AlertDecision) },
      { topic: rejectedTopic, unread: unreadByList, take: (value, { partition, offset }) => refusals.add(value as RejectHead, { partition, offset }) },
      { topic: referenceTopic, take: (value, { timestamp }) => this.document(value as ReferenceRecord, timestamp) },
      { topic: auditTopic, take: (value) => audit.add(value as AuditEntry) },
    ];
  }

  private declarations(): Followed {
    const { collector, nowMs } = this.books;
    let dropped: number | undefined;
    return { topic: ACCEPTED, wants: () => { dropped = collector.sampled(nowMs()); return dropped !== undefined; }, take: (value) => collector.declaration(value as AcceptedDeclaration, dropped ?? 0) };
  }

  /** Alerts of the past fill the list; those that come from now on are told besides. */
  private alert(alert: PrecursorAlert): void {
    const { alerts, pages } = this.books;
    if (!alerts.add(alert) || this.waits.has(LISTS)) return;
    const [shown] = alertList([alert]);
    if (shown) pages.publish('alert', { ...shown, decision: alerts.decisionsOn(alert.alertId).at(-1) ?? null });
  }

  private document(record: ReferenceRecord, timestamp: number): void {
    const { reference, logger } = this.books;
    if (isNamespaceKind(record.kind)) return;
    const addition = reference.catalogue.add(documentOf(record));
    if (addition.outcome === 'refused') { logger.warn({ reason: addition.reason }, 'a reference document is not in force'); return; }
    reference.loadedAt.set(documentName(addition.document), timestamp);
  }
}
