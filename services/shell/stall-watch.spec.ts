import { StallWatch } from './stall-watch';

const lagging = { key: 'topic/0', next: 5, end: 9 };
const looks = (watch: StallWatch, times: readonly number[], partitions = [lagging], waiting = false): string[][] => times.map((at) => watch.look(at, partitions, waiting).map(({ key }) => key));

test('a partition that lags and does not move for the time allowed has stalled', () => {
  expect(looks(new StallWatch(1_000), [0, 400, 800, 1_200])).toEqual([[], [], [], ['topic/0']]);
});

test('one that moves, has nothing to do, or waits for a neighbour has not', () => {
  const watch = new StallWatch(1_000);
  const moving = [0, 400, 800, 1_200, 1_600].map((at, next) => watch.look(at, [{ ...lagging, next }], false));
  expect(moving.flat()).toEqual([]);
  expect(looks(new StallWatch(1_000), [0, 400, 800, 1_200], [{ ...lagging, end: 5 }]).flat()).toEqual([]);
  expect(looks(new StallWatch(1_000), [0, 400, 800, 1_200], [lagging], true).flat()).toEqual([]);
});

test('a wait begins the time anew, and so does another owner in between', () => {
  const watch = new StallWatch(1_000);
  looks(watch, [0, 400, 800]);
  looks(watch, [1_000], [lagging], true);
  expect(looks(watch, [1_200, 1_600, 2_000]).flat()).toEqual([]);
  looks(watch, [2_100], []);
  expect(looks(watch, [2_200, 2_600, 3_000, 3_300]).flat()).toEqual(['topic/0']);
});

test('a process that slept has not seen a stall: it must look several times', () => {
  expect(looks(new StallWatch(1_000), [0, 60_000]).flat()).toEqual([]);
});
