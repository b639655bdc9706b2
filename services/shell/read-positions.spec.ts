import { countedTopic, rejectedTopic, type TopicName } from '../topology';
import { recordsBehind } from './read-positions';

test('records behind are those of each partition; of one that nobody has begun all that the log has', async () => {
  const ranges = new Map<TopicName, { partition: number; start: number; end: number }[]>([
    [countedTopic, [{ partition: 0, start: 0, end: 10 }, { partition: 1, start: 4, end: 30 }]], [rejectedTopic, [{ partition: 0, start: 0, end: 3 }]],
  ]);
  const inspector = { offsets: async (topic: TopicName) => ranges.get(topic) ?? [] };
  const offsets = { [`${countedTopic}/0`]: 8, [`${rejectedTopic}/0`]: 5 };
  expect(await recordsBehind(inspector, [countedTopic, rejectedTopic], offsets)).toEqual({ all: 28, ofPartitions: [2, 26, 0] });
});
