/**
 * After a take-over or a rebuild: the topics' copy against the store, over the union of their cells.
 * What differs is published anew; what the store no longer has is withdrawn.
 */
import { publishedGrains } from '../domain/cubes';
import { publishedTopics, type View } from '../topology';
import type { FigureReader } from '../shell/figure-store';
import { readHash } from '../shell/read-hash';
import { cellDigest, cellsOf, closedState, measuresOf, parseRecordKey, unitsOf, type CellState, type RecordContext } from './cells';
import type { ClosedMonths } from './closed-months';
import type { TopicCopy } from './topic-copy';

export interface Reconciling {
  readonly reader: FigureReader;
  readonly context: RecordContext;
  readonly copy: TopicCopy;
  readonly closedMonths: ClosedMonths;
  readonly publish: (key: string, units: readonly string[]) => void;
  readonly withdraw: (key: string) => Promise<void>;
  readonly betweenHashes: () => Promise<void>;
}

export async function reconcile(reconciling: Reconciling): Promise<void> {
  const { reader, context, copy, betweenHashes } = reconciling;
  const present = new Set<string>();
  for (const view of Object.keys(publishedTopics) as View[]) {
    for (const combination of context.cubes[view].combinations) {
      for (const grain of publishedGrains(combination)) {
        for await (const hash of reader.hashNames(`${view}/${combination.id}/${grain}/`)) {
          await compareHash(reconciling, hash, present);
          await betweenHashes();
        }
      }
    }
  }
  const vanished = new Map<string, string[]>();
  for (const key of copy.cells.keys()) {
    const hash = key.slice(0, key.indexOf('|'));
    if (!present.has(key)) vanished.set(hash, [...(vanished.get(hash) ?? []), key]);
  }
  for (const [hash, keys] of vanished) {
    await settleVanished(reconciling, hash, keys);
    await betweenHashes();
  }
}

/** Cells that no current figure stands behind: of a closed month those that were signed off stay. */
async function settleVanished({ reader, copy, closedMonths, publish, withdraw }: Reconciling, hash: string, keys: readonly string[]): Promise<void> {
  const closed = closedMonths.monthOf(hash.slice(hash.lastIndexOf('/') + 1)) !== undefined;
  const frozen = closed ? await closedMonths.frozenFields(hash) : undefined;
  if (closed && !frozen) return;
  const signedOff = cellsOf(frozen ?? new Map<string, string>());
  /** Asked by name: a store that went back and has come on again meanwhile has what the list of its hashes lacked. */
  const current = cellsOf(await readHash(reader, hash));
  for (const key of keys) {
    const name = key.slice(hash.length + 1);
    if (signedOff.has(name) || current.has(name)) publish(key, copy.cell(key)?.units ?? []);
    else await withdraw(key);
  }
}

async function compareHash({ reader, copy, closedMonths, publish }: Reconciling, hash: string, present: Set<string>): Promise<void> {
  const fields = await readHash(reader, hash);
  const frozen = await closedMonths.frozenFields(hash);
  const current = cellsOf(fields);
  const signedOff = cellsOf(frozen ?? new Map<string, string>());
  for (const name of new Set([...current.keys(), ...signedOff.keys()])) {
    const key = `${hash}|${name}`;
    const address = parseRecordKey(key);
    if (!address) continue;
    const [now, then] = [current.get(name), signedOff.get(name)];
    const units = unitsOf(new Set([...(now?.keys() ?? []), ...(then?.keys() ?? [])]));
    const measures = measuresOf(address.view, units);
    present.add(key);
    const known = copy.cell(key);
    const values = valuesOf(measures, now);
    const state: CellState = frozen ? closedState(address, measures, values, valuesOf(measures, then)) : { address, measures, values, status: known?.final ? 'FINAL' : 'PROVISIONAL' };
    if (known?.digest !== cellDigest(state)) publish(key, units);
  }
}

const valuesOf = (measures: readonly string[], cell: ReadonlyMap<string, bigint> | undefined): bigint[] => measures.map((measure) => cell?.get(measure) ?? 0n);
