import { behind } from './drained';

test('behind: from the position to the end of the log', () => {
  expect(behind({ start: 0, end: 950 }, 900)).toEqual({ records: 50 });
  expect(behind({ start: 0, end: 950 }, 950)).toEqual({ records: 0 });
  expect(behind({ start: 5, end: 950 }, 5)).toEqual({ records: 945 });
  expect(behind({ start: 0, end: 3 }, undefined)).toEqual({ records: 3 });
  expect(behind({ start: 0, end: 0 }, undefined)).toEqual({ records: 0 });
});

test.each([
  ['behind the end', { start: 0, end: 950 }, 1_000, 50],
  ['before the start', { start: 40, end: 50 }, 30, 20],
  ['before the start of an empty log', { start: 40, end: 40 }, 30, 10],
  ['unknown, and the log begins later', { start: 40, end: 40 }, undefined, 1],
  ['overwritten by the client', { start: 0, end: 0 }, -2, 1],
])('a position %s is never drained, and says so', (_where, range, next, records) => {
  expect(behind(range, next)).toEqual({ records, outside: expect.stringMatching(/the log/) });
});
