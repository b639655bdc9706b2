/**
 * Restored figures against the live ones, under live traffic. A cell that differs may be on its way, so it is looked at
 * again, and the topic read on in between. What was live before the topic's end was read, and is still live behind it, and
 * waits in no change list, has been published: if the topic says otherwise, that is a difference. Everything else moves.
 */
import { cellHash, publishedGrains, splitField, type Cubes } from '../domain/cubes';
import { differingFields } from '../domain/differing-fields';
import { catchingUp } from '../domain/figure-status';
import { limits } from '../limits';
import { parseChange } from '../publish/cells';
import type { FigureReader } from '../shell/figure-store';
import { positionNotesOf } from '../shell/position-notes';
import { readHash } from '../shell/read-hash';
import { readPositions } from '../shell/read-positions';
import { delay } from '../shell/waiting';
import type { View } from '../topology';

export interface RestoredDifference { readonly hash: string; readonly field: string; readonly live: string; readonly restored: string }
export interface LiveComparison {
  /** Values, of either side. */
  readonly compared: number;
  /** Values that were on their way whenever they were looked at. */
  readonly moving: number;
  readonly differences: readonly RestoredDifference[];
}
export interface ComparedFigures {
  readonly live: FigureReader;
  readonly restored: FigureReader;
  /** Takes over what has come to the topic since. */
  readonly readOn: () => Promise<void>;
}

/** Fields by hash. */
type Suspects = ReadonlyMap<string, readonly string[]>;

/** Why the live figures say nothing about others; undefined: they can be compared. `published`: source positions that the topics reflect. */
export async function whyNotComparable(live: FigureReader, published: Readonly<Record<string, number>>): Promise<'empty' | 'catching-up' | undefined> {
  const notes = await live.readNotes();
  if (notes.manifest === undefined) return 'empty';
  const { publishedPositions } = positionNotesOf(notes);
  /** Other figures may have been counted from other topics. */
  const ofInputs = Object.fromEntries(Object.entries({ ...publishedPositions, ...published }).filter(([place]) => live.inputs.some((topic) => place.startsWith(`${topic}/`))));
  return catchingUp({ positions: await readPositions(live), confirmedThroughMs: 0, publishedPositions: ofInputs }) ? 'catching-up' : undefined;
}

/** Every cell of a view that goes to its topic. */
export async function compareWithLive(view: View, cubes: Cubes, figures: ComparedFigures): Promise<LiveComparison> {
  let compared = 0;
  let suspects = new Map<string, string[]>();
  for (const hash of await hashesOf(view, cubes, figures)) {
    const [live, restored] = [await readHash(figures.live, hash), await readHash(figures.restored, hash)];
    compared += new Set([...live.keys(), ...restored.keys()]).size;
    const fields = differingFields(live, restored).map(({ field }) => field);
    if (fields.length > 0) suspects.set(hash, fields);
  }
  let differences: RestoredDifference[] = [];
  for (let look = 0; look < limits.restoredLooks && suspects.size > 0; look++) {
    if (look > 0) await delay(limits.restoredLookMs);
    ({ suspects, differences } = await lookAgain(suspects, figures));
  }
  const left = [...suspects.values()].reduce((sum, fields) => sum + fields.length, 0);
  return { compared, moving: left - differences.length, differences };
}

async function hashesOf(view: View, cubes: Cubes, { live, restored }: ComparedFigures): Promise<string[]> {
  const hashes = new Set<string>();
  for (const combination of cubes[view].combinations) {
    for (const grain of publishedGrains(combination)) {
      for (const reader of [live, restored]) for await (const hash of reader.hashNames(cellHash(view, combination.id, grain, ''))) hashes.add(hash);
    }
  }
  return [...hashes].sort();
}

/** `suspects`: what differs still; `differences`: those among them that stood still. */
async function lookAgain(suspects: Suspects, { live, restored, readOn }: ComparedFigures): Promise<{ suspects: Map<string, string[]>; differences: RestoredDifference[] }> {
  const before = await valuesOf(live, suspects);
  const waiting = await waitingCells(live, suspects);
  await readOn();
  const [after, published] = [await valuesOf(live, suspects), await valuesOf(restored, suspects)];
  const left = new Map<string, string[]>();
  const differences: RestoredDifference[] = [];
  for (const [hash, fields] of suspects) {
    for (const field of fields) {
      const [now, told] = [after.get(hash)?.get(field) ?? '0', published.get(hash)?.get(field) ?? '0'];
      if (now === told) continue;
      left.set(hash, [...(left.get(hash) ?? []), field]);
      if ((before.get(hash)?.get(field) ?? '0') === now && !waiting.has(keyOf(hash, field))) differences.push({ hash, field, live: now, restored: told });
    }
  }
  return { suspects: left, differences };
}

async function valuesOf(reader: FigureReader, suspects: Suspects): Promise<Map<string, ReadonlyMap<string, string>>> {
  const values = new Map<string, ReadonlyMap<string, string>>();
  for (const [hash, fields] of suspects) {
    const found = await readHash(reader, hash);
    values.set(hash, new Map(fields.flatMap((field) => (found.has(field) ? [[field, found.get(field) as string]] : []))));
  }
  return values;
}

const keyOf = (hash: string, field: string): string => `${hash}|${splitField(field).name}`;

/** Those of the cells that the change lists still have: they leave them when they are acknowledged on the topics. */
async function waitingCells(live: FigureReader, suspects: Suspects): Promise<Set<string>> {
  const cells = new Set([...suspects].flatMap(([hash, fields]) => fields.map((field) => keyOf(hash, field))));
  const waiting = new Set<string>();
  for (let shard = 0; shard < live.shards; shard++) {
    let after = '-';
    for (let page = await live.changes(shard, after, limits.changedEntriesPerRead); page.length > 0; page = await live.changes(shard, after, limits.changedEntriesPerRead)) {
      for (const { id, changed } of page) {
        for (const line of changed.split('\n')) {
          const { key } = parseChange(line);
          if (cells.has(key)) waiting.add(key);
        }
        after = id;
      }
    }
  }
  return waiting;
}
