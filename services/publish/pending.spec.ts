import { PendingCells } from './pending';

const keysOf = (due: readonly { key: string }[]): string[] => due.map(({ key }) => key);

test('changes combine until the tick of the first one is over, with all units of quantity', () => {
  const pending = new PendingCells();
  pending.begin(0, '1-0');
  pending.add('a', 'KGM', 200, 1_000);
  pending.begin(0, '2-0');
  pending.add('a', 'LTR', 200, 1_150);
  pending.add('a', 'KGM', 200, 1_160);
  expect(pending.takeDue(1_199, 10)).toEqual([]);
  expect(pending.takeDue(1_200, 10)).toEqual([{ key: 'a', units: ['KGM', 'LTR'] }]);
  expect(pending.size).toBe(0);
});

test('an entry stays in its change list while a cell of it, or of one read before it, waits', () => {
  const pending = new PendingCells();
  pending.begin(0, '1-0');
  pending.add('fast', '', 200, 0);
  pending.add('slow', '', 1_000, 0);
  pending.begin(1, '1-0');
  pending.add('fast', '', 200, 10);
  pending.begin(0, '2-0');
  pending.add('later', '', 200, 500);
  expect(keysOf(pending.takeDue(200, 10))).toEqual(['fast']);
  expect(pending.settled()).toEqual(new Map());
  expect(keysOf(pending.takeDue(1_000, 10))).toEqual(['later', 'slow']);
  expect(pending.settled()).toEqual(new Map([[0, '2-0'], [1, '1-0']]));
});

test('a cell that changes again after it was taken holds up the newer entry alone', () => {
  const pending = new PendingCells();
  pending.begin(0, '1-0');
  pending.add('a', '', 200, 0);
  expect(keysOf(pending.takeDue(200, 10))).toEqual(['a']);
  pending.begin(0, '2-0');
  pending.add('a', '', 200, 210);
  expect(pending.settled()).toEqual(new Map([[0, '1-0']]));
  expect(pending.settled()).toEqual(new Map());
});

test('no more cells are taken than asked for; those of an unread list wait for nobody', () => {
  const pending = new PendingCells();
  pending.add('left by another writer', '', 0, 0);
  pending.begin(0, '1-0');
  pending.add('a', '', 0, 0);
  pending.add('b', '', 0, 0);
  expect(keysOf(pending.takeDue(0, 2))).toEqual(['left by another writer', 'a']);
  expect(pending.settled()).toEqual(new Map());
  expect(keysOf(pending.takeDue(0, 2))).toEqual(['b']);
  expect(pending.settled()).toEqual(new Map([[0, '1-0']]));
});
