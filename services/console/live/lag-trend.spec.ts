import { limits } from '../../limits';
import { LagHistory, trendOf, type LagSample } from './lag-trend';

/** A sample every two seconds, of one partition or of several. */
const samplesOf = (...lags: (number | readonly number[])[]): LagSample[] => lags.map((lag, index) => ({ atMs: index * 2_000, lag: Object.fromEntries([lag].flat().map((records, partition) => [partition, records])) }));
const falling = (from: number, step: number, count: number): number[] => Array.from({ length: count }, (_, index) => from - index * step);

test('nothing was looked at: nothing is known', () => { expect(trendOf([], null)).toEqual({ direction: 'unknown', clearsInSeconds: null, points: [] }); });
test('even: nothing is behind, however it was before', () => { expect(trendOf(samplesOf(500, 300, 0), 0)).toMatchObject({ direction: 'even', clearsInSeconds: null, points: [500, 0] }); });
test('even: what is on its way for a few seconds is not behind', () => { expect(trendOf(samplesOf(...falling(900, -10, 20)), 4).direction).toBe('even'); });
test('even: each partition was at its end a moment ago', () => { expect(trendOf(samplesOf([9, 0], [0, 7], [5, 3], [4, 2]), null).direction).toBe('even'); });
test('too short to tell', () => { expect(trendOf(samplesOf(900, 800, 700), 60).direction).toBe('unknown'); });

test('clearing: 10 records a second of 800 take 80 seconds', () => { expect(trendOf(samplesOf(...falling(1_000, 20, 11)), 60)).toMatchObject({ direction: 'clearing', clearsInSeconds: 80 }); });
test('the slowest partition speaks for all', () => {
  const fast = falling(1_000, 20, 11);
  const slow = falling(1_000, 2, 11);
  expect(trendOf(samplesOf(...fast.map((records, index) => [records, slow[index] as number])), 60)).toMatchObject({ direction: 'clearing', clearsInSeconds: 980 });
});
test('growing: one partition is enough', () => {
  const fast = falling(1_000, 20, 11);
  expect(trendOf(samplesOf(...fast.map((records, index) => [records, 10 + index])), 60)).toMatchObject({ direction: 'growing', clearsInSeconds: null });
});
test('standing: behind and no nearer, or not within a day', () => {
  expect(trendOf(samplesOf(...Array<number>(11).fill(700)), 60).direction).toBe('standing');
  expect(trendOf(samplesOf(...falling(90_000_000, 20, 11)), 60).direction).toBe('standing');
});
test('only the last minute decides: what grew before and falls now, falls', () => {
  const samples = samplesOf(...falling(0, -100, 100), ...falling(9_900, 100, 31));
  expect(trendOf(samples, 60)).toMatchObject({ direction: 'clearing', clearsInSeconds: 138 });
});
test('one sample that is off does not turn it round', () => {
  const samples = samplesOf(...falling(10_000, 20, 30).map((records, index) => (index === 20 ? records + 300 : records)));
  expect(trendOf(samples, 60).direction).toBe('clearing');
});

test('no peak is lost between the points, and there are no more than fit', () => {
  const { points } = trendOf(samplesOf(...Array.from({ length: 150 }, (_, index) => (index === 77 ? 5_000 : 1))), null);
  expect(points.length).toBeLessThanOrEqual(limits.lagPoints);
  expect(Math.max(...points)).toBe(5_000);
});

describe('history', () => {
  const historyOf = (...samples: readonly (readonly [second: number, lag: number])[]): LagHistory => {
    const history = new LagHistory();
    for (const [second, lag] of samples) history.add({ atMs: second * 1_000, lag: { 0: lag } });
    return history;
  };
  test('begins anew behind a gap, and where the clock was set back', () => {
    expect(historyOf([0, 900], [2, 800], [60, 100]).trend(60).points).toEqual([100]);
    expect(historyOf([100, 900], [50, 800]).trend(60).points).toEqual([800]);
  });
  test('lets go what is older than is shown', () => {
    const history = new LagHistory();
    for (let second = 0; second < 1_000; second += 5) history.add({ atMs: second * 1_000, lag: { 0: second === 0 ? 9_999 : 1 } });
    expect(Math.max(...history.trend(null).points)).toBe(1);
  });
});
