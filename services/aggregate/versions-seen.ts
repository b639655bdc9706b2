/**
 * Which versions have arrived: kept as those that have not, below the highest, first and last of each stretch
 * in rising order; and how many arrived again. Declarations come in order nearly always, and then there is
 * nothing to keep.
 */
import type { CountedFacts } from '../domain/facts';
import { limits } from '../limits';

export type VersionsSeen = Pick<CountedFacts, 'unseenVersions' | 'repeats'>;
const nothing: readonly number[] = [];

/** What has been seen once `version` has arrived, whatever its content. */
export function seenWith(version: number, before: (VersionsSeen & { readonly version: number }) | undefined): VersionsSeen {
  if (!before) return { unseenVersions: version > 1 ? [1, version - 1] : nothing, repeats: 0 };
  const { unseenVersions, repeats, version: highest } = before;
  if (version === highest + 1) return { unseenVersions, repeats };
  if (version > highest) return { unseenVersions: bounded([...unseenVersions, highest + 1, version - 1]), repeats };
  for (let index = 0; index < unseenVersions.length; index += 2) {
    const [first, last] = [unseenVersions[index] as number, unseenVersions[index + 1] as number];
    if (version < first || version > last) continue;
    const left = [...(version > first ? [first, version - 1] : nothing), ...(version < last ? [version + 1, last] : nothing)];
    return { unseenVersions: bounded([...unseenVersions.slice(0, index), ...left, ...unseenVersions.slice(index + 2)]), repeats };
  }
  return { unseenVersions, repeats: repeats + 1 };
}

/** Of more stretches than a sane declaration has, the oldest is given up: its versions would pass for repeats. */
const bounded = (unseen: readonly number[]): readonly number[] => (unseen.length > 2 * limits.unseenVersionStretches ? unseen.slice(2) : unseen);
