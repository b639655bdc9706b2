/**
 * What a replay costs those who look at live figures: latency of probes among a steady stream, in turns without a replay and
 * with one. Run through scripts/bench replay-beside.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import pino from 'pino';
import type { RawDeclaration } from '../../../services/domain/declaration';
import { avroType, Encoder } from '../../../services/shell/avro/codec';
import { topicSchema } from '../../../services/shell/avro/schema-files';
import { readConfig, type Config } from '../../../services/shell/config';
import { connectFigures, connectLog, connectRegistry } from '../../../services/shell/connect';
import { readProfile } from '../../../services/shell/definition-files';
import { projectRoot } from '../../../services/shell/project-root';
import { readOffsets } from '../../../services/shell/read-positions';
import { ownSchemaId } from '../../../services/shell/stage-codec';
import { flow, rawTopic, rejectedTopic, stageNames } from '../../../services/topology';
import { measureLatency, type Latencies, type LatencyPorts } from '../latency';
import type { Percentiles } from '../percentiles';
import { probeDeclaration } from '../probe';
import { cpuSeconds, startService, stopService, tidewaiter, type ServiceProcess } from '../processes';
import { untilDrained } from '../throughput';

const { values: options } = parseArgs({ options: {
  history: { type: 'string', default: '300000' }, rate: { type: 'string', default: '1000' }, seconds: { type: 'string', default: '30' }, pairs: { type: 'string', default: '3' },
  workers: { type: 'string', default: '2' }, seed: { type: 'string', default: '1' },
} });
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const mainFile = join(projectRoot(), 'dist/services/cli/main.js');
const NAMESPACE = 'bench';
const PROBES_PER_TURN = 100_000;
const SETTLE_MS = 5_000;
/** Turns, what lies between them, and a margin. */
const streamSeconds = (2 * Number(options.pairs) + 1) * (Number(options.seconds) + 25) + 60;

interface Turn { readonly replay: boolean; readonly latencies: Latencies; readonly replayedPerSecond: number; readonly liveCpuSeconds: number }

async function main(): Promise<void> {
  const config = readConfig();
  for (const command of [['stack', 'up'], ['topics', 'apply'], ['schemas', 'register']]) tidewaiter(...command);
  say(`${options.history} events of history, and ${options.rate}/s for ${streamSeconds} s …`);
  const [history, stream] = [generated(config, 'history', Number(options.history)), generated(config, 'stream', Number(options.rate) * streamSeconds)];
  const services = stageNames.map((name) => startService(name, config.home, undefined));
  process.on('SIGTERM', () => { for (const { child } of services) child.kill('SIGTERM'); process.exit(143); });
  const log = connectLog(config, 'bench', pino({ level: 'silent' }));
  const [inspector, reader, sink] = [await log.inspector(), connectFigures(config, pino({ level: 'silent' })), await log.sink()];
  try {
    tidewaiter('feed', history, '--format', 'ndjson');
    await untilDrained(inspector, reader, 3_600_000);
    const feeding = spawn(process.execPath, [mainFile, 'feed', stream, '--format', 'ndjson', '--rate', options.rate], { stdio: 'ignore' });
    await delay(SETTLE_MS);
    const encoder = new Encoder(await ownSchemaId(connectRegistry(config), rawTopic), avroType(topicSchema(rawTopic)));
    const { currency } = readProfile(config.TIDEWAITER_PROFILE);
    const probe = (id: string, office: string): RawDeclaration => probeDeclaration(id, { office, partner: 'FR', currency }, Date.now());
    const turns = await measured(config, { log, sink, reader, encoder, partitions: config.TIDEWAITER_PARTITIONS, probe }, services);
    if (feeding.exitCode !== null) throw new Error('the stream ended before the last turn');
    feeding.kill('SIGTERM');
    show(turns);
    process.stdout.write(`${JSON.stringify(turns)}\n`);
  } finally {
    for (const part of [sink, inspector, reader]) await part.close();
    await Promise.all(services.map(stopService));
  }
}

