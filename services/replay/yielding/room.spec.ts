import { noRoomWhy, roomLeftBytes } from './room';

const GB = 1e9;

test('a replay fills no more than its share of a store', () => {
  expect([noRoomWhy({ usedBytes: 8.4 * GB, mostBytes: 10 * GB }), roomLeftBytes({ usedBytes: 8 * GB, mostBytes: 10 * GB })]).toEqual([undefined, 0.5 * GB]);
  expect(noRoomWhy({ usedBytes: 8.6 * GB, mostBytes: 10 * GB })).toContain('has 86 % of its memory in use');
  expect(roomLeftBytes({ usedBytes: 9 * GB, mostBytes: 10 * GB })).toBe(0);
});

test('a store without a bound has room', () => {
  expect([noRoomWhy({ usedBytes: 9 * GB, mostBytes: 0 }), roomLeftBytes({ usedBytes: 9 * GB, mostBytes: 0 })]).toEqual([undefined, undefined]);
});
