/** Joins settings and adapters: the one place that says which adapter stands behind which port. */
import type { Logger } from 'pino';
import { limits } from '../limits';
import { aggregateInputs } from '../topology';
import { readSecret, type Config } from './config';
import { ConfluentRegistry } from './kafka/confluent-registry';
import { KafkaLog, type KafkaSettings } from './kafka/kafka-log';
import type { FiguresPlace } from '../domain/namespace-directory';
import type { ClosedStore } from './closed-store';
import type { DirectoryStore } from './directory-store';
import type { FigureReader, LedgerStore } from './figure-store';
import { silentMeasurements, type Measurements } from './measurements';
import { measuredRegistry } from './measured-registry';
import type { Log, SchemaSource, TroubleListener } from './ports';
import { Keys } from './redis/keys';
import { RedisClosedStore } from './redis/redis-closed-store';
import { RedisDirectoryStore } from './redis/redis-directory-store';
import { RedisFigureReader } from './redis/redis-figure-reader';
import { RedisLedgerStore } from './redis/redis-ledger-store';
import { RedisRestoredStore } from './redis/redis-restored-store';
import type { RedisSettings } from './redis/redis-connection';
import { ScriptRunner } from './redis/script-runner';
import { UnpackedHashes } from './redis/unpacked-hashes';
import { AskedStates } from './states/asked-states';
import type { ServiceStates } from './states/service-states';
import { StateFiles } from './states/state-files';

export function kafkaSettings(config: Config, clientId: string): KafkaSettings {
  const { TIDEWAITER_KAFKA_SSL: ssl, TIDEWAITER_KAFKA_CA_FILE: caFile, TIDEWAITER_KAFKA_SASL_MECHANISM: mechanism, TIDEWAITER_KAFKA_USERNAME: username, TIDEWAITER_KAFKA_PASSWORD_FILE: passwordFile } = config;
  return {
    brokers: config.brokers,
    clientId,
    ...(ssl ? { ssl: caFile === undefined ? true : { ca: [readSecret(caFile, 'TIDEWAITER_KAFKA_CA_FILE')] } } : {}),
    ...(mechanism === undefined || username === undefined || passwordFile === undefined ? {} : { sasl: { mechanism, username, password: readSecret(passwordFile, 'TIDEWAITER_KAFKA_PASSWORD_FILE') } as NonNullable<KafkaSettings['sasl']> }),
  };
}

export const connectLog = (config: Config, clientId: string, logger: Logger, onTrouble?: TroubleListener, measurements = silentMeasurements): KafkaLog =>
  new KafkaLog(kafkaSettings(config, `tidewaiter-${clientId}`), logger, onTrouble, measurements);

export function connectRegistry(config: Config): ConfluentRegistry {
  const { TIDEWAITER_REGISTRY_USERNAME: username, TIDEWAITER_REGISTRY_PASSWORD_FILE: passwordFile, TIDEWAITER_REGISTRY_CA_FILE: caFile } = config;
  return new ConfluentRegistry({
    url: config.registryUrl,
    ...(caFile === undefined ? {} : { certificateAuthority: readSecret(caFile, 'TIDEWAITER_REGISTRY_CA_FILE') }),
    ...(username === undefined || passwordFile === undefined ? {} : { username, password: readSecret(passwordFile, 'TIDEWAITER_REGISTRY_PASSWORD_FILE') }),
  });
}

export function redisSettings(config: Config): RedisSettings {
  const { TIDEWAITER_REDIS_USERNAME: username, TIDEWAITER_REDIS_PASSWORD_FILE: passwordFile, TIDEWAITER_REDIS_CA_FILE: caFile } = config;
  return {
    urls: config.redisUrls,
    cluster: config.TIDEWAITER_REDIS_CLUSTER,
    ...(username === undefined ? {} : { username }),
    ...(passwordFile === undefined ? {} : { password: readSecret(passwordFile, 'TIDEWAITER_REDIS_PASSWORD_FILE') }),
    ...(caFile === undefined ? {} : { certificateAuthority: readSecret(caFile, 'TIDEWAITER_REDIS_CA_FILE') }),
  };
}

