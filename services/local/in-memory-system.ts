/**
 * Every service of the flow in this one process, on the in-memory broker, registry and store: the same
 * stages on the same shell, for a first look where nothing can be installed. Nothing is kept.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { startAggregate } from '../aggregate/start';
import { startEnrich } from '../enrich/start';
import { startIngest } from '../ingest/start';
import { startPublish } from '../publish/start';
import { allTopicSchemas } from '../shell/avro/schema-files';
import type { Config } from '../shell/config';
import type { Neighbours } from '../shell/connect';
import { backlog } from '../shell/drained';
import { MemoryBroker } from '../shell/memory/memory-broker';
import { MemoryLog } from '../shell/memory/memory-log';
import { MemoryRegistry } from '../shell/memory/memory-registry';
import { MemoryStore } from '../shell/memory/memory-store';
import type { RunningService, ServiceContext, StartService } from '../shell/service';
import { StateReporter } from '../shell/service-state';
import { startStandardize } from '../standardize/start';
import { stageNames, subjectOf, type StageName } from '../topology';

/** How each service is started. */
export const starts: Readonly<Record<StageName, StartService>> = { ingest: startIngest, standardize: startStandardize, enrich: startEnrich, aggregate: startAggregate, publish: startPublish };

export class InMemorySystem {
  private readonly running: RunningService[] = [];

  private constructor(readonly neighbours: Neighbours & { readonly registry: () => MemoryRegistry }, readonly broker: MemoryBroker, readonly store: MemoryStore, readonly home: string, readonly pseudonymKeyFile: string) {}

  /** Starts all services; the pseudonym key is made up and forgotten. `surroundings`: what each service has beside its neighbours. */
  static async start(config: Config, surroundings: (name: StageName, state: StateReporter) => Pick<ServiceContext, 'measurements' | 'traces'> = () => ({})): Promise<InMemorySystem> {
    const home = mkdtempSync(join(tmpdir(), 'tidewaiter-'));
    const pseudonymKeyFile = join(home, 'pseudonym.key');
    writeFileSync(pseudonymKeyFile, randomBytes(32).toString('hex'), { mode: 0o600 });
    const broker = new MemoryBroker({ partitions: config.TIDEWAITER_PARTITIONS });
    const store = new MemoryStore({ partitions: config.TIDEWAITER_PARTITIONS, shards: config.TIDEWAITER_SHARDS, buckets: config.TIDEWAITER_LEDGER_BUCKETS, namespace: config.TIDEWAITER_NAMESPACE });
    const registry = new MemoryRegistry();
    for (const { topic, text } of allTopicSchemas()) await registry.register(subjectOf(topic), text);
    const system = new InMemorySystem({ log: () => new MemoryLog(broker), registry: () => registry, ledger: (place) => store.ledger(place), figures: (place) => store.reader(place), closed: (place) => store.closed(place), directory: () => store.directory() }, broker, store, home, pseudonymKeyFile);
    const logger = pino({ level: 'silent' });
    for (const name of stageNames) {
      const state = new StateReporter(home, name);
      system.running.push(await starts[name]({ config: { ...config, home, pseudonymKeyFile }, logger, state, ...surroundings(name, state), neighbours: system.neighbours, untilReady: (_neighbour, call) => call() }));
    }
    return system;
  }

  /** Waits until everything fed has been counted and published. */
  async drained(): Promise<void> {
    const inspector = await this.neighbours.log().inspector();
    const reader = this.neighbours.figures();
    while ((await backlog(inspector, reader)).length > 0) await new Promise((next) => setTimeout(next, 50));
    await inspector.close();
  }

  /** Everything that lies in the store's hashes, by full key and field, in order; ledger entries as the number of their bytes. */
  fields(): { readonly key: string; readonly field: string; readonly value: string }[] {
    const all = [...this.store.figures.data.hashes].flatMap(([key, fields]) => [...fields].map(([field, value]) => ({ key, field, value: Buffer.isBuffer(value) ? `${value.length} bytes` : value })));
    return all.sort((a, b) => (a.key === b.key ? (a.field < b.field ? -1 : 1) : a.key < b.key ? -1 : 1));
  }

  async stop(): Promise<void> {
    await Promise.all(this.running.map((service) => service.stop()));
    rmSync(this.home, { recursive: true, force: true });
  }
}
