/**
 * The whole system in one process under virtual time: the real services on the in-memory broker, registry and
 * store, two of each, under a supervisor that starts a dead one again; and a gateway that sends declarations.
 */
import pino from 'pino';
import type { FiguresPlace } from '../../services/domain/namespace-directory';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Random } from '../../services/generate/random';
import type { ReferenceDocument } from '../../services/reference/documents';
import { limits } from '../../services/limits';
import { starts } from '../../services/local/in-memory-system';
import { allTopicSchemas } from '../../services/shell/avro/schema-files';
import { readConfig, type Config } from '../../services/shell/config';
import { readCatalogue, readProfile } from '../../services/shell/definition-files';
import { MemoryBroker } from '../../services/shell/memory/memory-broker';
import { MemoryLog } from '../../services/shell/memory/memory-log';
import { MemoryRegistry } from '../../services/shell/memory/memory-registry';
import { MemoryStore } from '../../services/shell/memory/memory-store';
import { outgoingDocument } from '../../services/shell/reference-records';
import { backlog } from '../../services/shell/drained';
import type { RunningService } from '../../services/shell/service';
import { StateReporter } from '../../services/shell/service-state';
import { patiently } from '../../services/shell/waiting';
import { stageNames, subjectOf, type StageName } from '../../services/topology';
import { Gate } from './gate';
import { FenceWitness } from './fence-witness';
import type { VirtualTime } from './virtual-time';

export const INSTANCES = 2;
export const PARTITIONS = 3;
const RESTART_MS = { least: 300, most: 4_000 };
/** How long after a thaw the client of a process notices that its session is gone. */
const HEARTBEAT_MS = 3_000;

/** Something that happens when a process of a stage passes a point, counted from now on. `instance`: undefined for whoever comes first. */
export interface Ambush { readonly stage: StageName; readonly instance: number | undefined; readonly point: string; remaining: number; readonly act: (instance: number) => void }

interface Process { readonly stage: StageName; readonly instance: number; readonly gate: Gate; readonly state: StateReporter; service: RunningService | undefined }

export class SimulatedSystem {
  readonly broker: MemoryBroker;
  readonly store: MemoryStore;
  readonly registry = new MemoryRegistry();
  /** The broker's clock is off by this much (ms). */
  brokerSkewMs = 0;
  /** Errors that ended a service: a programmer's error is one too many. */
  readonly crashes: string[] = [];
  deaths = 0;
  private readonly processes: Process[] = [];
  private ambushes: Ambush[] = [];
  private readonly witness: FenceWitness;
  private readonly config: Config;
  private readonly home: string;
  private ending = false;

  constructor(readonly random: Random, readonly time: VirtualTime) {
    this.home = mkdtempSync(join(tmpdir(), 'tidewaiter-simulation-'));
    const pseudonymKeyFile = join(this.home, 'pseudonym.key');
    writeFileSync(pseudonymKeyFile, 'a key for simulations, and no other use', { mode: 0o600 });
    this.config = { ...readConfig({ TIDEWAITER_HOME: this.home, TIDEWAITER_PARTITIONS: String(PARTITIONS), TIDEWAITER_LEDGER_BUCKETS: '16', TIDEWAITER_PROFILE: 'CD' }), home: this.home, pseudonymKeyFile };
    const partitions = PARTITIONS;
    this.broker = new MemoryBroker({ partitions, now: () => Math.floor(time.now + this.brokerSkewMs), recordsPerFetch: 20 });
    this.store = new MemoryStore({ partitions, buckets: 16, now: () => Math.floor(time.now) });
    this.witness = new FenceWitness(this.store);
  }

  async start(): Promise<void> {
    for (const { topic, text } of allTopicSchemas()) await this.registry.register(subjectOf(topic), text);
    for (const stage of stageNames) for (let instance = 0; instance < INSTANCES; instance++) this.spawn(stage, instance);
  }

  private spawn(stage: StageName, instance: number): void {
    const process: Process = { stage, instance, service: undefined, gate: new Gate(this.random, () => this.buried(process), (point) => this.passing(stage, instance, point)), state: new StateReporter(this.home, `${stage}-${instance}` as StageName) };
    this.processes[stageNames.indexOf(stage) * INSTANCES + instance] = process;
    const { gate, state } = process;
    const neighbours = {
      log: () => gate.log(new MemoryLog(this.broker)),
      registry: () => gate.registry(this.registry),
      ledger: () => gate.ledger(this.witness.ledger()),
      figures: (place?: FiguresPlace) => gate.figures(this.store.reader(place)),
      closed: (place?: FiguresPlace) => gate.closed(this.store.closed(place)),
      directory: () => gate.directory(this.store.directory()),
    };
    const context = { config: this.config, logger: pino({ level: 'silent' }), state, neighbours, untilReady: async <Answer>(neighbour: string, call: () => Promise<Answer>) => (await patiently(() => undefined, neighbour, call, () => gate.dead)) as Answer };
    starts[stage](context).then((service) => {
      process.service = service;
      /** Died while it started. */
      if (gate.dead) void service.stop().catch(() => undefined);
      return service.done;
    }).catch((error: unknown) => {
      if (gate.dead || this.ending) return;
      this.crashes.push(`${stage} ${instance}: ${(error as Error).stack ?? String(error)}`);
      gate.die();
    });
  }

