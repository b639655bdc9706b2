/** `scripts/faults`: rounds of traffic and one fault each, with a recount of everything after each of them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { readNdjsonLine } from '../../services/feed/ndjson';
import { emptyTally, generate, type MadeEvent } from '../../services/generate/generate';
import { Random, shuffled } from '../../services/generate/random';
import { avroType, Encoder } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import { connectRegistry } from '../../services/shell/connect';
import { readProfile } from '../../services/shell/definition-files';
import type { SourceRecord } from '../../services/shell/ports';
import { ownSchemaId } from '../../services/shell/stage-codec';
import { rawTopic } from '../../services/topology';
import { recount, recounted } from '../support/recount';
import { cellsOf, differencesOf } from '../support/redis-cells';
import { RunningSystem } from '../support/running-system';
import { pause } from '../support/until';
import { faults, healthy } from './real-faults';

interface Options { readonly rounds?: number; readonly seed: string; readonly events: number; readonly only?: readonly string[] }
interface Round { readonly fault: string; readonly firstAppliedMs: number; readonly seconds: number; readonly cells: number; readonly wrong: readonly string[] }

const PROFILE = 'CD';
const DAYS = 20;
const FEED_PER_SECOND = 400;
const DRAIN_SECONDS = 180;
const views = ['revenue', 'statistics', 'precursors', 'operations', 'quality'];
const say = (line: string): void => { process.stderr.write(`${line}\n`); };

class Campaign {
  private readonly system = new RunningSystem(0, { TIDEWAITER_PROFILE: PROFILE });
  /** What was sent, by the bytes of its record. */
  private readonly sent = new Map<string, MadeEvent>();
  private encoder!: Encoder;
  events = 0;

  constructor(private readonly options: Options, private readonly random: Random) {}

  async start(): Promise<void> {
    await this.system.start();
    this.encoder = new Encoder(await ownSchemaId(connectRegistry(this.system.config), rawTopic), avroType(topicSchema(rawTopic)));
  }
  stop(): Promise<void> { return this.system.stop(); }

  async round(number: number, name: string): Promise<Round> {
    const { system, random } = this;
    const startMs = Date.now();
    const file = this.generated(number);
    const feeding = system.begin('feed', file, '--format', 'ndjson', '--rate', String(FEED_PER_SECOND));
    await pause(1_000 + random.next() * 2_000);
    const watch = await this.watchPositions();
    await (faults[name] as (typeof faults)[string])({ system, random });
    if ((await feeding) !== 0) throw new Error('feed did not come through');
    await healthy(system);
    system.drain(DRAIN_SECONDS);
    const firstAppliedMs = await watch.moved();
    const { cells, wrong } = await this.recount();
    return { fault: name, firstAppliedMs, seconds: (Date.now() - startMs) / 1_000, cells, wrong };
  }

  /** Events of declarations that no other round has. */
  private generated(number: number): string {
    const file = join(this.system.home, `round-${number}.ndjson`);
    const tally = emptyTally();
    const options = { profile: readProfile(PROFILE), seed: `${this.options.seed}/${number}`, count: this.options.events, days: DAYS, untilMs: Date.now() - 3_600_000, withFaults: true };
    const made = new Map<string, MadeEvent>();
    const lines = [...generate(options, tally, (events) => { for (const event of events) made.set(event.line, event); })];
    for (const line of lines) {
      const declaration = readNdjsonLine(line, 1)?.declaration;
      if (!declaration) throw new Error(`the generator wrote a line that cannot be read: ${line}`);
      this.sent.set(this.encoder.encode(declaration).toString('latin1'), made.get(line) as MadeEvent);
    }
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
    return file;
  }

  /** How long it takes from now until a position in the store has moved; asked once everything is through. */
  private async watchPositions(): Promise<{ moved(): Promise<number> }> {
    const reader = this.system.figures();
    const positions = async (): Promise<string> => JSON.stringify((await reader.readCells(0, [])).positions);
    const before = await positions();
    const startMs = Date.now();
    const watching = (async () => {
      while ((await positions()) === before) await pause(20);
      return Date.now() - startMs;
    })();
    return { moved: async () => { const elapsedMs = await watching; await reader.close(); return elapsedMs; } };
  }

  /** From the raw log: a sender that lost an acknowledgement has sent twice. */
  private async recount(): Promise<{ cells: number; wrong: string[] }> {
    const { system } = this;
    const log = system.log();
    const inspector = await log.inspector();
    const records: SourceRecord[] = [];
    await inspector.readAll(rawTopic, (_partition, record) => records.push(record));
    await inspector.close();
    await log.close();
    const { expected, refused, undecodable } = recount(records, this.sent);
    const reader = system.figures();
    const cells = recounted(await cellsOf(reader, views));
    await reader.close();
    const { books } = system.status();
    this.events = records.length;
    return { cells: expected.size, wrong: [
      ...differencesOf(expected, cells),
      ...(books.raw === records.length && books.balanced ? [] : [`books: ${JSON.stringify(books)}, the raw log holds ${records.length}`]),
      ...(books.refused === refused + undecodable ? [] : [`refused: ${refused + undecodable} expected, ${books.refused} in the books`]),
    ] };
  }
}

async function run(options: Options): Promise<void> {
  const random = new Random(`faults/${options.seed}`);
  const names = options.only ?? Object.keys(faults);
  const order = options.rounds === undefined ? names : Array.from({ length: options.rounds }, (_, index) => shuffled(names, new Random(`${options.seed}/${Math.floor(index / names.length)}`))[index % names.length] as string);
  const campaign = new Campaign(options, random);
  const stop = (): void => { void campaign.stop().finally(() => process.exit(130)); };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  let drift = 0;
  try {
    await campaign.start();
    for (const [index, name] of order.entries()) {
      const { firstAppliedMs, seconds, cells, wrong } = await campaign.round(index + 1, name);
      drift += wrong.length;
      say(`${String(index + 1).padStart(3)}/${order.length}  ${name.padEnd(20)} ${seconds.toFixed(0).padStart(4)} s  first applied after ${(firstAppliedMs / 1_000).toFixed(1)} s  ${cells} cells  ${wrong.length === 0 ? 'all as recounted' : `WRONG:\n  ${wrong.join('\n  ')}`}`);
    }
  } finally {
    await campaign.stop();
  }
  process.stdout.write(`${JSON.stringify({ rounds: order.length, declarationEvents: campaign.events, drift })}\n`);
  process.exitCode = drift === 0 ? 0 : 1;
}

function whole(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('must be a whole number');
  return Number(text);
}

void new Command('faults')
  .description('breaks the real parts while declarations flow, and recounts every cell')
  .option('--rounds <number>', 'rounds; default: every fault once', whole)
  .option('--seed <text>', 'decides events and order', '1')
  .option('--events <number>', 'events in each round', whole, 3_000)
  .addOption(new Option('--only <faults...>', 'these faults alone').choices(Object.keys(faults)))
  .action(run)
  .parseAsync();
