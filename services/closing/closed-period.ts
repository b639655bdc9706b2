/** What a signed-off period is, and which figures belong to it: pure. */
import { cellHash, type Cubes } from '../domain/cubes';
import { differingFields } from '../domain/differing-fields';
import type { Calendar, Grain } from '../domain/period';
import type { View } from '../topology';

/** Who signed a month off, and what the figures were. Written once, never changed. */
export interface Seal {
  /** A month in the profile's time zone, as 2026-03. */
  readonly period: string;
  readonly closeId: string;
  readonly closedBy: string;
  readonly closedAtMs: number;
  /** SHA-256, see period-digest.ts. */
  readonly digest: string;
  readonly definitions: string;
  readonly hashes: number;
  /** Values that are not zero. */
  readonly fields: number;
  readonly streamTimeMs: number;
  /** `topic/partition` → next offset. */
  readonly sourceOffsets: Readonly<Record<string, number>>;
}

/** Grains whose figures a closing freezes: hours and minutes are there to watch the flow, and go by retention. */
export const frozenGrains: readonly Grain[] = ['day', 'month'];

/** The month that a hash of cells is closed with; undefined for grains that are never frozen. */
export function closingMonthOf(hash: string): string | undefined {
  const [, , grain = '', period = ''] = hash.split('/');
  return frozenGrains.includes(grain as Grain) ? period.slice(0, 7) : undefined;
}

/** Every hash of cells that a month may have, in the order in which digests take them. @throws when there is no such month. */
export function hashesOfMonth(cubes: Cubes, calendar: Calendar, month: string): string[] {
  const range = calendar.rangeOf('month', month);
  if (!range) throw new Error(`there is no month ${month}`);
  const days = calendar.keysBetween('day', range.fromMs, range.toMs);
  const hashes: string[] = [];
  for (const view of Object.keys(cubes) as View[]) {
    for (const { id, grains } of cubes[view].combinations) {
      if (grains.includes('month')) hashes.push(cellHash(view, id, 'month', month));
      if (grains.includes('day')) for (const day of days) hashes.push(cellHash(view, id, 'day', day));
    }
  }
  return hashes.sort();
}

/** Current figure less the one signed off, for every field of either that differs. */
export function adjustmentsOf(current: ReadonlyMap<string, string>, frozen: ReadonlyMap<string, string>): Map<string, string> {
  return new Map(differingFields(current, frozen).map(({ field, left, right }) => [field, (BigInt(left) - BigInt(right)).toString()]));
}
