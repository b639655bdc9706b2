/**
 * Closed months in answers: their figures are those that were signed off, whatever came since. What came since is
 * the difference, made on reading; quarters and years add what their months show.
 */
import { adjustmentsOf, closingMonthOf, hashesOfMonth, type Seal } from '../closing/closed-period';
import { parseSeal } from '../closing/closed-records';
import { viewShapes, type Cubes } from '../domain/cubes';
import type { Calendar } from '../domain/period';
import type { ClosedStore } from '../shell/closed-store';
import type { FiguresAnswer } from '../shell/figure-store';
import type { View } from '../topology';

/** A month as it was signed off. */
export interface ClosedMonth { readonly period: string; readonly closedBy: string; readonly closedAt: string; readonly digest: string; readonly offsets: Readonly<Record<string, string>> }
/** `lacking`: `view/combination/grain` of hashes that were asked for and that a month was closed without. */
export interface FrozenFigures { readonly months: readonly Seal[]; readonly fields: ReadonlyMap<string, ReadonlyMap<string, string>>; readonly lacking: ReadonlySet<string> }
export interface CubeContext { readonly cubes: Cubes; readonly calendar: Calendar }
type Figures = Exclude<FiguresAnswer, { tooManyFields: number }>;

const none: ReadonlyMap<string, string> = new Map<string, string>();

/** Of all closed months, as they are kept and as they are used. */
export interface Seals { readonly texts: ReadonlyMap<string, string>; readonly byMonth: ReadonlyMap<string, Seal> }
export const noSeals: Seals = { texts: new Map(), byMonth: new Map() };

/** `before`: what was read last, which is answered itself where nothing has changed. */
export async function readSeals(closed: ClosedStore, before?: Seals): Promise<Seals> {
  const texts = await closed.seals();
  if (before?.texts.size === texts.size && [...texts].every(([period, text]) => before.texts.get(period) === text)) return before;
  return { texts, byMonth: new Map([...texts].map(([period, text]) => [period, parseSeal(text)])) };
}

/** The signed-off fields of those hashes whose month is closed. `moved`: a seal went while it was read. */
export async function readFrozen(context: CubeContext, closed: ClosedStore, seals: ReadonlyMap<string, Seal>, hashes: readonly string[], maxFields: number): Promise<FrozenFigures | { readonly tooManyFields: number } | { readonly moved: true }> {
  const byMonth = new Map<string, string[]>();
  for (const hash of hashes) {
    const month = closingMonthOf(hash);
    if (month === undefined || !seals.has(month)) continue;
    byMonth.set(month, [...(byMonth.get(month) ?? []), hash]);
  }
  const fields = new Map<string, ReadonlyMap<string, string>>();
  const lacking = new Set<string>();
  for (const [month, ofMonth] of byMonth) {
    const answer = await closed.readClosed(month, ofMonth, maxFields);
    if (!answer) return { moved: true };
    if ('tooManyFields' in answer) return answer;
    const absent = await absentOf(seals.get(month) as Seal, answer.filter(({ fields: frozen }) => frozen.size === 0).map(({ hash }) => hash), context, closed);
    for (const { hash, fields: frozen } of answer) {
      if (absent.has(kindOf(hash))) lacking.add(kindOf(hash));
      else fields.set(hash, frozen);
    }
  }
  return { fields, lacking, months: [...byMonth.keys()].sort().map((month) => seals.get(month) as Seal) };
}

/** Combination and grain, as `view/combination/grain`. */
const kindOf = (hash: string): string => hash.slice(0, hash.lastIndexOf('/'));
const absentBySeal = new WeakMap<Seal, Map<View, ReadonlySet<string>>>();

/**
 * What a month was closed without, as its cubes had fewer combinations: no figure of it was signed off, which is not the same
 * as zero. Every row of a view is in all of its combinations: one that has nothing beside others that have something was not there.
 */
async function absentOf(seal: Seal, empty: readonly string[], { cubes, calendar }: CubeContext, closed: ClosedStore): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  let known = absentBySeal.get(seal);
  if (!known) absentBySeal.set(seal, (known = new Map<View, ReadonlySet<string>>()));
  for (const view of new Set(empty.map((hash) => hash.split('/', 1)[0] as View))) {
    if (viewShapes[view].families) continue;
    let absent = known.get(view);
    if (!absent) {
      const hashes = hashesOfMonth({ [view]: cubes[view] } as Cubes, calendar, seal.period);
      const sizes = (await closed.frozenSizes(seal.period, hashes)) ?? [];
      const kept = new Set(hashes.filter((_, index) => (sizes[index] ?? 0) > 0).map(kindOf));
      known.set(view, (absent = new Set(kept.size === 0 ? [] : hashes.map(kindOf).filter((kind) => !kept.has(kind)))));
    }
    for (const kind of absent) found.add(kind);
  }
  return found;
}

/** Without combinations and grains, named `view/combination/grain`. */
export function cubesWithout(cubes: Cubes, lacking: ReadonlySet<string>): Cubes {
  let cut = cubes;
  for (const view of Object.keys(cubes) as View[]) {
    const combinations = cubes[view].combinations.map((combination) => ({ ...combination, grains: combination.grains.filter((grain) => !lacking.has(`${view}/${combination.id}/${grain}`)) }));
    cut = { ...cut, [view]: { ...cubes[view], combinations } };
  }
  return cut;
}

/** What an answer shows of each hash: the current figures, those signed off, or what lies between. */
export class ShownFigures {
  private readonly current: ReadonlyMap<string, ReadonlyMap<string, string>>;

  constructor({ hashes }: Figures, private readonly frozen: FrozenFigures, private readonly adjustments: boolean) {
    this.current = new Map(hashes.map(({ hash, fields }) => [hash, fields]));
  }

  currentOf(hash: string): ReadonlyMap<string, string> { return this.current.get(hash) ?? none; }

  fieldsOf(hash: string): ReadonlyMap<string, string> {
    const current = this.currentOf(hash);
    const frozen = this.frozen.fields.get(hash);
    if (this.adjustments) return frozen ? adjustmentsOf(current, frozen) : none;
    return frozen ?? current;
  }

  /** True when figures, not adjustments, are shown and all of them were signed off. */
  allSignedOff(hashes: readonly string[]): boolean { return !this.adjustments && hashes.length > 0 && hashes.every((hash) => this.frozen.fields.has(hash)); }

  get adjusted(): boolean { return [...this.frozen.fields].some(([hash, fields]) => adjustmentsOf(this.currentOf(hash), fields).size > 0); }
  get definitions(): string { return [...new Set(this.frozen.months.flatMap(({ definitions }) => definitions.split(', ')))].sort().join(', '); }
  get months(): ClosedMonth[] {
    return this.frozen.months.map(({ period, closedBy, closedAtMs, digest, sourceOffsets }) => ({
      period, closedBy, closedAt: new Date(closedAtMs).toISOString(), digest, offsets: Object.fromEntries(Object.entries(sourceOffsets).map(([place, next]) => [place, String(next)])),
    }));
  }
}
