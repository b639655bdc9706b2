/** `scripts/soak`: a steady stream for as long as asked, memory of every process on the way, a recount at the end. */
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { readProfile } from '../../services/shell/definition-files';
import { avroType, Encoder } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import { connectRegistry } from '../../services/shell/connect';
import { ownSchemaId } from '../../services/shell/stage-codec';
import { ExpectedFigures, type ExpectedInput } from '../../services/generate/expected';
import type { SourceRecord } from '../../services/shell/ports';
import { publishedTopics, rawTopic, type TopicName } from '../../services/topology';
import { published } from '../support/log-audit';
import { independentRows, recounted } from '../support/recount';
import { cellsOf, differencesOf, expectedCells } from '../support/redis-cells';
import { RunningSystem } from '../support/running-system';
import { pause } from '../support/until';
import { firstLap, inLap, lineInLap, type LapEvent } from './laps';
import { residentMegabytes, trends, type Sample } from './memory';

const { values: options } = parseArgs({ options: {
  minutes: { type: 'string', default: '60' }, rate: { type: 'string', default: '2000' }, events: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' }, json: { type: 'boolean' },
} });
const [minutes, rate, events] = [Number(options.minutes), Number(options.rate), Number(options.events)];
const VIEWS = ['revenue', 'statistics', 'precursors', 'operations', 'quality'];
const SLICES_PER_SECOND = 10;
const SAMPLE_MS = 20_000;
const SAMPLES_PER_LINE = 15;
/** As long as the stream itself: what fell behind on a busy machine is still to be counted. */
const DRAIN_SECONDS = Math.max(600, minutes * 60);
const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Sends at the rate; answers how many, and how far it ever was behind. The machine must not be busy otherwise: what the services cannot keep up with is no soak. */
async function stream(system: RunningSystem, lap: readonly LapEvent[], laps: number): Promise<{ sent: number; behindMs: number }> {
  const log = system.log();
  const sink = await log.sink();
  const encoder = new Encoder(await ownSchemaId(connectRegistry(system.config), rawTopic), avroType(topicSchema(rawTopic)));
  const partitions = system.config.TIDEWAITER_PARTITIONS;
  const perSlice = rate / SLICES_PER_SECOND;
  const startMs = performance.now();
  let [sent, behindMs] = [0, 0];
  while (sent < laps * lap.length) {
    const slice = Array.from({ length: Math.min(perSlice, laps * lap.length - sent) }, (_, index) => inLap(lap[(sent + index) % lap.length] as LapEvent, Math.floor((sent + index) / lap.length)));
    await sink.send(slice.map((declaration) => ({ topic: rawTopic, partition: log.partitionOf(declaration.declarationId, partitions), key: declaration.declarationId, value: encoder.encode(declaration) })));
    sent += slice.length;
    const aheadMs = startMs + (sent / rate) * 1_000 - performance.now();
    behindMs = Math.max(behindMs, -aheadMs);
    if (aheadMs > 0) await pause(aheadMs);
  }
  await sink.close();
  return { sent, behindMs };
}

function watch(system: RunningSystem): { samples: Sample[]; end: () => void; giveUp: () => void } {
  const samples: Sample[] = [];
  const startMs = performance.now();
  const parts = (JSON.parse(system.done('stack', 'status', '--json')) as { parts: { name: string; pid: number }[] }).parts;
  const services = system.status().services.flatMap(({ name, pid }) => (pid === null ? [] : [{ name, pid }]));
  const look = (): void => {
    const sample: Sample = { minute: (performance.now() - startMs) / 60_000, megabytes: Object.fromEntries([...services, ...parts].map(({ name, pid }) => [name, residentMegabytes(pid)])) };
    /** Told on the way: what is known by then is not lost with a run that cannot come to its end. */
    if (samples.push(sample) % SAMPLES_PER_LINE === 0) say(`${sample.minute.toFixed(0)} min  ${Object.entries(sample.megabytes).map(([name, megabytes]) => `${name} ${megabytes.toFixed(0)} MB`).join('  ')}`);
  };
  const timer = setInterval(look, SAMPLE_MS);
  return { samples, end: () => { clearInterval(timer); look(); }, giveUp: () => clearInterval(timer) };
}

