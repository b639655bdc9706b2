import { commitNote, readCommitNote } from './commit-note';
import { shouldCommit } from './commit-policy';
import { RefusalLimit } from './refusal-limit';

test('positions go to the group by time while there is work, soon when there is none, never when nothing moved', () => {
  expect(shouldCommit({ lastCommitMs: 0, dirtySinceMs: undefined }, 10_000, true, 1_000)).toBe(false);
  expect(shouldCommit({ lastCommitMs: 0, dirtySinceMs: 950 }, 999, false, 1_000)).toBe(false);
  expect(shouldCommit({ lastCommitMs: 0, dirtySinceMs: 950 }, 1_000, false, 1_000)).toBe(true);
  expect(shouldCommit({ lastCommitMs: 900, dirtySinceMs: 950 }, 1_050, true, 1_000)).toBe(true);
});

test('more than half of at least 1,000 records halts; half does not, and 999 are too few to judge', () => {
  expect(new RefusalLimit(1_000, 0.5).add(999, 999)).toBeUndefined();
  expect(new RefusalLimit(1_000, 0.5).add(1_000, 500)).toBeUndefined();
  expect(new RefusalLimit(1_000, 0.5).add(1_000, 501)).toMatch(/501 of the last 1000/);
  expect(new RefusalLimit(1_000, 1).add(1_000, 1_000)).toBeUndefined();
});

test('bad news is not diluted by good days before: each thousand is judged for itself', () => {
  const limit = new RefusalLimit(1_000, 0.5);
  for (let day = 0; day < 10; day++) expect(limit.add(1_000, 0)).toBeUndefined();
  expect(limit.add(600, 600)).toBeUndefined();
  expect(limit.add(400, 0)).toMatch(/600 of the last 1000/);
});

test('a commit never carries more text than brokers take: marks that do not fit are left out', () => {
  const marks = (partitions: number) => Object.fromEntries(Array.from({ length: partitions }, (_, partition) => [partition, 1_000_000_000 + partition]));
  const note = { set: '0123456789abcdef', holes: 7 };
  expect(readCommitNote(commitNote({ ...note, marks: marks(12) }))).toEqual({ ...note, marks: marks(12) });
  expect(readCommitNote(commitNote({ ...note, marks: marks(1_000) }))).toEqual(note);
  for (const partitions of [0, 100, 200, 220, 250, 1_000]) expect(commitNote({ ...note, marks: marks(partitions) }).length).toBeLessThanOrEqual(4_096);
});