export const connectRedis = (config: Config, logger: Logger, onTrouble?: TroubleListener, measurements = silentMeasurements): ScriptRunner =>
  new ScriptRunner(redisSettings(config), logger, onTrouble, measurements);

/** Where the services of these settings count. */
const ownPlace = (config: Config): FiguresPlace => ({ name: config.TIDEWAITER_NAMESPACE, inputs: aggregateInputs });
const keysOf = (config: Config, { name }: FiguresPlace): Keys => new Keys(name, config.TIDEWAITER_SHARDS);

export const connectLedger = (config: Config, logger: Logger, onTrouble?: TroubleListener, measurements = silentMeasurements, place = ownPlace(config)): RedisLedgerStore =>
  new RedisLedgerStore(connectRedis(config, logger, onTrouble, measurements), keysOf(config, place), config.TIDEWAITER_LEDGER_BUCKETS);

/** `unpackedBytes`: of hashes that are kept for whoever reads them again and again. */
export const connectFigures = (config: Config, logger: Logger, onTrouble?: TroubleListener, measurements = silentMeasurements, place = ownPlace(config), unpackedBytes = 0): RedisFigureReader =>
  new RedisFigureReader(connectRedis(config, logger, onTrouble, measurements), keysOf(config, place), place.inputs, config.TIDEWAITER_PARTITIONS, new UnpackedHashes({ bytes: unpackedBytes, bytesOfHash: limits.unpackedHashBytes, hashesAtOnce: limits.unpackedHashesAtOnce }));

export const connectClosed = (config: Config, logger: Logger, onTrouble?: TroubleListener, measurements = silentMeasurements, place = ownPlace(config)): RedisClosedStore =>
  new RedisClosedStore(connectRedis(config, logger, onTrouble, measurements), keysOf(config, place), place.inputs, config.TIDEWAITER_PARTITIONS);

export const connectRestored = (config: Config, logger: Logger, onTrouble?: TroubleListener, measurements = silentMeasurements, place = ownPlace(config)): RedisRestoredStore =>
  new RedisRestoredStore(connectRedis(config, logger, onTrouble, measurements), keysOf(config, place));

export const connectDirectory = (config: Config, logger: Logger, onTrouble?: TroubleListener, measurements = silentMeasurements): RedisDirectoryStore =>
  new RedisDirectoryStore(connectRedis(config, logger, onTrouble, measurements));

/** Services are asked where the settings say where they are; else their files in the home folder are read. */
export const connectStates = (config: Config, deadlineMs?: number): ServiceStates =>
  (config.TIDEWAITER_SERVICE_URLS ? new AskedStates(config.TIDEWAITER_SERVICE_URLS, deadlineMs) : new StateFiles(config.home));

/** The broker, the registry and the store as one service sees them; in memory where nothing else can be had. */
export interface Neighbours {
  log(): Log;
  registry(): SchemaSource;
  /** Without a place: where the settings say. */
  ledger(place?: FiguresPlace): LedgerStore;
  figures(place?: FiguresPlace, unpackedBytes?: number): FigureReader;
  closed(place?: FiguresPlace): ClosedStore;
  directory(): DirectoryStore;
}

export const connectNeighbours = (config: Config, clientId: string, logger: Logger, onTrouble: TroubleListener, measurements: Measurements = silentMeasurements): Neighbours => ({
  log: () => connectLog(config, clientId, logger, onTrouble, measurements),
  registry: () => measuredRegistry(connectRegistry(config), measurements),
  ledger: (place) => connectLedger(config, logger, onTrouble, measurements, place),
  figures: (place, unpackedBytes) => connectFigures(config, logger, onTrouble, measurements, place, unpackedBytes),
  closed: (place) => connectClosed(config, logger, onTrouble, measurements, place),
  directory: () => connectDirectory(config, logger, onTrouble, measurements),
});
