/** A declaration that is followed from the raw topic into the figures, by spans that a collector would get; and the bytes that stay as they were. */
import * as api from '@opentelemetry/api';
import { AlwaysOnSampler, InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import { InMemorySystem } from '../../services/local/in-memory-system';
import { avroType, Encoder } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import { readConfig } from '../../services/shell/config';
import type { SourceRecord } from '../../services/shell/ports';
import { ownSchemaId } from '../../services/shell/stage-codec';
import { DeclarationTraces, LaidDownIds } from '../../services/shell/tracing/declaration-traces';
import { contextOf, isSampled, spanIdOf, traceIdOf, traceparent } from '../../services/shell/tracing/trace-context';
import { rawTopic, rejectedTopic, type TopicName } from '../../services/topology';
import { raw } from '../support/declarations';

jest.setTimeout(60_000);
const config = readConfig({ TIDEWAITER_PARTITIONS: '1', TIDEWAITER_PROFILE: 'CD', TIDEWAITER_LEDGER_BUCKETS: '16' });
const given = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
const now = Date.now() - 3_600_000;

/** Spans, and all records by topic, of a flow with such a share of traces; undefined: none are made. */
async function flowed(ratio: number | undefined, declarations: readonly { readonly id: string; readonly sampled?: boolean; readonly bytes?: Buffer }[]) {
  const exporter = new InMemorySpanExporter();
  const system = await InMemorySystem.start(config, (name) => {
    if (ratio === undefined) return {};
    const ids = new LaidDownIds();
    const provider = new NodeTracerProvider({ idGenerator: ids, sampler: new AlwaysOnSampler(), spanProcessors: [new SimpleSpanProcessor(exporter)] });
    return { traces: new DeclarationTraces(name, ratio, { api, ids, tracer: provider.getTracer('test'), shutdown: () => provider.shutdown() }) };
  });
  const encoder = new Encoder(await ownSchemaId(system.neighbours.registry(), rawTopic), avroType(topicSchema(rawTopic)));
  const sink = await system.neighbours.log().sink();
  for (const { id, sampled, bytes } of declarations) {
    const value = bytes ?? encoder.encode(raw({ declarationId: id, eventId: `${id}/1`, occurredAt: now, acceptedAt: now }));
    await sink.send([{ topic: rawTopic, partition: 0, key: id, value, ...(sampled === undefined ? {} : { headers: [traceparent({ ...given, sampled })] }) }]);
  }
  await system.drained();
  const records: Partial<Record<TopicName, SourceRecord[]>> = {};
  const inspector = await system.neighbours.log().inspector();
  for (const topic of ['customs.declarations.accepted.v1', 'customs.declarations.standardized.v1', 'customs.declarations.enriched.v1', rejectedTopic] as const) {
    await inspector.readAll(topic, (_partition, record) => (records[topic] ??= []).push(record));
  }
  await inspector.close();
  await system.stop();
  return { spans: exporter.getFinishedSpans(), records };
}

const chain = [rawTopic, 'customs.declarations.accepted.v1', 'customs.declarations.standardized.v1', 'customs.declarations.enriched.v1'];

test('one declaration is one trace through all topics, each stage the child of the one before it', async () => {
  const { spans } = await flowed(1, [{ id: 'D1' }]);
  expect(spans.map(({ name }) => name)).toEqual(chain.map((topic) => `process ${topic}`));
  const [first] = spans;
  expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(1);
  spans.forEach((span, index) => expect(span.parentSpanContext?.spanId).toBe(spans[index - 1]?.spanContext().spanId));
  expect(first?.attributes).toMatchObject({ 'messaging.system': 'kafka', 'messaging.destination.name': rawTopic, 'messaging.destination.partition.id': '0', 'kafka.offset': 0, 'messaging.consumer.group.name': 'tidewaiter.ingest', 'messaging.operation.type': 'process' });
  expect(spans.map(({ attributes }) => attributes['tidewaiter.outcome'])).toEqual(['passed', 'passed', 'passed', 'applied']);
  expect(JSON.stringify(spans.map(({ attributes }) => attributes))).not.toMatch(/D1|TRADER|AGENT/);
});

test('a refusal is followed into the figures too', async () => {
  const { spans } = await flowed(1, [{ id: 'N', bytes: Buffer.from('no frame') }]);
  expect(spans.map(({ name, attributes }) => [name, attributes['tidewaiter.outcome']])).toEqual([[`process ${rawTopic}`, 'refused'], [`process ${rejectedTopic}`, 'applied']]);
});

test('a trace that a gateway began goes on, whatever the ratio; one that it did not sample is not followed', async () => {
  const { spans } = await flowed(0, [{ id: 'D1', sampled: true }, { id: 'D2', sampled: false }, { id: 'D3' }]);
  expect(spans).toHaveLength(chain.length);
  expect([spans[0]?.spanContext().traceId, spans[0]?.parentSpanContext?.spanId]).toEqual([given.traceId, given.spanId]);
});

test('values are the same bytes with and without traces, and without there is no header', async () => {
  const declarations = [{ id: 'D1' }, { id: 'D2' }];
  const [off, on] = [await flowed(undefined, declarations), await flowed(1, declarations)];
  const enriched = 'customs.declarations.enriched.v1';
  expect(off.records[enriched]?.map(({ headers }) => headers)).toEqual([[], []]);
  expect(on.records[enriched]?.every((record) => contextOf(record)?.sampled)).toBe(true);
  expect(on.records[enriched]?.map(({ value }) => value?.length)).toEqual(off.records[enriched]?.map(({ value }) => value?.length));
});

test('ids follow from the place in the log: what a crash repeats carries the same header', () => {
  const origin = { partition: 3, offset: 41, timestamp: 1_000 };
  const traceId = traceIdOf(origin);
  expect([traceId, spanIdOf(traceId, 'ingest ')]).toEqual([traceIdOf({ ...origin }), spanIdOf(traceId, 'ingest ')]);
  expect(traceIdOf({ ...origin, timestamp: 1_001 })).not.toBe(traceId);
  expect(contextOf({ headers: [traceparent({ ...given, sampled: true })] })).toEqual({ ...given, sampled: true });
  expect(contextOf({ headers: [{ key: 'traceparent', value: Buffer.from('00-00000000000000000000000000000000-b7ad6b7169203331-01') }] })).toBeUndefined();
  expect(contextOf({ headers: [{ key: 'traceparent', value: Buffer.from('nonsense') }] })).toBeUndefined();
});

test.each([0, 0.01, 0.5, 1])('a share of %s of the raw records is followed, and the same ones again', (ratio) => {
  let followed = 0;
  for (let offset = 0; offset < 100_000; offset++) if (isSampled(offset % 4, offset, ratio)) followed++;
  expect(Math.abs(followed / 100_000 - ratio)).toBeLessThan(0.005);
});
