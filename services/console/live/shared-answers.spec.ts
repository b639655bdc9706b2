import { SharedAnswers } from './shared-answers';

/** Readings that end when they are told to. */
class Store {
  readonly ends: (() => void)[] = [];
  state = 0;
  readonly read = (): Promise<number> => {
    const seen = this.state;
    return new Promise((resolve) => { this.ends.push(() => resolve(seen)); });
  };
  end(): void { this.ends.shift()?.(); }
}

const rest = { gatherMs: 40, everyMs: 250, factor: 1 };
const later = async (milliseconds: number): Promise<void> => { await jest.advanceTimersByTimeAsync(milliseconds); };
let store: Store;
let answers: SharedAnswers<number>;

beforeEach(() => {
  jest.useFakeTimers();
  [store, answers] = [new Store(), new SharedAnswers(rest)];
});
afterEach(() => { jest.useRealTimers(); });

test('those who ask at almost the same moment are answered by one reading, which begins after the last of them asked', async () => {
  const first = answers.ask('q', store.read);
  await later(39);
  store.state = 1;
  const second = answers.ask('q', store.read);
  await later(1);
  expect(store.ends).toHaveLength(1);
  store.end();
  expect(await Promise.all([first, second])).toEqual([1, 1]);
});

test('who asks while one is read is given what is read after he asked, with all who came meanwhile', async () => {
  const first = answers.ask('q', store.read);
  await later(40);
  store.state = 1;
  const others = Promise.all([answers.ask('q', store.read), answers.ask('q', store.read)]);
  await later(50);
  expect(store.ends).toHaveLength(1);
  store.end();
  expect(await first).toBe(0);
  await later(250);
  expect(store.ends).toHaveLength(1);
  store.end();
  expect(await others).toEqual([1, 1]);
});

test('another question has readings of its own', async () => {
  void answers.ask('q', store.read);
  void answers.ask('r', store.read);
  await later(40);
  expect(store.ends).toHaveLength(2);
});

test('the next reading waits its time, and one that took long for as long again', async () => {
  void answers.ask('q', store.read);
  await later(40);
  store.end();
  void answers.ask('q', store.read);
  await later(249);
  expect(store.ends).toHaveLength(0);
  await later(1);
  expect(store.ends).toHaveLength(1);
  await later(1_000);
  store.end();
  await later(0);
  void answers.ask('q', store.read);
  await later(999);
  expect(store.ends).toHaveLength(0);
  await later(1);
  expect(store.ends).toHaveLength(1);
});

test('a reading that fails fails for those who waited for it, and the next one is read', async () => {
  const failing = answers.ask('q', () => Promise.reject(new Error('away')));
  const failed = expect(failing).rejects.toThrow('away');
  await later(40);
  await failed;
  const next = answers.ask('q', () => Promise.resolve(2));
  await later(250);
  expect(await next).toBe(2);
});

test('what has rested is forgotten', async () => {
  void answers.ask('q', () => Promise.resolve(1));
  await later(40);
  expect(answers.size).toBe(1);
  await later(250);
  expect(answers.size).toBe(0);
});
