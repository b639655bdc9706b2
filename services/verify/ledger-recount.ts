/**
 * Figures worked out again from the ledger: every declaration's counted facts, through the same contributions,
 * summed here instead of in the store. An amount counted twice or lost in the store shows as a difference.
 */
import { contribution } from '../domain/contribution';
import { cellField, withGrains, type Cubes } from '../domain/cubes';
import { Increments } from '../domain/increments';
import type { Calendar } from '../domain/period';
import { frozenGrains } from '../closing/closed-period';
import type { FigureReader, LedgerStore } from '../shell/figure-store';
import { limits } from '../limits';
import type { LedgerEntries } from '../shell/ledger-entries';
import { walkLedger } from '../shell/walk-ledger';
import { countedTopic, type View } from '../topology';

export interface CellDifference { readonly hash: string; readonly field: string; readonly inStore: string; readonly inLedger: string }
export interface RecountResult { readonly declarations: number; readonly compared: number; /** Changed while they were read: not compared. */ readonly moving: number; readonly differences: readonly CellDifference[] }
export interface RecountPorts { readonly reader: FigureReader; readonly store: LedgerStore; readonly entries: LedgerEntries; readonly partitions: number; readonly onProgress: (buckets: number, total: number) => void }

/** Counted where events arrive, not from the facts of a declaration: the books balance them. */
const onArrival = /^operations\/.*:refused$|^quality\/.*:(events|refused|delay\.[^:]*)$/;

type Cells = Map<string, Map<string, string>>;

/**
 * Compares the cells of days and months of one month, or of all. Under traffic a cell is compared when it was the
 * same before and after the ledger was read; the others are counted as moving.
 */
export async function recountLedger(cubes: Cubes, calendar: Calendar, month: string | undefined, ports: RecountPorts): Promise<RecountResult> {
  const checked = withGrains(cubes, ({ grains }) => grains.filter((grain) => frozenGrains.includes(grain)));
  const before = await readCells(checked, month, ports.reader);
  const { cells, declarations } = await ledgerCells(checked, calendar, month, ports);
  const after = await readCells(checked, month, ports.reader);
  const differences: CellDifference[] = [];
  let compared = 0;
  let moving = 0;
  for (const hash of [...new Set([...before.keys(), ...cells.keys(), ...after.keys()])].sort()) {
    const [first, last, recounted] = [before.get(hash), after.get(hash), cells.get(hash)];
    for (const field of new Set([...(first?.keys() ?? []), ...(last?.keys() ?? []), ...(recounted?.keys() ?? [])])) {
      if (onArrival.test(`${hash}|${field}`)) continue;
      const [inStore, inLedger] = [last?.get(field) ?? '0', recounted?.get(field) ?? '0'];
      if ((first?.get(field) ?? '0') !== inStore) { moving++; continue; }
      compared++;
      if (inStore !== inLedger) differences.push({ hash, field, inStore, inLedger });
    }
  }
  return { declarations, compared, moving, differences };
}

async function readCells(cubes: Cubes, month: string | undefined, reader: FigureReader): Promise<Cells> {
  const names = new Set<string>();
  for (const view of Object.keys(cubes) as View[]) {
    for (const { id, grains } of cubes[view].combinations) {
      for (const grain of grains) for await (const hash of reader.hashNames(`${view}/${id}/${grain}/${month ?? ''}`)) names.add(hash);
    }
  }
  const cells: Cells = new Map();
  const hashes = [...names];
  for (let start = 0; start < hashes.length; start += limits.hashesPerRecount) {
    const answer = await reader.readFigures(hashes.slice(start, start + limits.hashesPerRecount), limits.queryFields);
    if (!('hashes' in answer)) throw new Error(`${limits.hashesPerRecount} hashes hold ${answer.tooManyFields} fields, more than one reading may take`);
    for (const { hash, fields } of answer.hashes) cells.set(hash, new Map(fields));
  }
  return cells;
}

async function ledgerCells(cubes: Cubes, calendar: Calendar, month: string | undefined, { store, entries, partitions, onProgress }: RecountPorts): Promise<{ cells: Cells; declarations: number }> {
  const sums = new Increments(cubes, calendar);
  let declarations = 0;
  await walkLedger({ partitions, buckets: store.buckets, onProgress }, async (partition, buckets) => {
    const found = await Promise.all(buckets.map((bucket) => store.readBucket({ topic: countedTopic, partition }, bucket)));
    for (const entry of found.flatMap((bucket) => [...bucket.entries.values()])) {
      declarations++;
      const rows = contribution(entries.decode(entry));
      sums.addRows(month === undefined ? rows : rows.filter(({ at }) => calendar.keysOf(at).month === month), 1);
    }
  });
  const cells: Cells = new Map();
  sums.each((hash, cell, measure, amount) => {
    let fields = cells.get(hash);
    if (!fields) cells.set(hash, (fields = new Map<string, string>()));
    fields.set(cellField(cell, measure), String(amount));
  });
  return { cells, declarations };
}
