/**
 * What a replay costs: declarations of one item each wait in the accepted topic, which `replay run` counts into a namespace
 * of its own. Run through scripts/bench replay: records/s, CPU seconds per million of every process, memory, bytes in Redis.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import pino from 'pino';
import { WORKER_HEAP } from '../../../services/cli/replay/crew';
import { offsetsOf } from '../../../services/domain/figure-status';
import { readConfig, type Config } from '../../../services/shell/config';
import { connectFigures, connectLog } from '../../../services/shell/connect';
import { projectRoot } from '../../../services/shell/project-root';
import { readPositions } from '../../../services/shell/read-positions';
import { flow, rejectedTopic } from '../../../services/topology';
import { sharedData } from '../../support/running-system';
import { writeKoreanCopies } from './korean-copies';
import { cpuSeconds, peakMegabytes, startService, stopService, tidewaiter, type Measured } from '../processes';

const { values: options } = parseArgs({ options: {
  count: { type: 'string', default: '1000000' }, workers: { type: 'string', default: '2' }, rounds: { type: 'string', default: '1' },
  seed: { type: 'string', default: '1' }, profile: { type: 'string' }, json: { type: 'boolean', default: false }, days: { type: 'string' }, 'fine-since': { type: 'string' }, korean: { type: 'string' },
} });
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const LOOK_MS = 100;
const NAMESPACE = 'bench';
const [{ input: rawTopic, output: acceptedTopic }] = flow as [(typeof flow)[number]];

interface Used extends Measured { cpu: number; megabytes: number }

async function main(): Promise<void> {
  const config = readConfig();
  tidewaiter('stack', 'up');
  tidewaiter('topics', 'apply');
  tidewaiter('schemas', 'register');
  if (options.korean === undefined) await fill(config.home);
  else await fillKorean(config, Number(options.korean));
  const answers = [];
  for (let round = 0; round < Number(options.rounds); round++) {
    const answer = await replayed(config);
    answers.push(answer);
    tidewaiter('replay', 'drop', NAMESPACE, '--by', 'bench');
    show(answer);
  }
  process.stdout.write(`${JSON.stringify(answers)}\n`);
}

async function fill(home: string): Promise<void> {
  const [all, single] = [join(home, 'all.ndjson'), join(home, 'single.ndjson')];
  const wanted = Number(options.count);
  say(`generating ${wanted} declarations of one item …`);
  tidewaiter('generate', '--count', String(Math.ceil(wanted * 2.4)), '--seed', options.seed, ...(options.days === undefined ? [] : ['--days', options.days]), '--no-faults', '--out', all);
  const out = createWriteStream(single);
  let kept = 0;
  for await (const line of createInterface({ input: createReadStream(all) })) {
    if ((JSON.parse(line) as { items: unknown[] }).items.length !== 1) continue;
    if (!out.write(`${line}\n`)) await once(out, 'drain');
    if (++kept === wanted) break;
  }
  await new Promise<void>((resolve) => out.end(resolve));
  say(`feeding ${kept} …`);
  await accepted(home, single, 'ndjson');
}

/** @throws where the profile is another one, or the file is not there. */
async function fillKorean({ home, TIDEWAITER_PROFILE }: Config, copies: number): Promise<void> {
  if (TIDEWAITER_PROFILE !== 'KR') throw new Error('the Korean file is of TIDEWAITER_PROFILE=KR');
  const file = join(home, 'korean.csv');
  say(`the Korean file ${copies} times …`);
  say(`feeding ${await writeKoreanCopies(sharedData('kcs-train.csv'), copies, options.seed, file)} …`);
  await accepted(home, file, 'kcs-csv');
}

/** Through ingest alone, which ends before anything is measured. */
async function accepted(home: string, file: string, format: string): Promise<void> {
  tidewaiter('feed', file, '--format', format);
  const ingest = startService('ingest', home, undefined);
  await allAccepted();
  await stopService(ingest);
}

/** Without faults everything is accepted. */
async function allAccepted(): Promise<void> {
  const log = connectLog(readConfig(), 'bench', pino({ level: 'silent' }));
  const inspector = await log.inspector();
  const records = async (topic: typeof rawTopic): Promise<number> => (await inspector.offsets(topic)).reduce((sum, { start, end }) => sum + end - start, 0);
  while ((await records(acceptedTopic)) < (await records(rawTopic))) await delay(500);
  await inspector.close();
}

interface Answer { readonly records: number; readonly workers: number; readonly seconds: number; readonly recordsPerSecond: number; readonly usage: readonly { name: string; cpuSecondsPerMillion: number; megabytes: number }[]; readonly redisBytesPerRecord: number }

