/**
 * Signs a month off. In this order, so that a closing that dies half-way has closed nothing:
 *   1 copy the month's figures, as of one moment        2 compare them with themselves
 *   3 send the cells to the topic                       4 send the seal: from here on the month is closed
 *   5 write both into the store                         6 let the copies go
 * Who counts knows nothing of it: what comes later is the difference between the figures now and then.
 */
import { randomUUID } from 'node:crypto';
import type { Cubes } from '../domain/cubes';
import { figureStatus, offsetsOf, streamTimeOf, type FigureStatus } from '../domain/figure-status';
import type { Calendar } from '../domain/period';
import { limits } from '../limits';
import { readDefinitionsByMonth } from '../shell/applied-definitions';
import type { ClosedStore } from '../shell/closed-store';
import type { FigureReader, PositionOf } from '../shell/figure-store';
import type { LogInspector, Sink } from '../shell/ports';
import { positionNotesOf } from '../shell/position-notes';
import type { View } from '../topology';
import { disagreements, sourcesOf, type Disagreement } from '../verify/self-checks';
import type { ClosedRecords } from './closed-records';
import { frozenGrains, hashesOfMonth, type Seal } from './closed-period';
import { PeriodDigest } from './period-digest';
import { restore } from './restore';

export interface ClosingPorts {
  readonly reader: FigureReader;
  readonly closed: ClosedStore;
  readonly records: ClosedRecords;
  readonly inspector: LogInspector;
  readonly sink: Sink;
  readonly onProgress: (hashes: number, total: number) => void;
}
export interface Closing { readonly month: string; readonly closedBy: string; readonly nowMs: number; readonly cubes: Cubes; readonly calendar: Calendar; readonly graceMs: number }
export type ClosingOutcome =
  | { readonly seal: Seal }
  | { readonly alreadyClosed: Seal }
  | { readonly closingElsewhere: true }
  /** Provisional or catching up: what is still on its way would be missing. */
  | { readonly notFinal: FigureStatus }
  | { readonly empty: true }
  /** Figures that contradict each other are not signed off. */
  | { readonly disagreements: readonly Disagreement[] };

const leaseName = (month: string): string => `closing-${month}`;

export async function closeMonth(closing: Closing, ports: ClosingPorts): Promise<ClosingOutcome> {
  const { month, cubes, calendar } = closing;
  const closeId = randomUUID();
  const { reader, closed, records, inspector } = ports;
  const before = (await records.readSeals(inspector)).get(month);
  if (before) return { alreadyClosed: before };
  if (!(await reader.holdLease(leaseName(month), closeId, limits.closingLeaseMs))) return { closingElsewhere: true };
  const hashes = hashesOfMonth(cubes, calendar, month);
  try {
    const notes = positionNotesOf(await reader.readNotes());
    const state = { ...notes, positions: await closed.copy(month, hashes) };
    const status = figureStatus(state, calendar.rangeOf('month', month)?.toMs ?? Infinity, closing.graceMs);
    return status === 'final' ? await closeCopied(closing, closeId, hashes, state.positions, ports) : { notFinal: status };
  } finally {
    await closed.discardCopies(month, hashes);
    await reader.releaseLease(leaseName(month), closeId);
  }
}

async function closeCopied(closing: Closing, closeId: string, hashes: readonly string[], positions: readonly PositionOf[], ports: ClosingPorts): Promise<ClosingOutcome> {
  const { month } = closing;
  const { closed, records, inspector, sink, reader } = ports;
  const found = await contradictions(closing, closed);
  if (found.length > 0) return { disagreements: found };
  const sourceOffsets = offsetsOf(positions);
  const digest = new PeriodDigest(month, sourceOffsets);
  for (const [index, hash] of hashes.entries()) {
    const fields = await closed.copied(month, hash);
    digest.add(hash, fields);
    await sink.send(records.pieces(month, closeId, hash, fields));
    ports.onProgress(index + 1, hashes.length);
    if (!(await reader.holdLease(leaseName(month), closeId, limits.closingLeaseMs))) return { closingElsewhere: true };
  }
  if (digest.fields === 0) return { empty: true };
  const seal: Seal = {
    period: month, closeId, closedBy: closing.closedBy, closedAtMs: closing.nowMs, definitions: (await readDefinitionsByMonth(reader)).get(month) ?? '',
    hashes: digest.hashes, fields: digest.fields, digest: digest.hex(),
    streamTimeMs: streamTimeOf(positions), sourceOffsets,
  };
  await sink.send([records.seal(seal)]);
  const standing = (await records.readSeals(inspector)).get(month) ?? seal;
  await restore([standing], records, inspector, closed);
  return standing.closeId === closeId ? { seal: standing } : { alreadyClosed: standing };
}

/** Of the copies, so nothing moves while they are compared. */
async function contradictions({ month, cubes, calendar }: Closing, closed: ClosedStore): Promise<Disagreement[]> {
  const found: Disagreement[] = [];
  for (const view of Object.keys(cubes) as View[]) {
    const sources = sourcesOf(cubes, calendar, view, 'month', month, frozenGrains);
    const fields = new Map<string, ReadonlyMap<string, string>>();
    for (const { hashes } of sources) for (const hash of hashes) fields.set(hash, await closed.copied(month, hash));
    found.push(...disagreements(view, month, sources, (hash) => fields.get(hash) ?? new Map<string, string>()));
  }
  return found;
}
