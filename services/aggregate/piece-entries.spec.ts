import type { CountedFacts } from '../domain/facts';
import { PieceEntries } from './piece-entries';

/** Facts that are a text of so many bytes; as avsc does, it goes on beyond the end, and answers what is missing below zero. */
const facts = (text: string): CountedFacts => ({ office: text }) as CountedFacts;
const encode = ({ office }: CountedFacts, target: Buffer, at: number): number => {
  target.write(office, Math.min(at, target.length), 'latin1');
  const end = at + office.length;
  return end <= target.length ? end : target.length - end;
};
const texts = (entries: PieceEntries): [string, string][] => [...entries].map(([id, entry]) => [id, entry.toString('latin1')]);

test('what was put in is there, in its order, however large it is', () => {
  const entries = new PieceEntries({ encode });
  const expected = Array.from({ length: 2_000 }, (_, number): [string, string] => [`D${number}`, `${number}/`.repeat(number % 50)]);
  expected.push(['large', 'x'.repeat(5_000_000)], ['none', '']);
  for (const [id, text] of expected) entries.set(id, facts(text));
  expect(texts(entries)).toEqual(expected);
  expect([...entries.keys()]).toEqual(expected.map(([id]) => id));
  expect(entries.size).toBe(expected.length);
  expect(entries.get('D1999')?.toString()).toBe(expected[1_999]?.[1]);
  expect([entries.has('D0'), entries.has('D'), entries.get('D')]).toEqual([true, false, undefined]);
});

test('a later one takes the place of the one before; who has got that keeps it', () => {
  const entries = new PieceEntries({ encode });
  entries.set('A', facts('first'));
  entries.set('B', facts('b'));
  const before = entries.get('A');
  entries.set('A', facts('second, and longer'));
  for (let number = 0; number < 1_000; number++) entries.set('C', facts(`${number}`.repeat(20)));
  expect(before?.toString()).toBe('first');
  expect(texts(entries).slice(0, 2)).toEqual([['A', 'second, and longer'], ['B', 'b']]);
  expect(entries.size).toBe(3);
});
