/** A console on made-up neighbours: broker, registry and store in memory, everything else as in earnest. */
import type { FiguresPlace } from '../../services/domain/namespace-directory';
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { createConsole, type Console, type ConsoleContext } from '../../services/console/console';
import type { Role } from '../../services/console/access/permissions';
import { avroType, Encoder } from '../../services/shell/avro/codec';
import { allTopicSchemas, topicSchema } from '../../services/shell/avro/schema-files';
import { readConfig } from '../../services/shell/config';
import { MemoryBroker } from '../../services/shell/memory/memory-broker';
import { MemoryLog } from '../../services/shell/memory/memory-log';
import { MemoryRegistry } from '../../services/shell/memory/memory-registry';
import { MemoryStore } from '../../services/shell/memory/memory-store';
import { StateReporter } from '../../services/shell/service-state';
import { ownSchemaId } from '../../services/shell/stage-codec';
import { subjectOf, type TopicName } from '../../services/topology';

export const PARTITIONS = 2;

export class ConsoleWorld {
  private constructor(readonly console: Console, readonly broker: MemoryBroker, readonly registry: MemoryRegistry, readonly store: MemoryStore, readonly home: string, private readonly context: ConsoleContext) {}

  static async start(settings: Readonly<Record<string, string>> = {}): Promise<ConsoleWorld> {
    const home = mkdtempSync(join(tmpdir(), 'tidewaiter-console-'));
    const pageFolder = join(home, 'page');
    mkdirSync(pageFolder);
    writeFileSync(join(pageFolder, 'index.html'), '<!doctype html><title>page</title>');
    writeFileSync(join(pageFolder, 'main-ABCD1234.js'), '');
    const config = readConfig({ TIDEWAITER_HOME: home, TIDEWAITER_PARTITIONS: String(PARTITIONS), ...settings });
    const broker = new MemoryBroker({ partitions: PARTITIONS });
    const store = new MemoryStore({ partitions: PARTITIONS, shards: 1, buckets: 16, namespace: 'live' });
    const registry = new MemoryRegistry();
    for (const { topic, text } of allTopicSchemas()) await registry.register(subjectOf(topic), text);
    const neighbours = { log: () => new MemoryLog(broker), registry: () => registry, ledger: () => store.ledger(), figures: (place?: FiguresPlace) => store.reader(place), closed: (place?: FiguresPlace) => store.closed(place), directory: () => store.directory() };
    const logger = pino({ level: 'silent' });
    const context = { config, logger, neighbours, pageFolder, state: new StateReporter(home, 'console') };
    const console = await createConsole(context);
    await console.topics.start();
    return new ConsoleWorld(console, broker, registry, store, home, context);
  }

  /** A second console on the same neighbours; `wait`: until it has read its lists. */
  async another({ wait } = { wait: true }): Promise<Console> {
    const console = await createConsole({ ...this.context, state: new StateReporter(this.home, 'console') });
    const started = console.topics.start();
    if (wait) await started;
    return console;
  }

  get server(): Console['server'] { return this.console.server; }

  bearer(...roles: readonly Role[]): Promise<string> { return this.console.parts.tokens.issue({ name: `somebody ${roles.join(' ')}`, roles, hours: 1, once: false }); }

  /** Appends a value to a topic, as the service that owns the topic would. */
  async append(topic: TopicName, value: object, partition = 0): Promise<void> {
    const encoder = new Encoder(await ownSchemaId(this.registry, topic), avroType(topicSchema(topic)));
    this.broker.request([{ topic, partition, key: 'key', value: encoder.encode(value) }], Date.now());
  }

  async until(what: string, reached: () => boolean | Promise<boolean>): Promise<void> {
    for (const deadlineMs = Date.now() + 5_000; !(await reached()); ) {
      if (Date.now() > deadlineMs) throw new Error(`not reached: ${what}`);
      await new Promise((next) => setTimeout(next, 5));
    }
  }

  async stop(): Promise<void> {
    await this.console.stop();
    rmSync(this.home, { recursive: true, force: true });
  }
}

export const alertValue = (over: Readonly<Record<string, unknown>> = {}): object => ({
  alertId: 'alert-1', origin: { partition: 0, offset: 7, timestamp: 1_796_083_200_000 }, declarationId: 'CD-2026-7', version: 1, itemNumber: 1, occurredAt: 1_796_083_200_000, office: 'KIN01', flow: 'IMPORT', partner: 'DE',
  traderToken: '3fa7:PeVZ0m9MjMo2317r_46onw', level: 4, listId: 'EU2', listVersion: '2026.1', rowId: 'EU2-02', substance: 'acetone', evidence: ['cas'], explanation: 'Item 1 matches acetone', referenceSet: '0123456789abcdef', lookBack: false, ...over,
});

export const rejectValue = (over: Readonly<Record<string, unknown>> = {}): object => ({
  rejectId: 'ingest-0-7', origin: { partition: 0, offset: 7, timestamp: 1_796_083_200_000 }, stage: 'ingest', code: 'E-HS-UNKNOWN', codes: ['E-HS-UNKNOWN'], message: 'items[0].commodityCode is in no edition', declarationId: 'CD-2026-7', version: 1,
  office: 'KIN01', occurredAt: 1_796_083_200_000, recordTopic: 'customs.declarations.raw.v1', recordKey: Buffer.from('CD-2026-7'), recordValue: Buffer.from('none'), recordHeaders: [], ...over,
});
