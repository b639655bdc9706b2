import { Fresh } from './fresh';

let works: (() => void)[];
let count: number;
const fresh = (): Fresh<number> => new Fresh(() => new Promise((resolve) => { const number = ++count; works.push(() => resolve(number)); }), 1_000);
const end = async (): Promise<void> => { works.shift()?.(); await jest.advanceTimersByTimeAsync(0); };

beforeEach(() => { jest.useFakeTimers(); [works, count] = [[], 0]; });
afterEach(() => { jest.useRealTimers(); });

test('an answer is as old as its beginning: one that took long is kept the shorter', async () => {
  const answers = fresh();
  const first = answers.get();
  await jest.advanceTimersByTimeAsync(600);
  await end();
  expect(await first).toBe(1);
  await jest.advanceTimersByTimeAsync(399);
  expect(await answers.get()).toBe(1);
  await jest.advanceTimersByTimeAsync(1);
  void answers.get();
  expect(count).toBe(2);
});

test('who has a rhythm of his own is never given the answer of the beat before', async () => {
  const answers = fresh();
  void answers.renewed();
  await end();
  await jest.advanceTimersByTimeAsync(990);
  void answers.renewed();
  expect(count).toBe(2);
});

test('one that is worked out already is waited for', () => {
  const answers = fresh();
  void answers.get();
  void answers.renewed();
  expect(count).toBe(1);
});

test('a recent answer is taken while another one is worked out, unless it is too old', async () => {
  const answers = fresh();
  const first = answers.recent(2_000);
  await end();
  expect(await first).toBe(1);
  await jest.advanceTimersByTimeAsync(1_500);
  expect(await answers.recent(2_000)).toBe(1);
  expect(count).toBe(2);
  await jest.advanceTimersByTimeAsync(600);
  const second = answers.recent(2_000);
  await end();
  expect(await second).toBe(2);
});
