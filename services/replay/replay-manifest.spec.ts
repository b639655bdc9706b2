import { limits } from '../limits';
import { isFarBehind } from './replay-manifest';

test('who is far behind in one partition does not go live, however near the others are', () => {
  const near = limits.promotedBehindRecords;
  expect([isFarBehind([]), isFarBehind([near, near]), isFarBehind([0, near + 1])]).toEqual([false, false, true]);
});
