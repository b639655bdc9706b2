/**
 * Whoever folds an aggregate topic has the figures of one generation, never a mixture: the example for others
 * (scripts/examples/subscriber.ts) and what `rebuild --from-aggregates` restores with, on the same records in step.
 */
import { decimal, FigureCopy, type AggregateRecord } from '../../scripts/examples/subscriber';
import { Random } from '../../services/generate/random';
import { PublishedFold, type PublishedCell } from '../../services/rebuild/published-fold';

const key = (name: string): string => `revenue/office-taxType-chapter/month/2026-03|${name}`;
/** One record: of a cell, a tombstone (no value), or a marker. */
interface Told { readonly partition: number; readonly name: string; readonly kind: 'CELL' | 'GONE' | 'GENERATION_BEGIN' | 'GENERATION_END'; readonly revision: number; readonly generation: number; readonly value: number }

/** Both in step; answers what they have, cell by cell. */
class Folds {
  private readonly example: FigureCopy;
  private readonly own: PublishedFold;
  private offset = 0;
  constructor(partitions: number) { [this.example, this.own] = [new FigureCopy(partitions), new PublishedFold(partitions)]; }

  take({ partition, name, kind, revision, generation, value }: Told): void {
    const record: AggregateRecord = { kind, revision, generation, value };
    const cell: PublishedCell = { revision, generation, status: 'PROVISIONAL', definitions: '', measures: ['lines'], values: [BigInt(value)], adjustments: [] };
    this.example.take(partition, this.offset++, kind === 'GENERATION_BEGIN' || kind === 'GENERATION_END' ? '@generation' : key(name), kind === 'GONE' ? null : record);
    if (kind === 'CELL') this.own.take(partition, key(name), cell);
    else if (kind === 'GONE') this.own.withdraw(key(name));
    else if (kind === 'GENERATION_BEGIN') this.own.begin(generation);
    else this.own.end(partition, generation);
  }

  get cells(): Record<string, number> {
    const ofExample = Object.fromEntries([...this.example.cells].map(([name, { value }]) => [name, value as number]));
    const ofOwn = Object.fromEntries([...this.own.cells].flatMap(([hash, cells]) => [...cells].filter(([, { withdrawn }]) => !withdrawn).map(([name, { values }]) => [`${hash}|${name}`, Number(values[0])])));
    expect(ofOwn).toEqual(ofExample);
    return Object.fromEntries(Object.entries(ofExample).map(([name, value]) => [name.slice(key('').length), value]));
  }
}

const cell = (partition: number, name: string, revision: number, value: number, generation = 0): Told => ({ partition, name, kind: 'CELL', revision, generation, value });
const gone = (partition: number, name: string): Told => ({ partition, name, kind: 'GONE', revision: 0, generation: 0, value: 0 });
const marker = (partition: number, kind: 'GENERATION_BEGIN' | 'GENERATION_END', generation: number): Told => ({ partition, name: '', kind, revision: 0, generation, value: 0 });

test('the highest revision of a key stands, a tombstone withdraws, and what comes late changes nothing', () => {
  const folds = new Folds(1);
  for (const told of [cell(0, 'X', 4, 10), cell(0, 'X', 9, 30), cell(0, 'X', 5, 20), cell(0, 'Y', 6, 1)]) folds.take(told);
  expect(folds.cells).toEqual({ X: 30, Y: 1 });
  for (const told of [cell(0, 'Y', 7, 0), gone(0, 'Y'), cell(0, 'Y', 6, 1)]) folds.take(told);
  expect(folds.cells).toEqual({ X: 30 });
  folds.take(cell(0, 'Y', 12, 2));
  expect(folds.cells).toEqual({ X: 30, Y: 2 });
});

test('other figures are taken over at once, when all partitions have them whole; those that are gone too', () => {
  const folds = new Folds(2);
  for (const told of [cell(0, 'X', 1, 100), cell(1, 'Y', 1, 5), cell(0, 'Z', 2, 7)]) folds.take(told);
  const before = { X: 100, Y: 5, Z: 7 };
  for (const told of [marker(0, 'GENERATION_BEGIN', 1), cell(0, 'X', 4, 70, 1), cell(0, 'Z', 5, 0, 1), gone(0, 'Z'), cell(0, 'N', 6, 3, 1), marker(0, 'GENERATION_END', 1), cell(0, 'X', 8, 71, 1), marker(1, 'GENERATION_BEGIN', 1), cell(1, 'Y', 3, 6, 1)]) {
    folds.take(told);
    expect(folds.cells).toEqual(before);
  }
  folds.take(marker(1, 'GENERATION_END', 1));
  expect(folds.cells).toEqual({ X: 71, Y: 6, N: 3 });
  folds.take(cell(0, 'X', 9, 72, 1));
  expect(folds.cells).toEqual({ X: 72, Y: 6, N: 3 });
});

