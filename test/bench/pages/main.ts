/** What open pages of the console cost, and how long a figure takes from Redis to the screen, in turns without and with them. */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pino from 'pino';
import { accessParts } from '../../../services/console/access/access-parts';
import { SESSION_COOKIE } from '../../../services/console/access/guard';
import { Calendar } from '../../../services/domain/period';
import { avroType, Encoder } from '../../../services/shell/avro/codec';
import { topicSchema } from '../../../services/shell/avro/schema-files';
import { readConfig, type Config } from '../../../services/shell/config';
import { connectFigures, connectLog, connectRegistry } from '../../../services/shell/connect';
import { readProfile } from '../../../services/shell/definition-files';
import { ownSchemaId } from '../../../services/shell/stage-codec';
import { rawTopic, stageNames } from '../../../services/topology';
import { residentMegabytes } from '../../soak/memory';
import { probeDeclaration } from '../probe';
import { peakMegabytes } from '../processes';
import { latenciesOf } from './arrivals';
import { OpenTabs, tabsOf } from './browser';
import { costOf, type Turn } from './costs';
import { mixed, MARK, pageKinds } from './kinds';
import { markDeclaration, Marks, type Mark } from './marks';
import { tablesOf, type PagesReport } from './report';
import { counted, forked, MeasuredSystem, turn } from './system';
import { Watch } from './watch';

const { values: options } = parseArgs({ options: {
  pages: { type: 'string', default: '200' }, rate: { type: 'string', default: '2000' }, seconds: { type: 'string', default: '60' }, pairs: { type: 'string', default: '3' },
  warm: { type: 'string', default: '30' }, seed: { type: 'string', default: '1' }, browser: { type: 'boolean', default: true }, profile: { type: 'string' }, json: { type: 'boolean' },
}, allowNegative: true });
const [pages, rate, seconds, pairs, warm] = [options.pages, options.rate, options.seconds, options.pairs, options.warm].map(Number) as [number, number, number, number, number];
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const SETTLE_MS = 5_000;
const RESIDENT_EVERY_MS = 1_000;

type Reading = { readonly events: () => Promise<number>; readonly behind: () => Promise<number>; readonly marks: Marks };

async function measured(config: Config, system: MeasuredSystem, { events, behind, marks }: Reading): Promise<PagesReport> {
  const { timeZone } = readProfile(config.TIDEWAITER_PROFILE);
  const calendar = new Calendar(timeZone);
  const { day, month } = calendar.keysOf(Date.now());
  const { sessions } = accessParts(config, Date.now);
  const tabs = options.browser ? tabsOf(day, timeZone) : [];
  const kinds = mixed(pageKinds(day, month, calendar.keysBetween('hour', calendar.rangeOf('day', day)?.fromMs ?? 0, Date.now())), pages - tabs.length);
  const cookies = await Promise.all([...kinds, ...tabs].map(async (kind, number) => (await sessions.begin({ name: `page ${number}`, roles: 'roles' in kind ? kind.roles : ['viewer'] })).cookie));
  const watch = new Watch({ base: config.consoleUrl, orders: kinds.map((kind, number) => ({ number, kind, cookie: `${SESSION_COOKIE}=${cookies[number]}` })), tabs, tabCookies: cookies.slice(kinds.length), browser: options.browser ? await OpenTabs.launch() : undefined });
  const [turns, shown]: [Turn[], Parameters<typeof latenciesOf>[0][number][]] = [[], []];
  const resident = { without: 0, withPages: 0 };
  let mode: keyof typeof resident = 'without';
  const timer = setInterval(() => { resident[mode] = Math.max(resident[mode], residentMegabytes(system.consolePid)); }, RESIDENT_EVERY_MS);
  for (let number = 0; number <= 2 * pairs; number++) {
    const withPages = number % 2 === 1;
    if (withPages) { mode = 'withPages'; await watch.open(); }
    await delay(SETTLE_MS);
    const fromMs = Date.now();
    turns.push(await turn(system, withPages, seconds, events));
    const seen = marksBetween(marks.all, fromMs, Date.now());
    say(`turn ${number + 1} of ${2 * pairs + 1}, ${withPages ? `${pages} pages` : 'no page'}: ${await behind()} events behind`);
    if (!withPages) continue;
    await delay(SETTLE_MS);
    shown.push({ pages: await watch.close(), marks: seen });
    mode = 'without';
  }
  clearInterval(timer);
  await watch.stop();
  const neighbours = system.neighbours.map(({ name }) => costOf(name, [name], turns));
  return {
    pages, rate, turns, costs: [...stageNames.map((name) => costOf(name, [name], turns)), costOf('the stream: all of these', stageNames, turns), ...neighbours, costOf('console', ['console'], turns)],
    latencies: latenciesOf(shown), consoleMegabytes: { ...resident, peak: peakMegabytes(system.consolePid) }, answers: watch.answers,
  };
}

const marksBetween = (marks: readonly Mark[], fromMs: number, toMs: number): Mark[] => marks.filter(({ redisMs }) => redisMs !== undefined && redisMs >= fromMs && redisMs < toMs);

async function main(): Promise<void> {
  const config = readConfig();
  const logger = pino({ level: 'silent' });
  const { currency, timeZone } = readProfile(config.TIDEWAITER_PROFILE);
  say('starting the stack, the services and the console …');
  const system = await MeasuredSystem.start(config, options.profile);
  process.on('SIGTERM', () => { system.end(); process.exit(143); });
  const log = connectLog(config, 'bench', logger);
  const [inspector, reader, sink] = [await log.inspector(), connectFigures(config, logger), await log.sink()];
  const encoder = new Encoder(await ownSchemaId(connectRegistry(config), rawTopic), avroType(topicSchema(rawTopic)));
  const marks = new Marks({
    reader, month: new Calendar(timeZone).keysOf(Date.now()).month,
    send: (mark) => {
      const declaration = markDeclaration((id, atMs) => probeDeclaration(id, { ...MARK, currency }, atMs), mark);
      return sink.send([{ topic: rawTopic, partition: log.partitionOf(declaration.declarationId, config.TIDEWAITER_PARTITIONS), key: declaration.declarationId, value: encoder.encode(declaration) }]);
    },
  });
  const load = forked('load', [String(rate), options.seed]);
  try {
    await new Promise((resolve, reject) => { load.once('message', resolve); load.once('exit', () => reject(new Error('the load has ended'))); });
    const reading: Reading = { marks, events: async () => (await counted(reader, inspector)).events, behind: async () => (await counted(reader, inspector)).behind };
    while ((await reading.behind()) > 0) await delay(1_000);
    say(`${rate} events/s …`);
    load.send('stream');
    marks.start();
    await delay(warm * 1_000);
    const report = await measured(config, system, reading);
    await marks.stop();
    say(tablesOf(report));
    if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  } finally {
    load.disconnect();
    await system.stop();
  }
}

void main().then(() => process.exit(0), (error: Error) => { say(error.stack ?? error.message); process.exit(1); });
