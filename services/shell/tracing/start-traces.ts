/** Loads OpenTelemetry where a collector is named, and nothing of it elsewhere. */
import type { Logger } from 'pino';
import { limits } from '../../limits';
import type { StageName } from '../../topology';
import type { Config } from '../config';
import type { Traces } from '../traces';
import { DeclarationTraces, LaidDownIds } from './declaration-traces';
import { attributes } from './names';

/** Undefined: no traces. What cannot be sent to the collector is given up; figures wait for nothing here. */
export async function startTraces(stage: StageName, { TIDEWAITER_OTLP_ENDPOINT: endpoint, TIDEWAITER_TRACE_RATIO: ratio }: Config, logger: Logger): Promise<Traces | undefined> {
  if (endpoint === undefined) return undefined;
  const [api, { BatchSpanProcessor, NodeTracerProvider, AlwaysOnSampler }, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/api'), import('@opentelemetry/sdk-trace-node'), import('@opentelemetry/exporter-trace-otlp-http'), import('@opentelemetry/resources'),
  ]);
  const say = (message: string): void => logger.warn({ message }, 'traces');
  api.diag.setLogger({ error: say, warn: say, info: () => undefined, debug: () => undefined, verbose: () => undefined }, { logLevel: api.DiagLogLevel.WARN });
  const ids = new LaidDownIds();
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces`, timeoutMillis: limits.traceExportMs });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ [attributes.serviceName]: stage, [attributes.serviceNamespace]: 'tidewaiter' }),
    idGenerator: ids, sampler: new AlwaysOnSampler(), spanProcessors: [new BatchSpanProcessor(exporter, { exportTimeoutMillis: limits.traceExportMs })],
  });
  return new DeclarationTraces(stage, ratio, { api, tracer: provider.getTracer('tidewaiter'), ids, shutdown: () => provider.shutdown().catch(() => undefined) });
}