test('compaction leaves the last marker: cells say by their own generation that they wait for its end', () => {
  const folds = new Folds(2);
  for (const told of [cell(0, 'X', 1, 100), cell(1, 'Y', 1, 5)]) folds.take(told);
  for (const told of [cell(0, 'X', 9, 200, 2), marker(0, 'GENERATION_END', 2), cell(1, 'Y', 8, 9, 2)]) folds.take(told);
  expect(folds.cells).toEqual({ X: 100, Y: 5 });
  folds.take(marker(1, 'GENERATION_END', 2));
  expect(folds.cells).toEqual({ X: 200, Y: 9 });
});

test('a change-over whose publisher died, and that was undone, ends with the undoing', () => {
  const folds = new Folds(2);
  for (const told of [cell(0, 'X', 1, 100), cell(1, 'Y', 1, 5)]) folds.take(told);
  for (const told of [marker(0, 'GENERATION_BEGIN', 1), marker(1, 'GENERATION_BEGIN', 1), cell(0, 'X', 4, 70, 1), marker(0, 'GENERATION_BEGIN', 2), cell(0, 'X', 6, 100, 2), marker(0, 'GENERATION_END', 2), marker(1, 'GENERATION_BEGIN', 2)]) folds.take(told);
  expect(folds.cells).toEqual({ X: 100, Y: 5 });
  folds.take(marker(1, 'GENERATION_END', 2));
  expect(folds.cells).toEqual({ X: 100, Y: 5 });
});

/** Figures of each generation are drawn, written as the publisher does it, and read partition by partition in any interleaving. */
test.each(Array.from({ length: 50 }, (_, seed) => seed))('whatever the interleaving, what is seen is one generation whole (seed %i)', (seed) => {
  const random = new Random(`subscribers ${seed}`);
  const [partitions, names] = [3, Array.from({ length: 12 }, (_, index) => `C${index}`)];
  const generations = Array.from({ length: 5 }, () => new Map(names.filter(() => random.chance(0.7)).map((name) => [name, random.between(1, 99)])));
  const logs: Told[][] = Array.from({ length: partitions }, () => []);
  const write = (partition: number, told: Omit<Told, 'partition' | 'revision'>): void => { logs[partition]?.push({ partition, revision: logs[partition].length, ...told }); };
  let whole = 0;
  generations.forEach((figures, generation) => {
    const before = generations[generation - 1] ?? new Map<string, number>();
    if (generation > 0) for (let partition = 0; partition < partitions; partition++) write(partition, { name: '', kind: 'GENERATION_BEGIN', generation, value: 0 });
    names.forEach((name, index) => {
      const [value, partition] = [figures.get(name), index % partitions];
      if (value !== undefined && value !== before.get(name)) write(partition, { name, kind: 'CELL', generation, value });
      if (value !== undefined || !before.has(name)) return;
      write(partition, { name, kind: 'CELL', generation, value: 0 });
      write(partition, { name, kind: 'GONE', generation, value: 0 });
    });
    if (generation > 0) for (let partition = 0; partition < partitions; partition++) write(partition, { name: '', kind: 'GENERATION_END', generation, value: 0 });
    else whole = logs.reduce((sum, log) => sum + log.length, 0);
  });
  const folds = new Folds(partitions);
  const expected = generations.map((figures) => JSON.stringify([...figures].sort()));
  const first = logs.map((log) => log.splice(0, log.findIndex(({ kind }) => kind === 'GENERATION_BEGIN'))).flat();
  expect(first).toHaveLength(whole);
  for (const told of first) folds.take(told);
  const seen = new Set<string>();
  for (let left = logs.filter((log) => log.length > 0); left.length > 0; left = logs.filter((log) => log.length > 0)) {
    folds.take(random.pick(left).shift() as Told);
    const now = JSON.stringify(Object.entries(folds.cells).sort());
    expect(expected).toContain(now);
    seen.add(now);
  }
  expect(JSON.stringify(Object.entries(folds.cells).sort())).toBe(expected.at(-1));
  expect(seen.size).toBeGreaterThan(1);
});

test('a client that begins anew reads again what it had: nothing changes, no tombstone either', () => {
  const copy = new FigureCopy(1);
  const records: (AggregateRecord | null)[] = [{ kind: 'CELL', revision: 0, generation: 0, value: 1 }, null, { kind: 'CELL', revision: 2, generation: 0, value: 3 }];
  records.forEach((record, offset) => copy.take(0, offset, key('X'), record));
  for (const [offset, record] of records.entries()) {
    copy.take(0, offset, key('X'), record);
    expect(copy.cells.get(key('X'))).toMatchObject({ value: 3 });
  }
});

test('amounts of others are integers at the scale of the schema', () => {
  expect([Buffer.from('', 'hex'), Buffer.from('7f', 'hex'), Buffer.from('80', 'hex'), Buffer.from('ff', 'hex'), Buffer.from('20000000000001', 'hex')].map(decimal)).toEqual([0n, 127n, -128n, -1n, 9_007_199_254_740_993n]);
});
