/** Rounds of traffic with one fault each, and a recount of everything after each of them. */
import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readNdjsonLine } from '../../services/feed/ndjson';
import { emptyTally, generate, type MadeEvent } from '../../services/generate/generate';
import type { Random } from '../../services/generate/random';
import { avroType, Encoder } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import { connectRegistry } from '../../services/shell/connect';
import { readProfile } from '../../services/shell/definition-files';
import { ownSchemaId } from '../../services/shell/stage-codec';
import { rawTopic } from '../../services/topology';
import type { RunningSystem } from '../support/running-system';
import { pause, until } from '../support/until';
import { Audit } from './audit';
import { steppableClock } from './clock-faults';
import type { Fault, FaultContext, Surroundings } from './fault';
import { endOwnProcesses } from './real-parts';
import { RecoveryWatch } from './recovery';
import { ReplyProxies } from './reply-proxies';
import type { Round } from './report';

export interface CampaignOptions { readonly seed: string; readonly events: number; /** Events a second. */ readonly rate: number }

export const PROFILE = 'CD';
const DAYS = 20;
const HOUR_MS = 3_600_000;
const DRAIN_SECONDS = 180;
const HEALTHY_MS = 90_000;
/** Of a round's traffic: the first as many events as asked for, each further one a share of them. */
const PARTS = 12;
const NO_BROKER_MS = 1_000;
const seconds = (milliseconds: number | undefined): number | null => (milliseconds === undefined ? null : milliseconds / 1_000);

export class Campaign {
  /** What was sent, by the bytes of its record. */
  private readonly sent = new Map<string, MadeEvent>();
  private readonly audit: Audit;
  private encoder!: Encoder;
  private surroundings: Surroundings;
  private eventsBefore = 0;
  private proxies: ReplyProxies | undefined;
  private watch: RecoveryWatch | undefined;

  constructor(private readonly system: RunningSystem, private readonly options: CampaignOptions, private readonly random: Random, onBrokers: Surroundings = 'plain') {
    this.surroundings = onBrokers;
    this.audit = new Audit(system, this.sent);
  }

  async start(): Promise<void> {
    await this.system.start();
    this.encoder = new Encoder(await ownSchemaId(connectRegistry(this.system.config), rawTopic), avroType(topicSchema(rawTopic)));
  }

  async stop(): Promise<void> {
    this.proxies?.stop();
    await this.watch?.end();
    endOwnProcesses();
    await this.system.stop();
  }

  /** Beside the folder that goes with the system; answers where. */
  keepLogs(): string {
    const kept = mkdtempSync(join(tmpdir(), 'tidewaiter-faults-'));
    for (const folder of ['logs', 'run']) cpSync(join(this.system.home, folder), join(kept, folder), { recursive: true });
    return kept;
  }

  async round(number: number, name: string, fault: Fault): Promise<Round> {
    const { system, random, options: { events } } = this;
    const startMs = Date.now();
    await this.enter(fault.surroundings ?? 'plain');
    let acted = false;
    const traffic = this.traffic(number, () => acted);
    await pause(1_000 + random.next() * 2_000);
    const watch = (this.watch = await RecoveryWatch.ready(system));
    const found = (await fault.act(this.context(events, watch)).finally(() => { acted = true; })) ?? [];
    const declarations = await traffic;
    await this.healthy();
    system.drain(DRAIN_SECONDS);
    const { fromFaultMs, fromAssignmentMs } = await watch.measured();
    const { records, cells, wrong } = await this.audit.differences();
    const gained = records - this.eventsBefore;
    this.eventsBefore = records;
    const all = [...found, ...wrong];
    return { round: number, fault: name, events: gained, declarations, cells, drift: all.length, wrong: all, secondsFromFault: seconds(fromFaultMs), secondsFromAssignment: seconds(fromAssignmentMs), seconds: (Date.now() - startMs) / 1_000 };
  }

  /** Declarations flow until the fault is over, however long that takes: one that waits for something on its way would wait for ever. Answers how many there were. */
  private async traffic(number: number, over: () => boolean): Promise<number> {
    let all = 0;
    for (let part = 0; part === 0 || (!over() && part < PARTS); part++) {
      const { file, declarations } = this.generated(part === 0 ? String(number) : `${number}-${part}`, part === 0 ? this.options.events : Math.ceil(this.options.events / PARTS));
      const code = await this.system.begin('feed', file, '--format', 'ndjson', '--rate', String(this.options.rate));
      /** Later ones may begin while the broker is away. */
      if (code !== 0 && part === 0) throw new Error('feed did not come through');
      if (code !== 0) await pause(NO_BROKER_MS);
      all += declarations;
    }
    return all;
  }

  private context(events: number, watch: RecoveryWatch): FaultContext {
    return { system: this.system, random: this.random, events, strike: () => watch.strike(), proxies: () => this.proxies as ReplyProxies };
  }

  /** Services are started anew where they must be started otherwise. */
  private async enter(surroundings: Surroundings): Promise<void> {
    if (this.surroundings === surroundings) return;
    this.surroundings = surroundings;
    await this.system.stopServices();
    await this.system.startServices(await this.settingsOf(surroundings));
  }

  private async settingsOf(surroundings: Surroundings): Promise<Record<string, string>> {
    if (surroundings === 'steppable clock') return steppableClock();
    if (surroundings !== 'behind proxies') return {};
    this.proxies ??= await ReplyProxies.start(this.system);
    return this.proxies.settings;
  }

  /** Events of declarations that no other round has. */
  private generated(name: string, count: number): { file: string; declarations: number } {
    const file = join(this.system.home, `round-${name}.ndjson`);
    const tally = emptyTally();
    const options = { profile: readProfile(PROFILE), seed: `${this.options.seed}/${name}`, count, days: DAYS, untilMs: Date.now() - HOUR_MS, withFaults: true };
    const made = new Map<string, MadeEvent>();
    const lines = [...generate(options, tally, (events) => { for (const event of events) made.set(event.line, event); })];
    for (const line of lines) {
      const declaration = readNdjsonLine(line, 1)?.declaration;
      if (!declaration) throw new Error(`the generator wrote a line that cannot be read: ${line}`);
      this.sent.set(this.encoder.encode(declaration).toString('latin1'), made.get(line) as MadeEvent);
    }
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
    return { file, declarations: tally.declarations };
  }

  /** All services run, none of them has stopped a partition, and all parts answer. */
  private healthy(): Promise<void> {
    const { system } = this;
    return until('everything runs again', () => system.cli('stack', 'status').status === 0 && system.status().services.every(({ state, stoppedPartitions }) => state === 'running' && stoppedPartitions === undefined), HEALTHY_MS);
  }
}
