/** Brings the store's signed-off figures back to what the topic says: after a closing, a failover, an emptied store. */
import type { ClosedStore } from '../shell/closed-store';
import type { LogInspector } from '../shell/ports';
import { sealText, type ClosedRecords, type FrozenCells } from './closed-records';
import type { Seal } from './closed-period';
import { digestOfCells } from './period-digest';

/** Periods whose seal the store lacks, or has otherwise than the topic. */
export function notRestored(onTopic: ReadonlyMap<string, Seal>, inStore: ReadonlyMap<string, string>): Seal[] {
  return [...onTopic.values()].filter((seal) => inStore.get(seal.period) !== sealText(seal));
}

/**
 * Writes the cells of these periods, then their seals. @throws when the topic's cells do not have the digest of
 * the seal: nothing is sealed then.
 */
export async function restore(seals: readonly Seal[], records: ClosedRecords, inspector: LogInspector, store: ClosedStore): Promise<void> {
  const cells = await records.readCells(inspector, seals.map(({ closeId }) => closeId));
  for (const seal of seals) await restorePeriod(seal, cells.get(seal.closeId) as FrozenCells, store);
}

async function restorePeriod(seal: Seal, cells: FrozenCells, store: ClosedStore): Promise<void> {
  const found = digestOfCells(seal.period, seal.sourceOffsets, cells);
  if (found !== seal.digest) throw new Error(`the cells of ${seal.period} on the topic have the digest ${found}, its seal says ${seal.digest}`);
  await store.unseal(seal.period, await store.frozenNames(seal.period));
  for (const [hash, fields] of cells) await store.put(seal.period, hash, fields);
  await store.seal(seal.period, sealText(seal));
}