async function replayed(config: Config): Promise<Answer> {
  const logger = pino({ level: 'silent' });
  const log = connectLog(config, 'bench', logger);
  const inspector = await log.inspector();
  const reader = connectFigures(config, logger, undefined, undefined, { name: NAMESPACE, inputs: [acceptedTopic, rejectedTopic] });
  const neighbours = (JSON.parse(tidewaiter('stack', 'status', '--json')) as { parts: Measured[] }).parts.map(({ name, pid }) => ({ name, pid }));
  const before = neighbours.map(({ pid }) => cpuSeconds(pid));
  const records = (await inspector.offsets(acceptedTopic)).reduce((sum, { start, end }) => sum + end - start, 0);
  if (options.profile) mkdirSync(options.profile, { recursive: true });
  const startMs = Date.now();
  const command = spawn(process.execPath, [join(projectRoot(), 'dist/services/cli/main.js'), 'replay', 'run', NAMESPACE, '--workers', String(Number(options.workers) - (options.profile ? 1 : 0)), '--by', 'bench', ...(options['fine-since'] === undefined ? [] : ['--fine-since', options['fine-since']])], { stdio: ['ignore', 'ignore', 'inherit'] });
  let profiled: ChildProcess | undefined;
  const used = new Map<number, Used>();
  let ended: number | null | undefined;
  command.once('exit', (code) => { ended = code ?? -1; });
  while (ended === undefined) {
    for (const pid of childrenOf(command.pid as number)) look(used, pid);
    if (options.profile && !profiled && Object.values(offsetsOf(await readPositions(reader))).some((next) => next > 0)) profiled = spawn(process.execPath, ['--cpu-prof', `--cpu-prof-dir=${options.profile}`, WORKER_HEAP, join(projectRoot(), 'dist/services/replay/main.js'), NAMESPACE], { stdio: ['ignore', 'ignore', 'inherit'] });
    if (profiled?.pid !== undefined) look(used, profiled.pid);
    await delay(LOOK_MS);
  }
  if (profiled) {
    profiled.kill('SIGTERM');
    await new Promise((resolve) => profiled?.once('exit', resolve));
  }
  if (ended !== 0) throw new Error(`replay run ended with ${ended}`);
  const seconds = (Date.now() - startMs) / 1_000;
  const perMillion = (cpu: number): number => (cpu * 1e6) / records;
  const usage = [
    ...[...used.values()].map(({ name, cpu, megabytes }) => ({ name, cpuSecondsPerMillion: perMillion(cpu), megabytes })),
    ...neighbours.map(({ name, pid }, index) => ({ name, cpuSecondsPerMillion: perMillion(cpuSeconds(pid) - (before[index] as number)), megabytes: peakMegabytes(pid) })),
  ];
  const redis = neighbours.find(({ name }) => name === 'redis');
  await inspector.close();
  await reader.close();
  return { records, workers: Number(options.workers), seconds, recordsPerSecond: Math.round(records / seconds), usage, redisBytesPerRecord: redis ? Math.round((peakMegabytes(redis.pid) * 2 ** 20) / records) : 0 };
}

const childrenOf = (pid: number): number[] => {
  const file = `/proc/${pid}/task/${pid}/children`;
  return existsSync(file) ? readFileSync(file, 'utf8').split(' ').filter(Boolean).map(Number) : [];
};

/** What a worker used is not known any more once it has ended: the last look counts; while it ends it has no memory any more. */
function look(used: Map<number, Used>, pid: number): void {
  try {
    used.set(pid, { name: `worker ${pid}`, pid, cpu: cpuSeconds(pid), megabytes: Math.max(used.get(pid)?.megabytes ?? 0, peakMegabytes(pid)) });
  } catch { /* it ended just now */ }
}

function show({ records, seconds, recordsPerSecond, usage, workers, redisBytesPerRecord }: Answer): void {
  const table = new Table({ head: ['process', 'CPU s per million', 'peak memory MB'], style: { head: [], border: [] } });
  for (const { name, cpuSecondsPerMillion, megabytes } of usage) table.push([name, cpuSecondsPerMillion.toFixed(1), megabytes.toFixed(0)]);
  const own = usage.filter(({ name }) => name.startsWith('worker'));
  table.push(['all workers', own.reduce((sum, each) => sum + each.cpuSecondsPerMillion, 0).toFixed(1), own.reduce((sum, each) => sum + each.megabytes, 0).toFixed(0)]);
  say(table.toString());
  say(`${records} records in ${seconds.toFixed(1)} s by ${workers} workers: ${recordsPerSecond} records/s, with start and end; ${redisBytesPerRecord} bytes of Redis for each`);
}

void main().then(() => process.exit(0), (error: Error) => { say(error.stack ?? error.message); process.exit(1); });
