/** What people may change: each act is one event or one command of the house, and stands in the audit log with its outcome. */
import { randomUUID } from 'node:crypto';
import { closeMonth } from '../closing/close-month';
import { ClosedRecords } from '../closing/closed-records';
import type { Seal } from '../closing/closed-period';
import { hindranceOf, whyNotClosed } from '../closing/why-not-closed';
import { eventState, shownDecision, type AlertDecision, type AlertState, type ShownDecision } from '../alerts/decision';
import { limits } from '../limits';
import type { RejectHead } from '../redrive/reject-list';
import { redrive, type Redriven } from '../redrive/redrive';
import { avroType, Encoder } from '../shell/avro/codec';
import { topicSchema } from '../shell/avro/schema-files';
import type { Log, LogInspector, OutgoingRecord, SchemaSource, Sink } from '../shell/ports';
import { ownSchemaId } from '../shell/stage-codec';
import { within } from '../shell/within';
import { auditTopic, decisionTopic, rawTopic, type TopicName } from '../topology';
import type { Person } from './access/signed-claims';
import { ApiError } from './api/api-error';
import type { Figures } from './live/figures';

/** A value of customs.audit.v1. `detail`: a code and its values, which pages say in the reader's language (audit-detail.ts), or a digest. */
export interface AuditEntry {
  readonly auditId: string; readonly at: number; readonly actor: string; readonly roles: readonly string[];
  readonly action: string; readonly subject: string; readonly outcome: 'done' | 'refused' | 'failed'; readonly detail: string;
}
export type Act = Pick<AuditEntry, 'action' | 'subject' | 'outcome'> & { readonly detail?: string };

export interface ActParts {
  readonly log: Log;
  readonly registry: SchemaSource;
  readonly figures: Figures;
  readonly inspector: () => Promise<LogInspector>;
  readonly nowMs: () => number;
  readonly onAuditLost: (entry: AuditEntry, reason: string) => void;
}

/** How far a closing is: tables that were sent, of all. */
export interface ClosingProgress { readonly by: string; readonly done: number; readonly total: number }

export class Acts {
  private readonly encoders = new Map<TopicName, Promise<Encoder>>();
  private sink: Promise<Sink> | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private redriving = false;
  private readonly closings = new Map<string, ClosingProgress>();

  constructor(private readonly parts: ActParts) {}

  /** Sent together with its audit entry: neither stands without the other where both are acknowledged. */
  async decide(person: Person, alertId: string, state: AlertState, reason: string): Promise<{ readonly decision: AlertDecision; readonly shown: ShownDecision }> {
    const decision: AlertDecision = { decisionId: randomUUID(), alertId, state: eventState(state), reason, decidedBy: person.name, decidedAt: this.parts.nowMs() };
    const partitions = await this.partitionsOf(decisionTopic);
    const record = { topic: decisionTopic, partition: this.parts.log.partitionOf(alertId, partitions), key: alertId, value: await this.encode(decisionTopic, decision) };
    await this.send([record, await this.auditRecord(this.entry(person, { action: 'decide:alerts', subject: alertId, outcome: 'done', detail: state }))]);
    return { decision, shown: shownDecision(decision) };
  }

  /** @throws ApiError when another one is under way. */
  async redrive(person: Person, chosen: readonly RejectHead[], subject: string): Promise<Redriven> {
    if (this.redriving) throw new ApiError('conflict', 'refusals are being sent again already: wait for the end of that');
    this.redriving = true;
    try {
      return await this.audited(person, 'redrive', subject, async () => {
        const partitions = await this.partitionsOf(rawTopic);
        const inspector = await this.parts.inspector();
        const answer = await within(limits.topicReadMs, redrive(chosen, { inspector, sink: { send: (records) => this.send(records) }, partitionOf: (key) => this.parts.log.partitionOf(key, partitions) }));
        return { answer, outcome: 'done', detail: `redriven sent=${answer.sent} alike=${answer.alike} missing=${answer.missing.length}` };
      });
    } finally {
      this.redriving = false;
    }
  }

  /** @throws ApiError that says why the month is not closed. */
  async close(person: Person, month: string): Promise<Seal> {
    if (this.closings.has(month)) throw new ApiError('conflict', whyNotClosed(month, { closingElsewhere: true }));
    const say = (done: number, total: number): void => { this.closings.set(month, { by: person.name, done, total }); };
    say(0, 0);
    try {
      return await this.closeAudited(person, month, say);
    } finally {
      this.closings.delete(month);
    }
  }

