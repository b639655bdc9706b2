/**
 * Counts the whole log again into a fresh namespace and compares it, month by month: the live figures of a month are
 * copied as of one moment, the fresh namespace is fed exactly up to the positions of that copy, and then every cell
 * must be the same. The live services go on meanwhile.
 */
import { frozenGrains, hashesOfMonth } from '../closing/closed-period';
import type { Cubes } from '../domain/cubes';
import { DEFINITIONS_HASH } from '../domain/definitions-applied';
import { differingFields } from '../domain/differing-fields';
import { offsetsOf } from '../domain/figure-status';
import type { Calendar } from '../domain/period';
import { limits } from '../limits';
import type { ClosedStore } from '../shell/closed-store';
import { BOOKS_HASH, CODES_HASH, type FigureReader } from '../shell/figure-store';
import { readHash } from '../shell/read-hash';
import { readPositions } from '../shell/read-positions';
import { delay } from '../shell/waiting';
import type { OffsetLimits } from '../shell/limited-source';

export interface RebuiltDifference { readonly hash: string; readonly field: string; readonly live: string; readonly rebuilt: string }
export interface RebuildResult { readonly months: readonly string[]; readonly records: number; readonly compared: number; readonly differences: readonly RebuiltDifference[] }
export interface RebuildPorts {
  readonly live: FigureReader;
  readonly copies: ClosedStore;
  readonly fresh: FigureReader;
  /** Lets the counting of the fresh namespace go on up to these offsets; it is started by the first call. */
  readonly feedTo: (offsets: OffsetLimits) => Promise<void>;
  readonly onProgress: (records: number, total: number) => void;
  /** Rejects when counting has stopped for good. */
  readonly failed: Promise<never>;
}

/** Figures that belong to no month are compared with each of them. */
const plainHashes: readonly string[] = [BOOKS_HASH, CODES_HASH, DEFINITIONS_HASH];

export async function rebuild(cubes: Cubes, calendar: Calendar, ports: RebuildPorts): Promise<RebuildResult> {
  const differences: RebuiltDifference[] = [];
  const months = await monthsOf(cubes, ports.live);
  let compared = 0;
  let records = 0;
  for (const month of months) {
    const label = `rebuild-${month}`;
    const hashes = [...hashesOfMonth(cubes, calendar, month), ...plainHashes];
    const offsets = offsetsOf(await ports.copies.copy(label, hashes));
    try {
      records = await fed(offsets, ports);
      for (const hash of hashes) compared += await compare(label, hash, ports, differences);
    } finally {
      await ports.copies.discardCopies(label, hashes);
    }
  }
  return { months, records, compared, differences };
}

/** Of all figures that there are, old ones first. */
async function monthsOf(cubes: Cubes, live: FigureReader): Promise<string[]> {
  const months = new Set<string>();
  for (const { view, combinations } of Object.values(cubes)) {
    for (const { id, grains } of combinations) {
      for (const grain of grains.filter((candidate) => frozenGrains.includes(candidate))) {
        const prefix = `${view}/${id}/${grain}/`;
        for await (const hash of live.hashNames(prefix)) months.add(hash.slice(prefix.length, prefix.length + '2026-03'.length));
      }
    }
  }
  return [...months].sort();
}

/** Waits until the fresh namespace stands exactly at these offsets; answers how many they are in all. */
async function fed(offsets: OffsetLimits, { fresh, feedTo, onProgress, failed }: RebuildPorts): Promise<number> {
  await feedTo(offsets);
  const total = Object.values(offsets).reduce((sum, next) => sum + next, 0);
  for (;;) {
    const reached = offsetsOf(await readPositions(fresh));
    onProgress(Object.values(reached).reduce((sum, next) => sum + next, 0), total);
    if (Object.entries(offsets).every(([place, next]) => reached[place] === next)) return total;
    await Promise.race([delay(limits.rebuildLookMs), failed]);
  }
}

async function compare(label: string, hash: string, { copies, fresh }: RebuildPorts, differences: RebuiltDifference[]): Promise<number> {
  const live = await copies.copied(label, hash);
  const rebuilt = await readHash(fresh, hash);
  differences.push(...differingFields(live, rebuilt).map(({ field, left, right }) => ({ hash, field, live: left, rebuilt: right })));
  return new Set([...live.keys(), ...rebuilt.keys()]).size;
}
