import { RecentAnswers } from './recent-answers';

let [atMs, read] = [0, 0];
const ask = async (): Promise<number> => ++read;
let answers: RecentAnswers<number>;
beforeEach(() => {
  [atMs, read] = [0, 0];
  answers = new RecentAnswers<number>({ most: 2, keepMs: 1_000, isSmall: (answer) => answer < 100 }, () => atMs);
});

test('one that is no older than what is taken is told again, another is read', async () => {
  expect(await answers.take('q', 100, ask)).toBe(1);
  atMs = 100;
  expect(await answers.take('q', 100, ask)).toBe(1);
  atMs = 101;
  expect(await answers.take('q', 100, ask)).toBe(2);
  expect(await answers.take('q', 0, ask)).toBe(2);
  atMs = 102;
  expect(await answers.take('q', 0, ask)).toBe(3);
});

test('its age is counted from before it was read', async () => {
  await answers.take('q', 100, async () => { atMs = 60; return ask(); });
  atMs = 101;
  expect(await answers.take('q', 100, ask)).toBe(2);
});

test('so many are kept, the oldest go; a failure is not kept', async () => {
  await expect(answers.take('q', 100, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  for (const question of ['q', 'r', 's']) await answers.take(question, 100, ask);
  expect(await answers.take('r', 100, ask)).toBe(2);
  expect(await answers.take('q', 100, ask)).toBe(4);
});

test('large ones, and ones that something has happened to meanwhile, are not kept', async () => {
  read = 100;
  expect([await answers.take('q', 100, ask), await answers.take('q', 100, ask)]).toEqual([101, 102]);
  read = 0;
  expect([await answers.take('q', 100, ask, () => false), await answers.take('q', 100, ask)]).toEqual([1, 2]);
});

test('none is kept longer than it may be told', async () => {
  await answers.take('q', 100, ask);
  atMs = 1_001;
  await answers.take('r', 100, ask);
  expect(await answers.take('q', 10_000, ask)).toBe(3);
});
