/** What is wrong with the settings of the wires taken together: one that is without effect leaves a wire less safe than somebody believes. */

export interface WireSettings {
  readonly TIDEWAITER_KAFKA_SSL: boolean;
  readonly TIDEWAITER_KAFKA_CA_FILE?: string | undefined;
  readonly TIDEWAITER_KAFKA_SASL_MECHANISM?: string | undefined;
  readonly TIDEWAITER_KAFKA_USERNAME?: string | undefined;
  readonly TIDEWAITER_KAFKA_PASSWORD_FILE?: string | undefined;
  readonly TIDEWAITER_REDIS_URL?: readonly string[] | undefined;
  readonly TIDEWAITER_REDIS_CLUSTER: boolean;
  readonly TIDEWAITER_REDIS_CA_FILE?: string | undefined;
  readonly TIDEWAITER_REDIS_USERNAME?: string | undefined;
  readonly TIDEWAITER_REDIS_PASSWORD_FILE?: string | undefined;
  readonly TIDEWAITER_REGISTRY_URL?: string | undefined;
  readonly TIDEWAITER_REGISTRY_CA_FILE?: string | undefined;
  readonly TIDEWAITER_REGISTRY_USERNAME?: string | undefined;
  readonly TIDEWAITER_REGISTRY_PASSWORD_FILE?: string | undefined;
}
export type WireFault = readonly [setting: keyof WireSettings, message: string];

export const wireFaults = (value: WireSettings): WireFault[] => [...withoutEffect(value), ...incomplete(value)];

function* withoutEffect(value: WireSettings): Iterable<WireFault> {
  const redisUrls = value.TIDEWAITER_REDIS_URL ?? [];
  if (value.TIDEWAITER_KAFKA_CA_FILE !== undefined && !value.TIDEWAITER_KAFKA_SSL) yield ['TIDEWAITER_KAFKA_CA_FILE', 'is without effect: TIDEWAITER_KAFKA_SSL is not true'];
  if (value.TIDEWAITER_REDIS_CA_FILE !== undefined && !redisUrls.some((url) => url.startsWith('rediss:'))) yield ['TIDEWAITER_REDIS_CA_FILE', 'is without effect: TIDEWAITER_REDIS_URL does not begin with rediss://'];
  if (redisUrls.length > 1 && !value.TIDEWAITER_REDIS_CLUSTER) yield ['TIDEWAITER_REDIS_URL', 'names several servers: set TIDEWAITER_REDIS_CLUSTER to true, or name one'];
  if (value.TIDEWAITER_REGISTRY_CA_FILE !== undefined && value.TIDEWAITER_REGISTRY_URL?.startsWith('https:') !== true) yield ['TIDEWAITER_REGISTRY_CA_FILE', 'is without effect: TIDEWAITER_REGISTRY_URL does not begin with https://'];
}

function* incomplete(value: WireSettings): Iterable<WireFault> {
  const together = (first: keyof WireSettings, second: keyof WireSettings): WireFault[] => (value[first] !== undefined && value[second] === undefined ? [[second, `must be set, as ${first} is`]] : []);
  yield* together('TIDEWAITER_KAFKA_USERNAME', 'TIDEWAITER_KAFKA_SASL_MECHANISM');
  yield* together('TIDEWAITER_KAFKA_SASL_MECHANISM', 'TIDEWAITER_KAFKA_USERNAME');
  yield* together('TIDEWAITER_KAFKA_USERNAME', 'TIDEWAITER_KAFKA_PASSWORD_FILE');
  yield* together('TIDEWAITER_KAFKA_PASSWORD_FILE', 'TIDEWAITER_KAFKA_USERNAME');
  /** A password without a user is that of Redis' default user. */
  yield* together('TIDEWAITER_REDIS_USERNAME', 'TIDEWAITER_REDIS_PASSWORD_FILE');
  yield* together('TIDEWAITER_REGISTRY_USERNAME', 'TIDEWAITER_REGISTRY_PASSWORD_FILE');
  yield* together('TIDEWAITER_REGISTRY_PASSWORD_FILE', 'TIDEWAITER_REGISTRY_USERNAME');
}
