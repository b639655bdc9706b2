/** The broker through kafkajs: the only folder that imports it (it is unmaintained and must stay exchangeable). */
import { Kafka, logLevel, type KafkaConfig } from 'kafkajs';
import type { Logger } from 'pino';
import { limits } from '../../limits';
import { consumerGroup, type StageName, type TopicName } from '../../topology';
import { silentMeasurements } from '../measurements';
import type { Log, LogInspector, Sink, Source, SourceRecord, TailReader, TailStart, TroubleListener } from '../ports';
import { KafkaInspector } from './kafka-inspector';
import { KafkaSink } from './kafka-sink';
import { KafkaSource } from './kafka-source';
import { partitionOf } from '../partition-of';
import { patchEndlessFetch, patchHeartbeat, patchIdleTimer, patchRecordBatches } from './kafkajs-patches';
import { followTopics } from './kafka-tail';
import type { KafkaUser } from './refused';

export interface KafkaSettings {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly ssl?: KafkaConfig['ssl'];
  readonly sasl?: KafkaConfig['sasl'];
}

export class KafkaLog implements Log {
  private readonly kafka: Kafka;
  private readonly user: KafkaUser;

  constructor(settings: KafkaSettings, private readonly logger: Logger, private readonly onTrouble: TroubleListener = () => undefined, private readonly measurements = silentMeasurements) {
    patchIdleTimer();
    patchHeartbeat();
    patchEndlessFetch();
    patchRecordBatches();
    this.user = settings.sasl && 'username' in settings.sasl ? settings.sasl.username : undefined;
    this.kafka = new Kafka({
      clientId: settings.clientId,
      brokers: [...settings.brokers],
      ...(settings.ssl === undefined ? {} : { ssl: settings.ssl }),
      ...(settings.sasl === undefined ? {} : { sasl: settings.sasl }),
      connectionTimeout: limits.kafkaConnectMs,
      requestTimeout: limits.kafkaRequestMs,
      retry: { initialRetryTime: limits.backoffMinMs, maxRetryTime: limits.backoffMaxMs, retries: limits.kafkaRetries },
      logLevel: logLevel.WARN,
      logCreator: () => ({ label, log }) => {
        const { message, error, groupId } = log as { message: string; error?: unknown; groupId?: string };
        logger.debug({ client: label, groupId, error: typeof error === 'string' ? error : undefined }, message);
      },
    });
  }

  source(stage: StageName, topics: readonly TopicName[], namespace?: string): Source {
    return new KafkaSource(this.kafka, consumerGroup(stage, namespace), topics, this.logger, this.onTrouble, this.measurements, this.user);
  }

  tail(topics: readonly TopicName[], each: (topic: TopicName, partition: number, record: SourceRecord) => void, from: TailStart = 'beginning'): Promise<TailReader> {
    return followTopics(this.kafka, topics, each, this.onTrouble, from, this.user);
  }

  async sink(): Promise<Sink> {
    return new KafkaSink(this.kafka, this.logger, this.onTrouble, this.user);
  }

  async inspector(): Promise<LogInspector> {
    return KafkaInspector.connect(this.kafka, (groupId, topics, onTrouble) => new KafkaSource(this.kafka, groupId, topics, this.logger, onTrouble, silentMeasurements, this.user), this.user);
  }

  partitionOf(key: string, partitions: number): number {
    return partitionOf(key, partitions);
  }

  async close(): Promise<void> { /* every part closes its own connections */ }

  /** For the commands that create and check topics. */
  get client(): Kafka { return this.kafka; }
}
