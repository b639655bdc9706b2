/** Months as whoever signs them off looks at them: what they may be trusted for, and what has come since they were closed. */
import { hashesOfMonth, type Seal } from '../closing/closed-period';
import type { Cubes } from '../domain/cubes';
import { definitionsByMonth, DEFINITIONS_HASH } from '../domain/definitions-applied';
import { figureStatus, type FigureStatus } from '../domain/figure-status';
import type { Calendar, Grain } from '../domain/period';
import { limits } from '../limits';
import type { ClosedStore } from '../shell/closed-store';
import type { FigureReader } from '../shell/figure-store';
import { positionNotesOf } from '../shell/position-notes';
import type { View } from '../topology';
import { readFrozen, readSeals, ShownFigures } from './closed-figures';

export interface Month {
  /** As 2026-03, in the profile's time zone. */
  readonly period: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly status: FigureStatus;
  /** Packs that decided its events; undefined: there are none. */
  readonly definitions: string | undefined;
  readonly seal: Seal | undefined;
}
export interface MonthContext { readonly calendar: Calendar; readonly graceMs: number }

/** Every month that has events or was closed, newest first; `besides`: one more, which may have neither. */
export async function readMonths({ calendar, graceMs }: MonthContext, reader: FigureReader, closed: ClosedStore, besides: readonly string[] = []): Promise<Month[]> {
  const { byMonth: seals } = await readSeals(closed);
  const answer = await reader.readFigures([DEFINITIONS_HASH], limits.queryFields);
  if (!('hashes' in answer)) throw new Error(`${DEFINITIONS_HASH} holds ${answer.tooManyFields} fields, more than one reading may take`);
  const definitions = definitionsByMonth(answer.hashes.flatMap(({ fields }) => [...fields.keys()]));
  const names = [...new Set([...definitions.keys(), ...seals.keys(), ...besides])].sort().reverse();
  return names.flatMap((period) => {
    const range = calendar.rangeOf('month', period);
    if (!range) return [];
    const seal = seals.get(period);
    const status = seal ? 'closed' : figureStatus({ ...positionNotesOf(answer.notes.before), positions: answer.positions }, range.toMs, graceMs);
    return [{ period, fromMs: range.fromMs, toMs: range.toMs, status, definitions: seal?.definitions ?? definitions.get(period), seal }];
  });
}

export interface Compared { readonly view: View; readonly grains: readonly Grain[]; readonly maxFields: number }

/**
 * Whether any value of a view has changed since its month was closed: value by value, since what moves from one office
 * to another leaves the sums as they were. Null where that would read more than `maxFields`.
 */
export async function changedSince(seal: Seal, { cubes, calendar }: { readonly cubes: Cubes; readonly calendar: Calendar }, { view, grains, maxFields }: Compared, reader: FigureReader, closed: ClosedStore): Promise<boolean | null> {
  const hashes = hashesOfMonth(cubes, calendar, seal.period).filter((hash) => grains.some((grain) => hash.startsWith(`${view}/`) && hash.split('/')[2] === grain));
  const figures = await reader.readFigures(hashes, maxFields);
  if ('tooManyFields' in figures) return null;
  const frozen = await readFrozen({ cubes, calendar }, closed, new Map([[seal.period, seal]]), hashes, maxFields);
  return 'fields' in frozen ? new ShownFigures(figures, frozen, true).adjusted : null;
}
