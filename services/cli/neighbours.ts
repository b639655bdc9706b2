/** The broker, the registry and Redis as commands meet them: bounded waits, and one line that names address and setting. */
import { connect } from 'node:net';
import type { Logger } from 'pino';
import { limits } from '../limits';
import { ClosedRecords } from '../closing/closed-records';
import type { FiguresPlace } from '../domain/namespace-directory';
import type { Config } from '../shell/config';
import type { ClosedStore } from '../shell/closed-store';
import { connectClosed, connectDirectory, connectFigures, connectLedger, connectLog, connectRegistry, connectRestored } from '../shell/connect';
import type { DirectoryStore } from '../shell/directory-store';
import type { FigureReader, LedgerStore } from '../shell/figure-store';
import type { ConfluentRegistry } from '../shell/kafka/confluent-registry';
import type { KafkaLog } from '../shell/kafka/kafka-log';
import { inWords } from '../shell/kafka/refused';
import { createLogger } from '../shell/log';
import { meantBy, type MeantFigures } from '../shell/live-namespace';
import { silentMeasurements } from '../shell/measurements';
import type { LogInspector, SchemaSource, TroubleListener } from '../shell/ports';
import type { RestoredStore } from '../shell/restored-store';
import { NotReady } from '../shell/waiting';
import { within } from '../shell/within';
import { CommandFailure } from './failure';

export const MISSING_TOPICS = 'Kafka does not have the topics yet: run "tidewaiter topics apply" first.';

/** Commands print for people; the clients' own log lines only when they were asked for. */
export const commandLogger = (config: Config): Logger => createLogger('cli', process.env['TIDEWAITER_LOG_LEVEL'] ? config.TIDEWAITER_LOG_LEVEL : 'silent');

export interface Address { readonly host: string; readonly port: number }

/** Undefined when somebody listens, else why not. */
export function unreachable({ host, port }: Address, milliseconds: number = limits.reachMs): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const finish = (reason?: string): void => { socket.destroy(); resolve(reason); };
    socket.setTimeout(milliseconds, () => finish('no answer'));
    socket.once('connect', () => finish());
    socket.once('error', (error: NodeJS.ErrnoException) => finish(error.code ?? error.message));
  });
}

const defaultPorts: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'redis:': 6379, 'rediss:': 6379 };
export function addressOf(url: string): Address {
  const { hostname, port, protocol } = new URL(url.includes('://') ? url : `kafka://${url}`);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (defaultPorts[protocol] ?? 9092) };
}

const withoutSecrets = (url: string): string => url.replace(/\/\/[^@/]*@/g, '//');
const notReached = (what: string, where: string, setting: string, reason: string): CommandFailure =>
  new CommandFailure(`${what} at ${withoutSecrets(where)} does not answer (${reason}). Is it up ("tidewaiter stack status")? Another address is set with ${setting}.`);

/** What a command opens, closed in the end whatever happened. */
export class Neighbours {
  private readonly closers: (() => Promise<void>)[] = [];
  /** Why Redis was waited for: running out of time does not say. */
  private redisTrouble: string | undefined;
  readonly logger: Logger;

  /** `namespace`: one that was named; without it, what the settings mean. */
  constructor(readonly config: Config, private readonly namespace?: string) { this.logger = commandLogger(config); }

  /** One broker of the list is enough. */
  async log(onTrouble?: TroubleListener): Promise<KafkaLog> {
    const reasons = await Promise.all(this.config.brokers.map((broker) => unreachable(addressOf(broker))));
    if (!reasons.includes(undefined)) throw notReached('Kafka', this.config.brokers.join(','), 'TIDEWAITER_BROKERS', reasons[0] ?? 'no broker');
    return connectLog(this.config, 'cli', this.logger, onTrouble);
  }

  async inspector(log?: KafkaLog, milliseconds: number = limits.commandCallMs): Promise<LogInspector> {
    const opened = log ?? (await this.log());
    const inspector = await this.kafkaCall(opened.inspector(), Math.min(limits.commandCallMs, milliseconds));
    this.closers.push(() => inspector.close());
    return inspector;
  }

  /** Bounds a call to the broker. */
  async kafkaCall<Answer>(call: Promise<Answer>, milliseconds: number = limits.commandCallMs): Promise<Answer> {
    try {
      return await within(milliseconds, call);
    } catch (error) {
      if (error instanceof CommandFailure) throw error;
      const told = inWords(error as Error, this.config.TIDEWAITER_KAFKA_USERNAME, 'the rights of the operator');
      if (told instanceof NotReady) throw new CommandFailure(told.message);
      const { type, message } = error as { type?: string; message: string };
      if (type === 'UNKNOWN_TOPIC_OR_PARTITION' || message.includes('does not host this topic-partition')) throw new CommandFailure(MISSING_TOPICS);
      throw notReached('Kafka', this.config.brokers.join(','), 'TIDEWAITER_BROKERS', message);
    }
  }

