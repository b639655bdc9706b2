/** Names of the OpenTelemetry conventions that are used here, messaging as of 1.45 (which renamed those of Kafka): one place for the next renaming. */
export const attributes = {
  system: 'messaging.system',
  destination: 'messaging.destination.name',
  partition: 'messaging.destination.partition.id',
  consumerGroup: 'messaging.consumer.group.name',
  operationName: 'messaging.operation.name',
  operationType: 'messaging.operation.type',
  bodySize: 'messaging.message.body.size',
  offset: 'kafka.offset',
  serviceName: 'service.name',
  serviceNamespace: 'service.namespace',
  /** Of our own: where the declaration lies in the raw topic, and what became of it. */
  originPartition: 'tidewaiter.origin.partition',
  originOffset: 'tidewaiter.origin.offset',
  outcome: 'tidewaiter.outcome',
} as const;

export const KAFKA = 'kafka';
export const PROCESS = 'process';
