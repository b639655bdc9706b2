/** Every cell of the store, and what a list of independent rows says it must be. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../services/shell/project-root';
import type { FigureReader } from '../../services/shell/figure-store';
import type { View } from '../../services/topology';

/** `view/combination/grain/period <values joined by bars>:<measure>` → integer as the store keeps it. */
export type Cells = ReadonlyMap<string, bigint>;

const HASHES_PER_READ = 200;
const MANY_FIELDS = 10_000_000;

export async function cellsOf(reader: FigureReader, views: readonly string[]): Promise<Cells> {
  /** Each shard names its own, and a name may come twice. */
  const unique = new Set<string>();
  for (const view of views) for await (const name of reader.hashNames(`${view}/`)) unique.add(name);
  const names = [...unique];
  const cells = new Map<string, bigint>();
  for (let start = 0; start < names.length; start += HASHES_PER_READ) {
    const answer = await reader.readFigures(names.slice(start, start + HASHES_PER_READ), MANY_FIELDS);
    if (!('hashes' in answer)) throw new Error('too many fields');
    for (const { hash, fields } of answer.hashes) for (const [field, value] of fields) if (value !== '0') cells.set(`${hash} ${field}`, BigInt(value));
  }
  return cells;
}

/** A figure by all dimensions that it has, worked out by other means. Measures in units of the store: minor units, thousandths, counts. */
export interface IndependentRow {
  readonly view: View;
  readonly grain: 'day' | 'month';
  readonly period: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly measures: Readonly<Record<string, bigint>>;
}

interface CubeFile { readonly view: string; readonly combinations: readonly { readonly id: string; readonly dimensions: readonly string[]; readonly grains: readonly string[] }[] }

/** Rolls independent rows up into the cells that the declared combinations keep. */
export function expectedCells(rows: Iterable<IndependentRow>, grains: readonly string[] = ['day', 'month']): Cells {
  const folder = join(projectRoot(), 'schemas/cubes');
  const cubes = readdirSync(folder).map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as CubeFile);
  const cells = new Map<string, bigint>();
  for (const { view, grain, period, dimensions, measures } of rows) {
    for (const combination of cubes.find((cube) => cube.view === view)?.combinations ?? []) {
      if (!combination.grains.includes(grain) || !grains.includes(grain)) continue;
      if (!combination.dimensions.every((dimension) => dimension in dimensions)) continue;
      const name = combination.dimensions.map((dimension) => dimensions[dimension] ?? '').join('|');
      for (const [measure, amount] of Object.entries(measures)) {
        if (amount === 0n || (measure.startsWith('quantity.') && !combination.dimensions.includes('hs6'))) continue;
        const key = `${view}/${combination.id}/${grain}/${period} ${name}:${measure}`;
        cells.set(key, (cells.get(key) ?? 0n) + amount);
      }
    }
  }
  for (const [key, sum] of cells) if (sum === 0n) cells.delete(key);
  return cells;
}

/** At most twenty differences, both ways. */
export function differencesOf(expected: Cells, actual: Cells): string[] {
  const found: string[] = [];
  for (const [key, value] of expected) if (actual.get(key) !== value) found.push(`${key}: expected ${value}, is ${actual.get(key) ?? 'absent'}`);
  for (const [key, value] of actual) if (!expected.has(key)) found.push(`${key}: expected none, is ${value}`);
  return found.slice(0, 20);
}
