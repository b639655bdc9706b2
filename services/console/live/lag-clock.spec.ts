import { LagClock } from './lag-clock';

const clockOf = (...samples: [second: number, produced: number][]): LagClock => {
  const clock = new LagClock(100);
  for (const [second, produced] of samples) clock.sample(second * 1_000, produced);
  return clock;
};

test('behind by as long as it is since the first record that is not read was there', () => {
  const clock = clockOf([0, 100], [10, 200], [20, 300], [30, 400]);
  expect(clock.lagSeconds(0)).toBe(0);
  expect(clock.lagSeconds(100)).toBe(0);
  expect(clock.lagSeconds(101)).toBe(10);
  expect(clock.lagSeconds(250)).toBe(20);
});

test('behind what was ever seen: at least as long as it has looked', () => { expect(clockOf([0, 1_000], [60, 1_000]).lagSeconds(900)).toBe(60); });
test('nothing is known before there is a sample', () => { expect(new LagClock(3).lagSeconds(5)).toBeNull(); });
test('a log that was made anew has no past', () => { expect(clockOf([0, 1_000], [100, 5], [110, 6]).lagSeconds(6)).toBe(10); });
test('so many samples are kept', () => {
  const clock = new LagClock(2);
  for (const second of [0, 10, 20]) clock.sample(second * 1_000, second);
  expect(clock.lagSeconds(20)).toBe(10);
});
