import { readConfig } from './config';
import { checkManifest } from './manifest-check';

const config = readConfig({ TIDEWAITER_PROFILE: 'KR', TIDEWAITER_PARTITIONS: '4' });

test('figures made with other settings are not read', () => {
  expect(() => checkManifest(undefined, config)).not.toThrow();
  expect(() => checkManifest(JSON.stringify({ profile: 'KR', partitions: 4, shards: 1 }), config)).not.toThrow();
  expect(() => checkManifest(JSON.stringify({ profile: 'CD', partitions: 8, shards: 1 }), config)).toThrow('TIDEWAITER_PROFILE: the figures of namespace live are made with CD, not KR\n  TIDEWAITER_PARTITIONS: the figures of namespace live are made with 8, not 4');
});
