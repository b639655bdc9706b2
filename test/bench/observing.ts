/**
 * What being watched costs, in microseconds of processor time for each record of ingest: nothing on, metrics, traces of
 * several shares. Each way is run in turns with the others, and the least of its turns counts. Run: node dist/test/bench/observing.js
 */
import * as api from '@opentelemetry/api';
import { AlwaysOnSampler, BatchSpanProcessor, InMemorySpanExporter, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import Table from 'cli-table3';
import { tmpdir } from 'node:os';
import { decideIngest } from '../../services/ingest/decide';
import { avroType, Decoder, Encoder } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import type { Measurements } from '../../services/shell/measurements';
import { silentMeasurements } from '../../services/shell/measurements';
import { PrometheusMeasurements } from '../../services/shell/metrics/prometheus';
import type { OutgoingRecord, SourceRecord } from '../../services/shell/ports';
import { StateReporter } from '../../services/shell/service-state';
import type { Traces } from '../../services/shell/traces';
import { DeclarationTraces, LaidDownIds } from '../../services/shell/tracing/declaration-traces';
import { rawTopic } from '../../services/topology';
import { pseudonymise, raw, time } from '../support/declarations';

const TURNS = 20;
const RECORDS = 500;
const ROUNDS = 9;

const output = 'customs.declarations.accepted.v1';
const encoder = new Encoder(1, avroType(topicSchema(rawTopic)));
const target = { topic: rawTopic, partition: 0 } as const;
const records: SourceRecord[] = Array.from({ length: RECORDS }, (_, offset) => ({ offset, timestamp: time('2026-12-01T00:00:00Z'), key: null, headers: [], value: encoder.encode(raw({ declarationId: `D${offset}`, eventId: `D${offset}/1` })) }));

interface Way { readonly name: string; readonly measurements: Measurements; readonly traces: Traces | undefined }

function traced(ratio: number): Traces {
  const ids = new LaidDownIds();
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({ idGenerator: ids, sampler: new AlwaysOnSampler(), spanProcessors: [new BatchSpanProcessor(exporter)] });
  return new DeclarationTraces('ingest', ratio, { api, ids, tracer: provider.getTracer('bench'), shutdown: async () => exporter.reset() });
}

const prometheus = (): Measurements => new PrometheusMeasurements('ingest', new StateReporter(tmpdir(), 'ingest'));
const ways: readonly Way[] = [
  { name: 'nothing', measurements: silentMeasurements, traces: undefined },
  { name: 'nothing, once more', measurements: silentMeasurements, traces: undefined },
  { name: 'metrics', measurements: prometheus(), traces: undefined },
  { name: 'metrics, traces of 0', measurements: prometheus(), traces: traced(0) },
  { name: 'metrics, traces of 0.01', measurements: prometheus(), traces: traced(0.01) },
  { name: 'metrics, traces of all', measurements: prometheus(), traces: traced(1) },
];

async function main(): Promise<void> {
  const decoder = new Decoder<Parameters<typeof decideIngest>[0]>(avroType(topicSchema(rawTopic)), { latest: async () => undefined, byId: async () => JSON.stringify(topicSchema(rawTopic)) });
  await decoder.prepare(records.map(({ value }) => value), 0);
  const accepted = new Encoder(2, avroType(topicSchema(output)));
  const turn = ({ measurements, traces: made }: Way): void => {
    const outgoing: OutgoingRecord[] = [];
    const traces = made?.turn();
    for (const record of records) {
      const from = outgoing.length;
      const decoded = decoder.decode(record.value);
      if ('failure' in decoded) throw new Error(decoded.detail);
      const outcome = decideIngest(decoded.value, { ...target, offset: record.offset, timestamp: record.timestamp }, pseudonymise);
      if (outcome.kind !== 'emit') throw new Error('refused');
      outgoing.push({ topic: output, partition: 0, key: outcome.key, value: accepted.encode(outcome.addition) });
      traces?.passed(target, record, outgoing, from);
    }
    traces?.end();
    measurements.turn({ batches: [{ ...target, from: 0, next: RECORDS, end: RECORDS, records }], records: RECORDS, sent: outgoing, refused: [], seconds: 0.02 });
  };
  const least = ways.map(() => Infinity);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, way] of ways.entries()) {
      const before = process.cpuUsage();
      for (let count = 0; count < TURNS; count++) turn(way);
      const { user, system } = process.cpuUsage(before);
      if (round > 0) least[index] = Math.min(least[index] ?? Infinity, (user + system) / (TURNS * RECORDS));
      await way.traces?.stop();
    }
  }
  const table = new Table({ head: ['on', 'µs for each record'], style: { head: [] }, colAligns: ['left', 'right'] });
  for (const [index, { name }] of ways.entries()) table.push([name, (least[index] ?? 0).toFixed(2)]);
  process.stdout.write(`${table.toString()}\n`);
}

void main();
