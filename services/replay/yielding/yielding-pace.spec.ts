import { YieldingPace, type LiveProgress } from './yielding-pace';

const limits = { behindMs: 200, behindRecords: 100, slowestPerSecond: 50, growth: 0.5, stillMs: 60_000, restFactor: 2, restedMostMs: 20, measuredMs: 10_000 };

let counted = 0;
/** They move a little from look to look, unless it is said how far they are. */
const behind = (behindRecords: number, countedRecords = ++counted): LiveProgress => ({ behindRecords, countedRecords });

/** Records that pass within `ms` from `fromMs` on when there is always one more batch of ten. */
function passedIn(pace: YieldingPace, fromMs: number, ms: number): number {
  let [nowMs, passed] = [fromMs, 0];
  while (nowMs < fromMs + ms && passed < 10_000) {
    nowMs += pace.waitMs(10, nowMs);
    if (nowMs < fromMs + ms) passed += 10;
  }
  return passed;
}

/** Found that nobody counts, until now. */
function unlimited(over: Partial<typeof limits> = {}): YieldingPace {
  const pace = new YieldingPace({ ...limits, ...over });
  for (const atMs of [-2_000, -1_000]) pace.look(behind(0, 0), atMs);
  return pace;
}

test('begins slowly, and grows while the live figures keep up', () => {
  const pace = new YieldingPace(limits);
  expect([pace.recordsPerSecond, pace.restMs(4)]).toEqual([50, 8]);
  for (let second = 0; second < 4; second++) pace.look(behind(0), second * 1_000);
  expect(pace.recordsPerSecond).toBeCloseTo(50 * 1.5 ** 4, 5);
});

test('nothing waits where the live figures keep up with everything', () => {
  const pace = unlimited();
  pace.look(behind(0), 0);
  expect([pace.waitMs(5_000, 10), pace.waitMs(5_000, 10), pace.restMs(4)]).toEqual([0, 0, 0]);
  pace.look(behind(100), 1_000);
  expect(pace.waitMs(5_000, 1_010)).toBe(0);
});

test('half of what passed at each look that finds them behind, never less than the slowest', () => {
  const pace = unlimited();
  pace.look(behind(0), 0);
  pace.waitMs(800, 500);
  pace.look(behind(101), 1_000);
  expect(pace.recordsPerSecond).toBe(400);
  expect(passedIn(pace, 1_000, 1_000)).toBe(400);
  pace.look(behind(5_000), 2_000);
  expect(pace.recordsPerSecond).toBeCloseTo(200, -1);
  for (let second = 3; second < 10; second++) pace.look(behind(5_000), second * 1_000);
  expect(pace.recordsPerSecond).toBe(50);
});

test('it grows again once they have caught up, and what is never reached holds nothing back', () => {
  const pace = unlimited();
  pace.look(behind(0), 0);
  pace.waitMs(800, 500);
  pace.look(behind(101), 1_000);
  pace.look(behind(0), 2_000);
  expect(pace.recordsPerSecond).toBe(600);
  pace.look(behind(0), 3_000);
  /** Beyond three quarters of the pace at which they got behind it is careful. */
  expect(pace.recordsPerSecond).toBe(630);
  for (let second = 4; second < 12; second++) { pace.waitMs(200, second * 1_000 - 1); pace.look(behind(0), second * 1_000); }
  expect(pace.recordsPerSecond).toBe(Infinity);
});

test('a fast stream is as far behind, in time, with more records', () => {
  const pace = unlimited();
  pace.look(behind(0, 1_000), 0);
  pace.waitMs(800, 500);
  pace.look(behind(1_000, 6_000), 1_000);
  expect(pace.recordsPerSecond).toBe(Infinity);
  pace.waitMs(800, 1_500);
  pace.look(behind(1_001, 11_000), 2_000);
  expect(pace.recordsPerSecond).toBe(400);
});

test('live figures that nobody counts are not waited for; those that stand still for a moment are', () => {
  const pace = unlimited({ stillMs: 3_000 });
  pace.look(behind(5_000, 700), 0);
  for (let second = 1; second < 5; second++) { pace.waitMs(800, second * 1_000 - 1); pace.look(behind(5_000, 700), second * 1_000); }
  expect(pace.recordsPerSecond).toBe(Infinity);
  pace.waitMs(800, 4_999);
  pace.look(behind(5_000, 701), 5_000);
  expect(pace.recordsPerSecond).toBe(400);
  pace.look(behind(5_000, 701), 7_000);
  expect(pace.recordsPerSecond).toBe(200);
  for (let second = 8; second < 15; second++) { pace.waitMs(60, second * 1_000 - 1); pace.look(behind(5_000, 701), second * 1_000); }
  expect(pace.recordsPerSecond).toBe(Infinity);
});

test('its pace is that over some seconds: a look in which nothing passes says little', () => {
  const pace = unlimited();
  pace.look(behind(0), 0);
  for (const second of [1, 2, 3]) { pace.waitMs(second === 2 ? 0 : 1_200, second * 1_000 - 1); pace.look(behind(0), second * 1_000); }
  pace.look(behind(101), 4_000);
  expect(pace.recordsPerSecond).toBe(300);
});

test('rests as long as a script takes, not as long as a store was away; and not at all once it is released', () => {
  const pace = new YieldingPace(limits);
  expect([pace.restMs(4), pace.restMs(60_000)]).toEqual([8, 40]);
  pace.release();
  expect([pace.restMs(4), pace.waitMs(5_000, 10), pace.waitMs(5_000, 10)]).toEqual([0, 0, 0]);
});

test('one that is held goes on being held where nobody can look, and not once it is released', () => {
  const pace = new YieldingPace({ ...limits, stillMs: 3_000 });
  pace.held = true;
  expect([pace.waitMs(100, 0), pace.waitMs(100, 3_000), pace.held]).toEqual([0, 0, true]);
  pace.release();
  expect(pace.held).toBe(false);
});

test('who cannot look does not wait for ever', () => {
  const pace = new YieldingPace({ ...limits, stillMs: 3_000 });
  expect([pace.waitMs(100, 0), pace.waitMs(100, 2_999)]).toEqual([0, 0]);
  expect(pace.waitMs(100, 2_999)).toBeGreaterThan(0);
  expect(pace.waitMs(100, 3_000)).toBe(0);
});
