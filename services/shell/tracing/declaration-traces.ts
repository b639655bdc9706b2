/**
 * One span for each stage that a sampled declaration passes: the one before it is its parent, and the trace id follows
 * from the raw record. A span for each record would cost more than the decisions; one for each batch would lead nowhere.
 */
import type { Span, SpanKind, Tracer } from '@opentelemetry/api';
import type * as Api from '@opentelemetry/api';
import { consumerGroup, rawTopic, rejectedTopic, type StageName } from '../../topology';
import type { OutgoingRecord, SourceRecord, TopicPartition } from '../ports';
import type { Traces, TurnTraces } from '../traces';
import { attributes, KAFKA, PROCESS } from './names';
import { contextOf, isSampled, spanIdOf, traceIdOf, traceparent, type TraceContext } from './trace-context';

/** Gives the ids that were laid down for the next span. */
export class LaidDownIds {
  traceId = '';
  spanId = '';
  generateTraceId(): string { return this.traceId; }
  generateSpanId(): string { return this.spanId; }
}

export interface TracingParts {
  readonly api: typeof Api;
  readonly tracer: Tracer;
  readonly ids: LaidDownIds;
  /** Sends and closes what is behind the tracer. */
  readonly shutdown: () => Promise<void>;
}

const CONSUMER: SpanKind.CONSUMER = 4;

export class DeclarationTraces implements Traces {
  constructor(private readonly stage: StageName, private readonly ratio: number, private readonly parts: TracingParts) {}

  turn(): TurnTraces {
    const spans: Span[] = [];
    return {
      passed: (target, record, outgoing, from) => { if (outgoing.length > from && this.isFollowed(target, record)) spans.push(this.pass(target, record, outgoing, from)); },
      arrived: (target, record) => { if (this.isFollowed(target, record)) spans.push(this.begin(target, record, 'applied').span); },
      end: () => { for (const span of spans) span.end(); },
    };
  }

  /** Traces begin at the raw topic; behind it, what comes without a context was not sampled. */
  private isFollowed({ topic, partition }: TopicPartition, record: SourceRecord): boolean {
    if (record.headers.length > 0) {
      const context = contextOf(record);
      if (context) return context.sampled;
    }
    return topic === rawTopic && isSampled(partition, record.offset, this.ratio);
  }

  private pass(target: TopicPartition, record: SourceRecord, outgoing: OutgoingRecord[], from: number): Span {
    const refused = outgoing.slice(from).some(({ topic }) => topic === rejectedTopic);
    const { span, context } = this.begin(target, record, refused ? 'refused' : 'passed');
    for (let index = from; index < outgoing.length; index++) {
      const sent = outgoing[index] as OutgoingRecord;
      outgoing[index] = { ...sent, headers: [...(sent.headers ?? []), traceparent(context)] };
    }
    return span;
  }

  private begin(target: TopicPartition, record: SourceRecord, outcome: 'passed' | 'refused' | 'applied'): { readonly span: Span; readonly context: TraceContext } {
    const { topic, partition } = target;
    const parent = contextOf(record);
    const traceId = parent?.traceId ?? traceIdOf({ partition, offset: record.offset, timestamp: record.timestamp });
    const context: TraceContext = { traceId, spanId: spanIdOf(traceId, `${this.stage} ${parent?.spanId ?? ''}`), sampled: true };
    const span = this.span(target, record, parent, context);
    span.setAttribute(attributes.outcome, outcome);
    if (topic === rawTopic) span.setAttributes({ [attributes.originPartition]: partition, [attributes.originOffset]: record.offset });
    return { span, context };
  }

  private span({ topic, partition }: TopicPartition, record: SourceRecord, parent: TraceContext | undefined, { traceId, spanId }: TraceContext): Span {
    const { api, tracer, ids } = this.parts;
    ids.traceId = traceId;
    ids.spanId = spanId;
    const around = parent ? api.trace.setSpanContext(api.ROOT_CONTEXT, { traceId, spanId: parent.spanId, traceFlags: api.TraceFlags.SAMPLED, isRemote: true }) : api.ROOT_CONTEXT;
    return tracer.startSpan(`${PROCESS} ${topic}`, {
      kind: CONSUMER,
      attributes: {
        [attributes.system]: KAFKA, [attributes.destination]: topic, [attributes.partition]: String(partition), [attributes.offset]: record.offset,
        [attributes.consumerGroup]: consumerGroup(this.stage), [attributes.operationName]: PROCESS, [attributes.operationType]: PROCESS, [attributes.bodySize]: record.value?.length ?? 0,
      },
    }, around);
  }

  stop(): Promise<void> { return this.parts.shutdown(); }
}
