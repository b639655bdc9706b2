import { rawTopic, topics } from '../topology';
import { declaredConfigs } from './topic-differences';

test('no topic lets anything go by time or size', () => {
  for (const topic of topics) expect(declaredConfigs(topic, 1)).toMatchObject({ 'retention.ms': '-1', 'retention.bytes': '-1' });
});

test('what gateways compress is unpacked by the broker: no client of ours meets a codec that it lacks', () => {
  for (const topic of topics) expect(declaredConfigs(topic, 1)['compression.type']).toBe(topic.name === rawTopic ? 'uncompressed' : 'producer');
});

test('where a replica can be lost, a record is written when two have it', () => {
  for (const topic of topics) expect([1, 2, 3, 5].map((replication) => declaredConfigs(topic, replication)['min.insync.replicas'])).toEqual([undefined, undefined, '2', '2']);
});
