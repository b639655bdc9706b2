/** The bench: throughput of a full raw topic, then latency under a steady load, on a stack of its own. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import pino from 'pino';
import type { RawDeclaration } from '../../services/domain/declaration';
import { avroType, Encoder } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import { readConfig } from '../../services/shell/config';
import { connectFigures, connectLog, connectRegistry } from '../../services/shell/connect';
import { readProfile } from '../../services/shell/definition-files';
import { projectRoot } from '../../services/shell/project-root';
import { ownSchemaId } from '../../services/shell/stage-codec';
import { rawTopic, stageNames } from '../../services/topology';
import { measureLatency, type Latencies } from './latency';
import { probeDeclaration } from './probe';
import { cpuSeconds, startService, stopService, tidewaiter, type Measured, type ServiceProcess } from './processes';
import { throughputOf, untilDrained, type Throughput } from './throughput';

const { values: options } = parseArgs({ options: {
  count: { type: 'string', default: '500000' }, rate: { type: 'string', default: '5000' }, seconds: { type: 'string', default: '30' },
  seed: { type: 'string', default: '1' }, profile: { type: 'string' }, input: { type: 'string' },
} });
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const DRAIN_MS = 1_800_000;

async function main(): Promise<void> {
  const config = readConfig();
  const logger = pino({ level: 'silent' });
  tidewaiter('stack', 'up');
  tidewaiter('topics', 'apply');
  tidewaiter('schemas', 'register');
  const full = options.input ?? generated(join(config.home, 'full.ndjson'), Number(options.count), Number(options.seed));
  const steady = options.input ?? generated(join(config.home, 'steady.ndjson'), Number(options.rate) * (Number(options.seconds) + 10), Number(options.seed) + 1);
  say('filling the raw topic …');
  tidewaiter('feed', full, '--format', 'ndjson');

  const log = connectLog(config, 'bench', logger);
  const inspector = await log.inspector();
  const reader = connectFigures(config, logger);
  const events = (await inspector.offsets(rawTopic)).reduce((sum, { start, end }) => sum + end - start, 0);
  const neighbours = (JSON.parse(tidewaiter('stack', 'status', '--json')) as { parts: Measured[] }).parts.map(({ name, pid }) => ({ name, pid }));
  const before = new Map(neighbours.map(({ name, pid }) => [name, cpuSeconds(pid)]));
  const startMs = Date.now();
  const services: ServiceProcess[] = stageNames.map((name) => startService(name, config.home, options.profile));
  process.on('SIGTERM', () => { for (const { child } of services) child.kill('SIGTERM'); process.exit(143); });
  try {
    await untilDrained(inspector, reader, DRAIN_MS);
    const throughput = throughputOf(events, startMs, Date.now(), [...services, ...neighbours], before);
    reportThroughput(throughput);
    say(`now ${options.rate}/s for ${options.seconds} s …`);
    const feeding = spawn(process.execPath, [join(projectRoot(), 'dist/services/cli/main.js'), 'feed', steady, '--format', 'ndjson', '--rate', options.rate], { stdio: 'ignore' });
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const encoder = new Encoder(await ownSchemaId(connectRegistry(config), rawTopic), avroType(topicSchema(rawTopic)));
    const sink = await log.sink();
    const probe = probeOf(readProfile(config.TIDEWAITER_PROFILE).currency);
    const latencies = await measureLatency({ log, sink, reader, encoder, partitions: config.TIDEWAITER_PARTITIONS, probe }, Number(options.seconds));
    feeding.kill('SIGTERM');
    await sink.close();
    reportLatency(throughput, latencies);
  } finally {
    await inspector.close();
    await reader.close();
    await Promise.all(services.map(stopService));
  }
}

function generated(file: string, count: number, seed: number): string {
  say(`generating ${count} events …`);
  tidewaiter('generate', '--count', String(count), '--seed', String(seed), '--out', file);
  return file;
}

const probeOf = (currency: string) => (id: string, office: string): RawDeclaration => probeDeclaration(id, { office, partner: 'FR', currency }, Date.now());

const ownOf = ({ usage }: Throughput): Throughput['usage'] => usage.filter(({ name }) => (stageNames as readonly string[]).includes(name));
const sumOf = (throughput: Throughput, pick: (usage: Throughput['usage'][number]) => number): number => ownOf(throughput).reduce((total, usage) => total + pick(usage), 0);

function reportThroughput(throughput: Throughput): void {
  const table = new Table({ head: ['process', 'CPU s per million events', 'peak memory MB'], style: { head: [], border: [] } });
  for (const { name, cpuSecondsPerMillion, peakMegabytes } of throughput.usage) table.push([name, cpuSecondsPerMillion.toFixed(1), peakMegabytes.toFixed(0)]);
  table.push(['all our services', sumOf(throughput, (usage) => usage.cpuSecondsPerMillion).toFixed(1), sumOf(throughput, (usage) => usage.peakMegabytes).toFixed(0)]);
  say(table.toString());
  say(`${throughput.events} events in ${throughput.seconds.toFixed(1)} s: ${throughput.eventsPerSecond} events/s`);
}

function reportLatency(throughput: Throughput, latencies: Latencies): void {
  const shown = ({ p50Ms, p99Ms, samples, missing }: Latencies['toRedis']): string =>
    missing > 0 ? `the rate was not kept up, ${missing} of ${samples} probes had not come through (p50 ${p50Ms ?? '–'} ms)` : `p50 ${p50Ms} ms, p99 ${p99Ms} ms (${samples} probes)`;
  say(`latency at ${options.rate}/s, raw append to Redis: ${shown(latencies.toRedis)}; to the aggregate topic: ${shown(latencies.toTopic)}`);
  const own = { ownCpuSecondsPerMillion: sumOf(throughput, (usage) => usage.cpuSecondsPerMillion), ownPeakMegabytes: sumOf(throughput, (usage) => usage.peakMegabytes) };
  process.stdout.write(`${JSON.stringify({ ...throughput, ...own, rate: Number(options.rate), latencies })}\n`);
}

void main().then(() => process.exit(0), (error: Error) => { say(error.message); process.exit(1); });