  async registry(): Promise<ConfluentRegistry> {
    const reason = await unreachable(addressOf(this.config.registryUrl));
    if (reason !== undefined) throw notReached('The schema registry', this.config.registryUrl, 'TIDEWAITER_REGISTRY_URL', reason);
    return connectRegistry(this.config);
  }

  /** Bounds a call to the registry and says where it went. */
  async registryCall<Answer>(call: Promise<Answer>): Promise<Answer> {
    try {
      return await within(limits.commandCallMs, call);
    } catch (error) {
      if (error instanceof NotReady) throw new CommandFailure(error.message);
      throw notReached('The schema registry', this.config.registryUrl, 'TIDEWAITER_REGISTRY_URL', (error as Error).message);
    }
  }

  /** For schemas that are asked for while records are read: a registry that goes away is named. */
  async schemas(): Promise<SchemaSource> {
    const registry = await this.registry();
    return { byId: (id) => this.registryCall(registry.byId(id)), latest: (subject) => this.registryCall(registry.latest(subject)) };
  }

  async closedRecords(): Promise<ClosedRecords> {
    const registry = await this.registry();
    return this.registryCall(ClosedRecords.create(registry));
  }

  figures(place?: FiguresPlace): Promise<FigureReader> { return this.storeOf(connectFigures, place); }
  restored(place: FiguresPlace): Promise<RestoredStore> { return this.storeOf(connectRestored, place); }
  closed(): Promise<ClosedStore> { return this.storeOf(connectClosed); }
  ledger(place?: FiguresPlace): Promise<LedgerStore> { return this.storeOf(connectLedger, place); }

  /** Of `place`, or of the namespace that the settings mean: what is live, unless another one is named. */
  private async storeOf<Store extends { close(): Promise<void> }>(connect: (...surroundings: Parameters<typeof connectFigures>) => Store, place?: FiguresPlace): Promise<Store> {
    const meant = place ?? (await this.meant());
    return this.redis((onTrouble) => connect(this.config, this.logger, onTrouble, silentMeasurements, meant));
  }

  directory(): Promise<DirectoryStore> { return this.redis((onTrouble) => connectDirectory(this.config, this.logger, onTrouble)); }

  /** Asked once: a command reads one namespace, whatever is promoted meanwhile. */
  meant(): Promise<MeantFigures> {
    return (this.place ??= this.directory().then((directory) => this.redisCall(meantBy(this.config, directory, this.namespace))));
  }
  private place: Promise<MeantFigures> | undefined;

  private async redis<Store extends { close(): Promise<void> }>(connect: (onTrouble: TroubleListener) => Store): Promise<Store> {
    const reasons = await Promise.all(this.config.redisUrls.map((url) => unreachable(addressOf(url))));
    if (!reasons.includes(undefined)) throw this.redisNotReached(reasons[0] ?? 'no address');
    const store = connect((trouble) => { this.redisTrouble = trouble; });
    this.closers.push(() => store.close());
    return store;
  }

  /** Bounds a call to Redis, whose reader would wait for ever. */
  async redisCall<Answer>(call: Promise<Answer>, milliseconds: number = limits.commandCallMs): Promise<Answer> {
    try {
      return await within(milliseconds, call);
    } catch (error) {
      if (error instanceof CommandFailure) throw error;
      throw this.redisNotReached(this.redisTrouble ?? (error as Error).message);
    }
  }

  private redisNotReached(reason: string): CommandFailure {
    return notReached('Redis', this.config.redisUrls.join(','), 'TIDEWAITER_REDIS_URL', reason);
  }

  onClose(closer: () => Promise<void>): void { this.closers.push(closer); }

  async close(): Promise<void> {
    await Promise.allSettled(this.closers.reverse().map((closer) => within(limits.reachMs, closer())));
  }
}

/** Runs a command with its settings, and closes what it opened. */
export async function withNeighbours<Answer>(config: Config, run: (neighbours: Neighbours) => Promise<Answer>, namespace?: string): Promise<Answer> {
  const neighbours = new Neighbours(config, namespace);
  try {
    return await run(neighbours);
  } finally {
    await neighbours.close();
  }
}
