/** Joins settings and adapters: the one place that says which adapter stands behind which port. */
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import { aggregateInputs } from '../topology';
import { readSecret, type Config } from './config';
import { ConfluentRegistry } from './kafka/confluent-registry';
import { KafkaLog, type KafkaSettings } from './kafka/kafka-log';
import type { ClosedStore } from './closed-store';
import type { FigureReader, LedgerStore } from './figure-store';
import { silentMeasurements, type Measurements } from './measurements';
import { measuredRegistry } from './measured-registry';
import type { Log, SchemaSource, TroubleListener } from './ports';
import { Keys } from './redis/keys';
import { RedisClosedStore } from './redis/redis-closed-store';
import { RedisFigureReader } from './redis/redis-figure-reader';
import { RedisLedgerStore } from './redis/redis-ledger-store';
import { ScriptRunner } from './redis/script-runner';

export function kafkaSettings(config: Config, clientId: string): KafkaSettings {
  const { TIDEWAITER_KAFKA_SSL: ssl, TIDEWAITER_KAFKA_CA_FILE: caFile, TIDEWAITER_KAFKA_SASL_MECHANISM: mechanism } = config;
  return {
    brokers: config.brokers,
    clientId,
    ...(ssl ? { ssl: caFile === undefined ? true : { ca: [readFileSync(caFile, 'utf8')] } } : {}),
    ...(mechanism === undefined ? {} : { sasl: { mechanism, username: config.TIDEWAITER_KAFKA_USERNAME ?? '', password: readSecret(config.TIDEWAITER_KAFKA_PASSWORD_FILE ?? '', 'TIDEWAITER_KAFKA_PASSWORD_FILE') } as NonNullable<KafkaSettings['sasl']> }),
  };
}

export const connectLog = (config: Config, clientId: string, logger: Logger, onTrouble?: TroubleListener, measurements = silentMeasurements): KafkaLog =>
  new KafkaLog(kafkaSettings(config, `tidewaiter-${clientId}`), logger, onTrouble, measurements);

export function connectRegistry(config: Config): ConfluentRegistry {
  const { TIDEWAITER_REGISTRY_USERNAME: username, TIDEWAITER_REGISTRY_PASSWORD_FILE: file } = config;
  return new ConfluentRegistry({ url: config.registryUrl, ...(username === undefined ? {} : { username, password: readSecret(file ?? '', 'TIDEWAITER_REGISTRY_PASSWORD_FILE') }) });
}

const keysOf = (config: Config): Keys => new Keys(config.TIDEWAITER_NAMESPACE, config.TIDEWAITER_SHARDS);

export const connectLedger = (config: Config, logger: Logger, onTrouble?: TroubleListener, measurements = silentMeasurements): RedisLedgerStore =>
  new RedisLedgerStore(new ScriptRunner(config.redisUrl, logger, onTrouble, {}, measurements), keysOf(config), config.TIDEWAITER_LEDGER_BUCKETS);

export const connectFigures = (config: Config, logger: Logger, onTrouble?: TroubleListener, measurements = silentMeasurements): RedisFigureReader =>
  new RedisFigureReader(new ScriptRunner(config.redisUrl, logger, onTrouble, {}, measurements), keysOf(config), aggregateInputs, config.TIDEWAITER_PARTITIONS);

export const connectClosed = (config: Config, logger: Logger, onTrouble?: TroubleListener, measurements = silentMeasurements): RedisClosedStore =>
  new RedisClosedStore(new ScriptRunner(config.redisUrl, logger, onTrouble, {}, measurements), keysOf(config), aggregateInputs, config.TIDEWAITER_PARTITIONS);

/** The broker, the registry and the store as one service sees them; in memory where nothing else can be had. */
export interface Neighbours {
  log(): Log;
  registry(): SchemaSource;
  ledger(): LedgerStore;
  figures(): FigureReader;
  closed(): ClosedStore;
}

export const connectNeighbours = (config: Config, clientId: string, logger: Logger, onTrouble: TroubleListener, measurements: Measurements = silentMeasurements): Neighbours => ({
  log: () => connectLog(config, clientId, logger, onTrouble, measurements),
  registry: () => measuredRegistry(connectRegistry(config), measurements),
  ledger: () => connectLedger(config, logger, onTrouble, measurements),
  figures: () => connectFigures(config, logger, onTrouble, measurements),
  closed: () => connectClosed(config, logger, onTrouble, measurements),
});
