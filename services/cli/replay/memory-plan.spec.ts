import { memoryPlanOf, memoryText } from './memory-plan';

const GB = 1e9;
/** 10 GB, of which replays may have what lies between those in use and 8.5. */
const textOf = (records: number, usedBytes: number, mostBytes = 10 * GB): string => memoryText(memoryPlanOf(records, { usedBytes, mostBytes }));

test('nothing is said where a replay fits for certain, or where nothing bounds it', () => {
  expect([textOf(1e6, 2 * GB), textOf(1e9, 2 * GB, 0)]).toEqual(['', '']);
});

test('what may not be enough, and what is not', () => {
  expect(textOf(10e6, 2 * GB)).toContain('The 6500 MB of Redis that are left for replays may not be enough for the 3000 to 15000 MB');
  expect(textOf(30e6, 2 * GB)).toContain('are not enough for the 9000 to 45000 MB');
  expect(textOf(1, 9 * GB)).toContain('It will wait for memory: redis has 90 % of its memory in use');
});
