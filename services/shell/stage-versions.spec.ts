import type { ReferenceSet } from '../reference/types';
import { limits } from '../limits';
import type { ReferenceFollower } from './reference-follower';
import type { Stage } from './stage';
import { stageByReference } from './stage-versions';

test('stages of old reference sets are let go, the newest is always the same one', async () => {
  const sets = new Map(Array.from({ length: 50 }, (_, number) => [`set ${number}`, { digest: `set ${number}` } as ReferenceSet]));
  let latest = sets.get('set 0') as ReferenceSet;
  const follower = { catalogue: { get latest() { return latest; }, byDigest: (digest: string) => sets.get(digest) }, knows: async () => true, stop: async () => undefined } as unknown as ReferenceFollower;
  const made: string[] = [];
  const versions = stageByReference(follower, ({ digest }) => { made.push(digest); return { referenceSet: digest } as unknown as Stage<unknown, unknown>; });
  for (const set of sets.values()) {
    latest = set;
    expect(versions.latest()).toBe(versions.latest());
  }
  expect(made).toHaveLength(50);
  const newest = versions.latest();
  /** Commits may name older ones; what decides now stays what it is, as it is asked for at each turn. */
  for (let number = 0; number < 2 * limits.referenceSetsKept; number++) {
    expect((await versions.named(`set ${number}`))?.referenceSet).toBe(`set ${number}`);
    expect(versions.latest()).toBe(newest);
  }
  expect(made).toHaveLength(50 + 2 * limits.referenceSetsKept);
});
