/** The broker, the registry and Redis as commands meet them: bounded waits, and one line that names address and setting. */
import { connect } from 'node:net';
import type { Logger } from 'pino';
import { limits } from '../limits';
import { ClosedRecords } from '../closing/closed-records';
import type { Config } from '../shell/config';
import type { ClosedStore } from '../shell/closed-store';
import { connectClosed, connectFigures, connectLedger, connectLog, connectRegistry } from '../shell/connect';
import type { FigureReader, LedgerStore } from '../shell/figure-store';
import type { ConfluentRegistry } from '../shell/kafka/confluent-registry';
import type { KafkaLog } from '../shell/kafka/kafka-log';
import { createLogger } from '../shell/log';
import type { LogInspector, TroubleListener } from '../shell/ports';
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

const withoutSecrets = (url: string): string => url.replace(/\/\/[^@/]*@/, '//');
const notReached = (what: string, where: string, setting: string, reason: string): CommandFailure =>
  new CommandFailure(`${what} at ${withoutSecrets(where)} does not answer (${reason}). Is it up ("tidewaiter stack status")? Another address is set with ${setting}.`);

/** What a command opens, closed in the end whatever happened. */
export class Neighbours {
  private readonly closers: (() => Promise<void>)[] = [];
  readonly logger: Logger;

  constructor(readonly config: Config) { this.logger = commandLogger(config); }

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
      throw notReached('The schema registry', this.config.registryUrl, 'TIDEWAITER_REGISTRY_URL', (error as Error).message);
    }
  }

  async closedRecords(): Promise<ClosedRecords> {
    const registry = await this.registry();
    return this.registryCall(ClosedRecords.create(registry));
  }

  figures(): Promise<FigureReader> { return this.redis(() => connectFigures(this.config, this.logger)); }
  closed(): Promise<ClosedStore> { return this.redis(() => connectClosed(this.config, this.logger)); }
  ledger(): Promise<LedgerStore> { return this.redis(() => connectLedger(this.config, this.logger)); }

  private async redis<Store extends { close(): Promise<void> }>(connect: () => Store): Promise<Store> {
    const reason = await unreachable(addressOf(this.config.redisUrl));
    if (reason !== undefined) throw notReached('Redis', this.config.redisUrl, 'TIDEWAITER_REDIS_URL', reason);
    const store = connect();
    this.closers.push(() => store.close());
    return store;
  }

  /** Bounds a call to Redis, whose reader would wait for ever. */
  async redisCall<Answer>(call: Promise<Answer>, milliseconds: number = limits.commandCallMs): Promise<Answer> {
    try {
      return await within(milliseconds, call);
    } catch (error) {
      if (error instanceof CommandFailure) throw error;
      throw notReached('Redis', this.config.redisUrl, 'TIDEWAITER_REDIS_URL', (error as Error).message);
    }
  }

  onClose(closer: () => Promise<void>): void { this.closers.push(closer); }

  async close(): Promise<void> {
    await Promise.allSettled(this.closers.reverse().map((closer) => within(limits.reachMs, closer())));
  }
}

/** Runs a command with its settings, and closes what it opened. */
export async function withNeighbours<Answer>(config: Config, run: (neighbours: Neighbours) => Promise<Answer>): Promise<Answer> {
  const neighbours = new Neighbours(config);
  try {
    return await run(neighbours);
  } finally {
    await neighbours.close();
  }
}
