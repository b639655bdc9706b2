/** What a namespace is made of, as its store keeps it, and by which of its reference sets a record is decided. */
import type { Cubes } from '../domain/cubes';
import type { NamespaceManifest } from '../domain/namespace-directory';
import type { Profile } from '../reference/types';
import type { Config } from '../shell/config';
import { manifestOf } from '../shell/definition-files';
import type { TopicName } from '../topology';

/** One line of JSON, compared byte for byte by whoever takes a partition over. */
export function madeOf({ name, inputs, referenceSet, changes, fineSinceMs }: NamespaceManifest, config: Config, profile: Profile, cubes: Cubes): string {
  const settings = JSON.parse(manifestOf({ ...config, TIDEWAITER_NAMESPACE: name }, profile, cubes)) as object;
  return JSON.stringify({ ...settings, source: inputs, referenceSet, ...(fineSinceMs === undefined ? {} : { fineSinceMs }), ...(changes ? { changes: changes.map((change) => change.referenceSet) } : {}) });
}

/** How many changes of the reference data lie before a record. */
export function changesBefore({ changes }: NamespaceManifest, topic: TopicName, partition: number, offset: number): number {
  if (!changes) return 0;
  let before = 0;
  for (const { from } of changes) {
    if (offset < (from[`${topic}/${partition}`] ?? 0)) break;
    before++;
  }
  return before;
}