async function differences(system: RunningSystem, lap: readonly LapEvent[], laps: number): Promise<string[]> {
  const byDeclaration = new Map<string, LapEvent[]>();
  for (const event of lap) {
    const { declarationId } = event.declaration;
    byDeclaration.set(declarationId, [...(byDeclaration.get(declarationId) ?? []), event]);
  }
  const figures = new ExpectedFigures(readProfile('CD'));
  for (const ofOne of byDeclaration.values()) figures.add(Array.from({ length: laps }, (_, number) => ofOne.map((event): ExpectedInput => lineInLap(event, number))).flat());
  const reader = system.figures();
  const cells = await cellsOf(reader, VIEWS);
  await reader.close();
  const log = system.log();
  const inspector = await log.inspector();
  const last = new Map<TopicName, Map<string, SourceRecord>>();
  for (const topic of Object.values(publishedTopics)) {
    const byKey = new Map<string, SourceRecord>();
    await inspector.readAll(topic, (_partition, record) => byKey.set(record.key?.toString() ?? '', record));
    last.set(topic, byKey);
  }
  await inspector.close();
  return [...differencesOf(expectedCells(independentRows(figures)), recounted(cells)), ...published((topic) => [...(last.get(topic)?.values() ?? [])], cells)];
}

async function main(): Promise<void> {
  const laps = Math.max(1, Math.round((minutes * 60 * rate) / events));
  const lap = firstLap({ profile: readProfile('CD'), seed: `soak/${options.seed}`, count: events, days: 30, untilMs: Date.now() - 3_600_000, withFaults: true });
  const system = new RunningSystem(0, { TIDEWAITER_PROFILE: 'CD' });
  const stop = (): void => { void system.stop().finally(() => process.exit(130)); };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  let watched: ReturnType<typeof watch> | undefined;
  try {
    await system.start();
    say(`${laps} laps of ${events} events at ${rate}/s …`);
    watched = watch(system);
    const { sent, behindMs } = await stream(system, lap, laps);
    const atEnd = system.status();
    system.drain(DRAIN_SECONDS);
    watched.end();
    const { books } = system.status();
    const wrong = [
      ...(books.raw === sent && books.balanced ? [] : [`books: ${JSON.stringify(books)}, ${sent} were sent`]),
      ...(books.refused === laps * lap.filter(({ fault }) => fault).length ? [] : [`refused: ${books.refused} in the books`]),
      ...(await differences(system, lap, laps)),
    ];
    const memory = trends(watched.samples);
    say(tableOf(memory));
    say(`${sent} events in ${((watched.samples.at(-1)?.minute ?? 0)).toFixed(1)} min, sender at most ${Math.round(behindMs)} ms behind, books ${JSON.stringify(atEnd.books)} at its end; drift ${wrong.length}${wrong.map((line) => `\n  ${line}`).join('')}`);
    if (options.json) process.stdout.write(`${JSON.stringify({ sent, behindMs, drift: wrong.length, wrong, memory, samples: watched.samples })}\n`);
    process.exitCode = wrong.length === 0 && memory.every(({ flat }) => flat) ? 0 : 1;
  } finally {
    watched?.giveUp();
    await system.stop();
  }
}

function tableOf(memory: ReturnType<typeof trends>): string {
  const table = new Table({ head: ['process', 'MB in the second quarter', 'MB in the last', 'most', ''], style: { head: [], border: [] }, colAligns: ['left', 'right', 'right', 'right', 'left'] });
  for (const { name, early, late, most, flat } of memory) table.push([name, early.toFixed(0), late.toFixed(0), most.toFixed(0), flat ? 'flat' : 'GROWS']);
  return table.toString();
}

void main().catch((error: Error) => { say(error.stack ?? error.message); process.exitCode = 1; });
