/** Closed months against their seals: the digest made again from the store's copy and from the topic. */
import type { Seal } from '../closing/closed-period';
import { parseSeal, type ClosedRecords, type FrozenCells } from '../closing/closed-records';
import { digestOfCells } from '../closing/period-digest';
import { differingFields } from '../domain/differing-fields';
import { limits } from '../limits';
import type { ClosedStore } from '../shell/closed-store';
import type { LogInspector } from '../shell/ports';

export interface FrozenDifference { readonly hash: string; readonly field: string; readonly inStore: string; readonly onTopic: string }
export interface ClosedCheck {
  readonly period: string;
  readonly closedBy: string;
  readonly digest: string;
  /** As made again; of the store null where the period is not there. */
  readonly digestInStore: string | null;
  readonly digestOnTopic: string;
  readonly differences: readonly FrozenDifference[];
}

export async function checkClosed(records: ClosedRecords, inspector: LogInspector, store: ClosedStore, month?: string): Promise<ClosedCheck[]> {
  const seals = [...(await records.readSeals(inspector)).values()].filter(({ period }) => month === undefined || period === month).sort((a, b) => (a.period < b.period ? -1 : 1));
  const cells = await records.readCells(inspector, seals.map(({ closeId }) => closeId));
  const inStore = await store.seals();
  const checks: ClosedCheck[] = [];
  for (const seal of seals) {
    const onTopic = cells.get(seal.closeId) as FrozenCells;
    const text = inStore.get(seal.period);
    const restored = text === undefined ? undefined : await storeCells(seal.period, store);
    checks.push({
      period: seal.period, closedBy: seal.closedBy, digest: seal.digest, digestOnTopic: digestOfFrozen(seal, onTopic),
      digestInStore: text === undefined || !restored ? null : digestOfFrozen(parseSeal(text), restored),
      differences: restored ? differencesOf(restored, onTopic) : [],
    });
  }
  return checks;
}

/** True when the period is in the store as it was signed off. */
export const isIntact = ({ digest, digestInStore, digestOnTopic, differences }: ClosedCheck): boolean => digestInStore === digest && digestOnTopic === digest && differences.length === 0;

const digestOfFrozen = ({ period, sourceOffsets }: Seal, cells: FrozenCells): string => digestOfCells(period, sourceOffsets, cells);

/** Hash by hash: frozen cells do not move. */
async function storeCells(period: string, store: ClosedStore): Promise<FrozenCells | undefined> {
  const cells = new Map<string, ReadonlyMap<string, string>>();
  for (const name of new Set(await store.frozenNames(period))) {
    const answer = await store.readClosed(period, [name], limits.queryFields);
    if (!answer || 'tooManyFields' in answer) return undefined;
    cells.set(name, answer[0]?.fields ?? new Map<string, string>());
  }
  return cells;
}

function differencesOf(inStore: FrozenCells, onTopic: FrozenCells): FrozenDifference[] {
  const hashes = [...new Set([...inStore.keys(), ...onTopic.keys()])].sort();
  return hashes.flatMap((hash) => differingFields(inStore.get(hash), onTopic.get(hash)).map(({ field, left, right }) => ({ hash, field, inStore: left, onTopic: right })));
}