function generated(config: Config, name: string, count: number): string {
  const file = join(config.home, `${name}.ndjson`);
  tidewaiter('generate', '--count', String(count), '--seed', `${options.seed}/${name}`, '--out', file);
  return file;
}

async function measured(config: Config, ports: LatencyPorts, services: readonly ServiceProcess[]): Promise<Turn[]> {
  const turns: Turn[] = [];
  for (let number = 0; number <= 2 * Number(options.pairs); number++) {
    const replay = number % 2 === 1 ? spawn(process.execPath, [mainFile, 'replay', 'run', NAMESPACE, '--workers', options.workers, '--by', 'bench'], { stdio: 'ignore' }) : undefined;
    if (replay) await untilCounting(config, replay);
    const before = { done: await counted(config), cpu: cpuOf(services), atMs: performance.now() };
    const latencies = await measureLatency(ports, Number(options.seconds), number * PROBES_PER_TURN + 1);
    const replayed = (await counted(config)) - before.done;
    const seconds = (performance.now() - before.atMs) / 1_000;
    if (replay?.exitCode === 0) say('the history ended before the turn: give more of it (--history)');
    turns.push({ replay: replay !== undefined, latencies, replayedPerSecond: Math.round(replayed / seconds), liveCpuSeconds: cpuOf(services) - before.cpu });
    say(`turn ${number + 1}: ${lineOf(turns.at(-1) as Turn)}`);
    if (replay) await ended(replay);
    await delay(SETTLE_MS);
  }
  return turns;
}

const cpuOf = (services: readonly ServiceProcess[]): number => services.reduce((sum, { pid }) => sum + cpuSeconds(pid), 0);

async function counted(config: Config): Promise<number> {
  const reader = connectFigures(config, pino({ level: 'silent' }), undefined, undefined, { name: NAMESPACE, inputs: [flow[0]?.output ?? rawTopic, rejectedTopic] });
  try {
    return Object.values(await readOffsets(reader)).reduce((sum, next) => sum + next, 0);
  } finally {
    await reader.close();
  }
}

async function untilCounting(config: Config, replay: ChildProcess): Promise<void> {
  while ((await counted(config)) === 0) {
    if (replay.exitCode !== null) throw new Error(`replay run ended with ${replay.exitCode}`);
    await delay(200);
  }
}

async function ended(replay: ChildProcess): Promise<void> {
  if (replay.exitCode === null) {
    replay.kill('SIGTERM');
    await once(replay, 'exit');
  }
  tidewaiter('replay', 'drop', NAMESPACE, '--by', 'bench');
}

const shown = ({ p50Ms, p95Ms, p99Ms, missing }: Percentiles): string => [p50Ms, p95Ms, p99Ms].map((value) => value ?? '–').join(' / ') + (missing > 0 ? ` (${missing} never)` : '');
const lineOf = ({ replay, latencies, replayedPerSecond, liveCpuSeconds }: Turn): string =>
  `${replay ? `beside a replay of ${replayedPerSecond}/s` : 'alone'}: to Redis ${shown(latencies.toRedis)} ms, to the topic ${shown(latencies.toTopic)} ms, services ${liveCpuSeconds.toFixed(1)} CPU s`;

function show(turns: readonly Turn[]): void {
  const table = new Table({ head: ['', 'replayed/s', 'to Redis p50 / p95 / p99 ms', 'to the topic p50 / p95 / p99 ms', 'services CPU s'], style: { head: [], border: [] } });
  for (const { replay, latencies, replayedPerSecond, liveCpuSeconds } of turns) table.push([replay ? 'beside a replay' : 'alone', replay ? replayedPerSecond : '', shown(latencies.toRedis), shown(latencies.toTopic), liveCpuSeconds.toFixed(1)]);
  say(table.toString());
}

void main().then(() => process.exit(0), (error: Error) => { say(error.stack ?? error.message); process.exit(1); });
