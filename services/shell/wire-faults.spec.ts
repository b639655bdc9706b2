import { readConfig } from './config';

const faultsOf = (settings: Record<string, string>): string => {
  try {
    readConfig(settings);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

test.each([
  [{ TIDEWAITER_KAFKA_CA_FILE: 'ca.pem' }, 'TIDEWAITER_KAFKA_CA_FILE: is without effect: TIDEWAITER_KAFKA_SSL is not true'],
  [{ TIDEWAITER_KAFKA_SASL_MECHANISM: 'plain' }, 'TIDEWAITER_KAFKA_USERNAME: must be set, as TIDEWAITER_KAFKA_SASL_MECHANISM is'],
  [{ TIDEWAITER_KAFKA_USERNAME: 'me', TIDEWAITER_KAFKA_SASL_MECHANISM: 'plain' }, 'TIDEWAITER_KAFKA_PASSWORD_FILE: must be set, as TIDEWAITER_KAFKA_USERNAME is'],
  [{ TIDEWAITER_KAFKA_USERNAME: 'me', TIDEWAITER_KAFKA_PASSWORD_FILE: 'f' }, 'TIDEWAITER_KAFKA_SASL_MECHANISM: must be set, as TIDEWAITER_KAFKA_USERNAME is'],
  [{ TIDEWAITER_KAFKA_SASL_MECHANISM: 'md5', TIDEWAITER_KAFKA_USERNAME: 'me', TIDEWAITER_KAFKA_PASSWORD_FILE: 'f' }, 'TIDEWAITER_KAFKA_SASL_MECHANISM: '],
  [{ TIDEWAITER_REDIS_CA_FILE: 'ca.pem', TIDEWAITER_REDIS_URL: 'redis://r:6379' }, 'TIDEWAITER_REDIS_CA_FILE: is without effect: TIDEWAITER_REDIS_URL does not begin with rediss://'],
  [{ TIDEWAITER_REDIS_URL: 'redis://a:1,redis://b:2' }, 'TIDEWAITER_REDIS_URL: names several servers: set TIDEWAITER_REDIS_CLUSTER to true, or name one'],
  [{ TIDEWAITER_REDIS_USERNAME: 'me' }, 'TIDEWAITER_REDIS_PASSWORD_FILE: must be set, as TIDEWAITER_REDIS_USERNAME is'],
  [{ TIDEWAITER_REGISTRY_CA_FILE: 'ca.pem', TIDEWAITER_REGISTRY_URL: 'http://r/apis' }, 'TIDEWAITER_REGISTRY_CA_FILE: is without effect: TIDEWAITER_REGISTRY_URL does not begin with https://'],
  [{ TIDEWAITER_REGISTRY_PASSWORD_FILE: 'f' }, 'TIDEWAITER_REGISTRY_USERNAME: must be set, as TIDEWAITER_REGISTRY_PASSWORD_FILE is'],
])('%p is refused', (settings, fault) => {
  expect(faultsOf(settings)).toContain(`\n  ${fault}`);
});

test('secured wires, and a cluster of several servers, are accepted', () => {
  expect(faultsOf({
    TIDEWAITER_KAFKA_SSL: 'true', TIDEWAITER_KAFKA_CA_FILE: 'ca.pem', TIDEWAITER_KAFKA_SASL_MECHANISM: 'scram-sha-512', TIDEWAITER_KAFKA_USERNAME: 'me', TIDEWAITER_KAFKA_PASSWORD_FILE: 'f',
    TIDEWAITER_REDIS_URL: 'rediss://a:1,rediss://b:2', TIDEWAITER_REDIS_CLUSTER: 'true', TIDEWAITER_REDIS_CA_FILE: 'ca.pem', TIDEWAITER_REDIS_USERNAME: 'me', TIDEWAITER_REDIS_PASSWORD_FILE: 'f',
    TIDEWAITER_REGISTRY_URL: 'https://r/apis', TIDEWAITER_REGISTRY_CA_FILE: 'ca.pem', TIDEWAITER_REGISTRY_USERNAME: 'me', TIDEWAITER_REGISTRY_PASSWORD_FILE: 'f',
  })).toBe('');
  expect(readConfig({ TIDEWAITER_REDIS_URL: 'redis://a:1,redis://b:2', TIDEWAITER_REDIS_CLUSTER: '1' }).redisUrls).toEqual(['redis://a:1', 'redis://b:2']);
});