  /** A dead process: its session runs out, its loops end (none of their calls is answered), another takes its place. */
  private buried({ stage, instance, gate, service }: Process): void {
    if (!this.ending) this.deaths++;
    void service?.stop().catch(() => undefined);
    setTimeout(() => { for (const source of gate.sources) void source.stop(); }, limits.sessionTimeoutMs);
    if (!this.ending) setTimeout(() => { if (!this.ending) this.spawn(stage, instance); }, this.random.between(RESTART_MS.least, RESTART_MS.most));
  }

  process(stage: StageName, instance: number): Process { return this.processes[stageNames.indexOf(stage) * INSTANCES + instance] as Process; }

  /** Also for a process that is not there yet. */
  layAmbush(ambush: Ambush): void { this.ambushes.push(ambush); }

  private passing(stage: StageName, instance: number, point: string): void {
    if (this.ending) return;
    const due = this.ambushes.filter((ambush) => ambush.stage === stage && ambush.point === point && (ambush.instance ?? instance) === instance && --ambush.remaining <= 0);
    if (due.length === 0) return;
    this.ambushes = this.ambushes.filter((ambush) => !due.includes(ambush));
    for (const { act } of due) act(instance);
  }

  kill(stage: StageName, instance: number): void { this.process(stage, instance).gate.die(); }

  /** SIGSTOP, and SIGCONT after a while: the group may have moved on, and the process does not know. */
  freeze(stage: StageName, instance: number, forMs: number): void {
    const { gate } = this.process(stage, instance);
    if (gate.dead) return;
    const thaw = gate.freeze();
    let expelled = false;
    const session = setTimeout(() => { expelled = true; gate.expel(); }, limits.sessionTimeoutMs);
    setTimeout(() => {
      clearTimeout(session);
      thaw();
      setTimeout(() => {
        gate.hear();
        if (expelled && !gate.dead) for (const source of gate.sources) source.notice();
      }, this.random.between(0, HEARTBEAT_MS));
    }, forMs);
  }

  /** A member of a stage's group that reads nothing joins, and leaves after a while. */
  disturb(stage: StageName, forMs: number): void {
    const source = new MemoryLog(this.broker).source(stage, []);
    void source.start({ revoked: () => undefined, assigned: async () => [], fetched: async () => undefined });
    setTimeout(() => void source.stop(), forMs);
  }

  async loadDefinitions(version: string): Promise<void> {
    const pack = readCatalogue(readProfile(this.config.TIDEWAITER_PROFILE)).documents().map(({ document }) => document).find(({ kind }) => kind === 'pack') as ReferenceDocument;
    const sink = await new MemoryLog(this.broker).sink();
    for (;;) {
      try {
        await sink.send([await outgoingDocument({ ...pack, version }, this.registry)]);
        return;
      } catch {
        /** The registry is away: whoever loads tries again. */
        await new Promise((next) => setTimeout(next, 1_000));
      }
    }
  }

  /** Runs until nothing is left between the raw topic and the aggregate topics. */
  async drain(limitMs: number): Promise<void> {
    let left: string[] = [];
    let drained = false;
    const look = async (): Promise<void> => {
      const inspector = await new MemoryLog(this.broker).inspector();
      const reader = this.store.reader();
      for (let calm = 0; calm < 3; ) {
        left = (await backlog(inspector, reader)).map((part) => JSON.stringify(part));
        calm = left.length === 0 ? calm + 1 : 0;
        await new Promise((next) => setTimeout(next, 500));
      }
      drained = true;
    };
    void look();
    await this.time.run(() => drained, limitMs, 'drained').catch((error: Error) => { throw new Error(`${error.message}; left: ${left.join(' ')}`); });
  }

  /** Services that say they wait, when there is nothing to wait for. */
  stillWaiting(): string[] {
    return this.processes.flatMap(({ stage, instance, gate, state }) => (gate.dead || state.waitingFor === undefined ? [] : [`${stage} ${instance} still says that it waits: ${state.waitingFor}`]));
  }

  /** Figures that were changed by somebody who did not own them. */
  breaches(): readonly string[] { return this.witness.breaches; }

  end(): void {
    this.ending = true;
    for (const { gate } of this.processes) gate.die();
    rmSync(this.home, { recursive: true, force: true });
  }
}
