import * as fc from 'fast-check';
import { limits } from '../limits';
import { seenWith, type VersionsSeen } from './versions-seen';

const after = (...versions: number[]): VersionsSeen => {
  let seen: (VersionsSeen & { version: number }) | undefined;
  for (const version of versions) seen = { ...seenWith(version, seen), version: Math.max(version, seen?.version ?? 0) };
  return { unseenVersions: seen?.unseenVersions ?? [], repeats: seen?.repeats ?? 0 };
};

test.each([
  [[1, 2, 3], [], 0],
  [[1, 1, 2, 1], [], 2],
  [[3], [1, 2], 0],
  [[5, 3], [1, 2, 4, 4], 0],
  [[5, 1, 4], [2, 3], 0],
  [[9, 4, 4, 9, 2], [1, 1, 3, 3, 5, 8], 2],
])('%j leave unseen %j, repeated %i times', (versions, unseenVersions, repeats) => { expect(after(...versions)).toEqual({ unseenVersions, repeats }); });

test('repeats are the events that a set of versions does not explain, in any order', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 }), (versions) => {
    const { unseenVersions, repeats } = after(...versions);
    expect(repeats).toBe(versions.length - new Set(versions).size);
    const unseen: number[] = [];
    for (let index = 0; index < unseenVersions.length; index += 2) for (let version = unseenVersions[index] as number; version <= (unseenVersions[index + 1] as number); version++) unseen.push(version);
    expect(unseen).toEqual(Array.from({ length: Math.max(...versions) }, (_, index) => index + 1).filter((version) => !versions.includes(version)));
  }), { numRuns: 500 });
});

test('a declaration of nothing but gaps keeps a bounded number of them', () => {
  const { unseenVersions, repeats } = after(...Array.from({ length: 1_000 }, (_, index) => 2 * index + 2));
  expect(unseenVersions).toHaveLength(2 * limits.unseenVersionStretches);
  expect(unseenVersions.at(-1)).toBe(1_999);
  expect(repeats).toBe(0);
});
