import { TimeoutError } from '../../shell/within';
import { Turns } from './turns';

const settled = (): Promise<void> => new Promise((next) => { setImmediate(next); });

/** Work that ends when it is told to. */
function held() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => (): Promise<string> => {
    begun.push(name);
    return new Promise((resolve) => { ends.set(name, () => resolve(name)); });
  };
  return { begun, work, end: async (name: string): Promise<void> => { ends.get(name)?.(); await settled(); } };
}

it('begins so many at once, the others in order, each when one has ended', async () => {
  const turns = new Turns(2, 5);
  const { begun, work, end } = held();
  const asked = ['a', 'b', 'c', 'd'].map((name) => turns.take(1_000, work(name)));
  await settled();
  expect(begun).toEqual(['a', 'b']);
  await end('b');
  expect(begun).toEqual(['a', 'b', 'c']);
  await end('a');
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
  for (const name of ['c', 'd']) await end(name);
  expect(await Promise.all(asked)).toEqual(['a', 'b', 'c', 'd']);
  const [later, last] = [turns.take(1_000, work('e')), turns.take(1_000, work('f'))];
  await settled();
  expect(begun.slice(4)).toEqual(['e', 'f']);
  for (const name of ['e', 'f']) await end(name);
  await Promise.all([later, last]);
});

it('lets no more wait than may', async () => {
  const turns = new Turns(1, 1);
  const { work, end } = held();
  const [first, second] = [turns.take(1_000, work('a')), turns.take(1_000, work('b'))];
  await expect(turns.take(1_000, work('c'))).rejects.toMatchObject({ code: 'too-many', statusCode: 429 });
  await end('a');
  await end('b');
  expect(await Promise.all([first, second])).toEqual(['a', 'b']);
});

it('gives up whoever waits too long, and goes on with the next', async () => {
  const turns = new Turns(1, 5);
  const { begun, work, end } = held();
  const first = turns.take(1_000, work('a'));
  const late = turns.take(5, work('late'));
  const patient = turns.take(1_000, work('b'));
  await expect(late).rejects.toThrow(TimeoutError);
  await end('a');
  expect(begun).toEqual(['a', 'b']);
  await end('b');
  await Promise.all([first, patient]);
});

it('gives a turn on that ended badly', async () => {
  const turns = new Turns(1, 5);
  const bad = turns.take(1_000, () => Promise.reject(new Error('no')));
  const next = turns.take(1_000, () => Promise.resolve('yes'));
  await expect(bad).rejects.toThrow('no');
  expect(await next).toBe('yes');
});
