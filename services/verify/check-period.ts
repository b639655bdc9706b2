/** Self-checks of one period, read as of one moment. */
import type { Cubes } from '../domain/cubes';
import { grains, type Calendar, type Grain } from '../domain/period';
import type { FigureReader, NamespaceNotes } from '../shell/figure-store';
import { horizonsOf } from '../shell/horizons';
import type { View } from '../topology';
import { disagreements, sourcesOf, type CheckedGrain, type Disagreement } from './self-checks';

export interface PeriodCheck { readonly view: View; readonly grain: CheckedGrain; readonly period: string }
/** `tooManyFields`: more than one reading may take; nothing was compared. */
export type PeriodCheckOutcome = { readonly disagreements: readonly Disagreement[]; readonly fields: number } | { readonly tooManyFields: number };

export async function checkPeriod({ view, grain, period }: PeriodCheck, cubes: Cubes, calendar: Calendar, reader: FigureReader, maxFields: number): Promise<PeriodCheckOutcome> {
  const before = sourcesOf(cubes, calendar, view, grain, period, keptGrains(await reader.readNotes(), calendar, grain, period));
  if (before.length < 2) return { disagreements: [], fields: 0 };
  const answer = await reader.readFigures(before.flatMap(({ hashes }) => hashes), maxFields);
  if ('tooManyFields' in answer) return answer;
  /** A horizon is noted before cells go: what still is kept was whole when it was read. */
  const kept = keptGrains(answer.notes.since, calendar, grain, period);
  const sources = before.filter((source) => kept.includes(source.grain));
  const fields = new Map(answer.hashes.map((hash) => [hash.hash, hash.fields]));
  const none = new Map<string, string>();
  return {
    disagreements: disagreements(view, period, sources, (hash) => fields.get(hash) ?? none),
    fields: answer.hashes.reduce((sum, hash) => sum + hash.fields.size, 0),
  };
}

/** Grains whose cells of this period retention has not touched. */
function keptGrains(notes: NamespaceNotes, calendar: Calendar, grain: CheckedGrain, period: string): Grain[] {
  const fromMs = calendar.rangeOf(grain, period)?.fromMs ?? 0;
  const horizons = horizonsOf(notes);
  return grains.filter((candidate) => fromMs >= (horizons[candidate] ?? 0));
}
