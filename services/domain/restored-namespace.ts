/**
 * What a namespace says of itself whose figures were restored from the aggregate topics. Nobody counts into it: it has no
 * ledger and no positions, and whoever claims a partition of it finds another manifest than its own.
 */
import { publishedTopics, type View } from '../topology';
import { publishedGrains, type Cubes } from './cubes';
import { definitionsField } from './definitions-applied';
import type { AsOf } from './figure-status';

const RESTORED_FROM = 'aggregate topics';

export interface RestoredNamespace {
  /** False while it is being written: what was begun and never ended is no answer. */
  readonly complete: boolean;
  readonly profile: string;
  readonly partitions: number;
  readonly shards: number;
  /** Figures that were on the topics: view/combination/grain. */
  readonly kept: readonly string[];
  /** How often the live figures had changed their namespace. */
  readonly generation: number;
  /** Newest event time, and source positions by `topic/partition`, that the figures reflect. */
  readonly streamTimeMs: number;
  readonly sourceOffsets: Readonly<Record<string, number>>;
  /** By month: the packs that decided its events. */
  readonly definitions: Readonly<Record<string, string>>;
}

export const restoredText = (namespace: RestoredNamespace): string => JSON.stringify({ restoredFrom: RESTORED_FROM, ...namespace });

/** Undefined where a manifest is one of figures that are counted. */
export function parseRestored(manifest: string | undefined): RestoredNamespace | undefined {
  if (manifest === undefined || !manifest.startsWith('{')) return undefined;
  const parsed = JSON.parse(manifest) as RestoredNamespace & { readonly restoredFrom?: string };
  return parsed.restoredFrom === RESTORED_FROM ? parsed : undefined;
}

/** All figures that go to the aggregate topics, as view/combination/grain. */
export const publishedFigures = (cubes: Cubes): string[] =>
  (Object.keys(publishedTopics) as View[]).flatMap((view) => cubes[view].combinations.flatMap((combination) => publishedGrains(combination).map((grain) => `${view}/${combination.id}/${grain}`)));

/** The cubes without what was not restored: a query that would need it is refused, where reading it would find nothing and say zero. */
export const cubesOfRestored = (cubes: Cubes, { kept }: RestoredNamespace): Cubes => Object.fromEntries(Object.entries(cubes).map(([view, cube]) => [view, {
  ...cube, combinations: cube.combinations.map((combination) => ({ ...combination, grains: combination.grains.filter((grain) => kept.includes(`${view}/${combination.id}/${grain}`)) })),
}])) as unknown as Cubes;

/** The packs by month in the form in which counted namespaces keep them. */
export const definitionsOfRestored = ({ definitions }: RestoredNamespace): string[] =>
  Object.entries(definitions).flatMap(([month, names]) => names.split(', ').map((name) => definitionsField(month, name)));

export const asOfRestored = ({ streamTimeMs, sourceOffsets }: RestoredNamespace): AsOf => ({
  streamTime: streamTimeMs === 0 ? null : new Date(streamTimeMs).toISOString(),
  offsets: Object.fromEntries(Object.entries(sourceOffsets).map(([place, next]) => [place, String(next)])),
});
