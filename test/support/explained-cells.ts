/** Cells drawn at random, as the questions that are answered by them alone. */
import type { Random } from '../../services/generate/random';
import type { ExplainRequest } from '../../services/explain/explain-figure';
import { cellValues } from '../../services/domain/cubes';
import { readCubes } from '../../services/shell/definition-files';
import type { PeriodKind } from '../../services/query/period-request';
import type { View } from '../../services/topology';
import type { Cells } from './redis-cells';

export interface DrawnCell {
  readonly name: string;
  readonly request: ExplainRequest;
  /** As an independent figure has it, by measure. */
  readonly measures: ReadonlyMap<string, bigint>;
}

/** `cells`: `hash name:measure` → amount. Each view has an equal share, or as many cells as it has. */
export function drawnCells(cells: Cells, random: Random, count: number): DrawnCell[] {
  const byView = new Map<string, Map<string, Map<string, bigint>>>();
  for (const [key, amount] of cells) {
    const [cell, measure] = [key.slice(0, key.lastIndexOf(':')), key.slice(key.lastIndexOf(':') + 1)];
    const view = cell.slice(0, cell.indexOf('/'));
    if (view === 'quality' || measure === 'refused') continue;
    const ofView = byView.get(view) ?? new Map<string, Map<string, bigint>>();
    byView.set(view, ofView);
    ofView.set(cell, (ofView.get(cell) ?? new Map<string, bigint>()).set(measure, amount));
  }
  const drawn: DrawnCell[] = [];
  while (drawn.length < count) {
    const ofView = byView.get(random.pick([...byView.keys()])) as Map<string, Map<string, bigint>>;
    const name = random.pick([...ofView.keys()]);
    drawn.push({ name, request: requestOf(name), measures: ofView.get(name) as ReadonlyMap<string, bigint> });
  }
  return drawn;
}

function requestOf(cell: string): ExplainRequest {
  const space = cell.indexOf(' ');
  const [view, combination, kind, value] = cell.slice(0, space).split('/') as [View, string, PeriodKind, string];
  const dimensions = readCubes()[view].combinations.find(({ id }) => id === combination)?.dimensions ?? [];
  const values = cellValues(cell.slice(space + 1));
  return { view, period: { kind, value }, where: Object.fromEntries(dimensions.map((dimension, index) => [dimension, values[index] ?? ''])) };
}