  /** Undefined: nobody closes it here now. */
  closingOf(month: string): ClosingProgress | undefined { return this.closings.get(month); }

  private closeAudited(person: Person, month: string, onProgress: (done: number, total: number) => void): Promise<Seal> {
    return this.audited(person, 'close:period', month, async () => {
      const { figures, registry } = this.parts;
      const records = await within(limits.consoleCallMs, ClosedRecords.create(registry));
      const sink = await this.openSink();
      const { reader, closed } = await within(limits.consoleCallMs, figures.stores());
      const outcome = await within(limits.topicReadMs, closeMonth({ month, closedBy: person.name, nowMs: this.parts.nowMs(), cubes: figures.cubes, calendar: figures.calendar, graceMs: figures.graceMs }, {
        reader, closed, records, inspector: await this.parts.inspector(), sink: { send: (sent) => this.send(sent), close: () => sink.close() }, onProgress,
      }));
      if (!('seal' in outcome)) throw new ApiError('disagreements' in outcome ? 'contradictory' : 'conflict', whyNotClosed(month, outcome), hindranceOf(outcome));
      return { answer: outcome.seal, outcome: 'done', detail: outcome.seal.digest };
    });
  }

  /** For what must happen whether the log can be written or not, such as signing in: a lost entry goes to the service's own log. */
  note(person: Person, act: Act): void {
    const entry = this.entry(person, act);
    this.auditRecord(entry).then((record) => this.send([record])).catch((error: unknown) => this.parts.onAuditLost(entry, (error as Error).message));
  }

  async stop(): Promise<void> { await (await this.sink?.catch(() => undefined))?.close(); }

  private async audited<Answer>(person: Person, action: string, subject: string, act: () => Promise<{ readonly answer: Answer } & Pick<AuditEntry, 'outcome' | 'detail'>>): Promise<Answer> {
    /** What cannot be noted is not done. */
    const encoder = await this.encoderOf(auditTopic);
    try {
      const { answer, outcome, detail } = await act();
      await this.send([auditOutgoing(encoder, this.entry(person, { action, subject, outcome, detail }))]);
      return answer;
    } catch (error) {
      const refused = error instanceof ApiError;
      this.note(person, { action, subject, outcome: refused ? 'refused' : 'failed', detail: refused ? error.reason : 'see-log' });
      throw error;
    }
  }

  private entry({ name, roles }: Person, { action, subject, outcome, detail = '' }: Act): AuditEntry {
    return { auditId: randomUUID(), at: this.parts.nowMs(), actor: name, roles, action, subject, outcome, detail };
  }

  private async auditRecord(entry: AuditEntry): Promise<OutgoingRecord> { return auditOutgoing(await this.encoderOf(auditTopic), entry); }

  private async encode(topic: TopicName, value: object): Promise<Buffer> { return (await this.encoderOf(topic)).encode(value); }

  private encoderOf(topic: TopicName): Promise<Encoder> {
    const known = this.encoders.get(topic) ?? ownSchemaId(this.parts.registry, topic).then((id) => new Encoder(id, avroType(topicSchema(topic))));
    this.encoders.set(topic, known);
    known.catch(() => this.encoders.delete(topic));
    return within(limits.consoleCallMs, known);
  }

  private async partitionsOf(topic: TopicName): Promise<number> {
    const inspector = await this.parts.inspector();
    return (await within(limits.consoleCallMs, inspector.offsets(topic))).length;
  }

  private openSink(): Promise<Sink> { return (this.sink ??= this.parts.log.sink()); }

  /** A sink takes one send at a time. */
  private async send(records: readonly OutgoingRecord[]): ReturnType<Sink['send']> {
    const sink = await this.openSink();
    const sent = this.last.then(() => sink.send(records));
    this.last = sent.catch(() => undefined);
    return within(limits.consoleCallMs, sent);
  }
}

const auditOutgoing = (encoder: Encoder, entry: AuditEntry): OutgoingRecord => ({ topic: auditTopic, partition: 0, key: entry.auditId, value: encoder.encode(entry) });
