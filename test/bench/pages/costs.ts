/** What a million events cost each process, in turns with and without pages: drift of the machine falls on both alike. */
export interface Turn { readonly withPages: boolean; readonly seconds: number; readonly events: number; readonly cpuSeconds: Readonly<Record<string, number>> }
/** `ratios`: of each turn with pages to the mean of the two around it. */
export interface Cost { readonly name: string; readonly without: number; readonly withPages: number; readonly ratios: readonly number[]; readonly ratio: number; readonly least: number; readonly most: number }

/** Turns begin and end without pages, and change each time. `names`: processes that are added up. */
export function costOf(name: string, names: readonly string[], turns: readonly Turn[]): Cost {
  const each = turns.map(({ events, cpuSeconds }) => (names.reduce((sum, one) => sum + (cpuSeconds[one] ?? 0), 0) * 1_000_000) / events);
  const of = (withPages: boolean): number => mean(each.filter((_, index) => turns[index]?.withPages === withPages));
  const ratios = each.flatMap((cost, index) => (turns[index]?.withPages ? [cost / mean([each[index - 1], each[index + 1]].filter((beside) => beside !== undefined))] : []));
  return { name, without: of(false), withPages: of(true), ratios, ratio: mean(ratios), least: Math.min(...ratios), most: Math.max(...ratios) };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
