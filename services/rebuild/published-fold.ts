/**
 * What one aggregate topic says its figures are: the highest revision of each cell, and never a mixture of two generations.
 * While any partition changes over to other figures all changes are held back, and taken over together once the end has come
 * on every partition. Pure.
 *
 * The markers have one key, so compaction leaves the last of them: that a change-over has begun, cells say too, each by its
 * own generation.
 */
import { parseRecordKey, type CellState } from '../publish/cells';

/** A record of a cell: values as Redis keeps them. Of a closed period those that were signed off, with what has come since. */
export interface PublishedCell {
  readonly revision: number;
  readonly generation: number;
  readonly status: CellState['status'];
  /** The packs that decided its events. */
  readonly definitions: string;
  readonly measures: readonly string[];
  readonly values: readonly bigint[];
  readonly adjustments: readonly bigint[];
}
export interface HeldCell extends PublishedCell { readonly partition: number; readonly withdrawn: boolean }
/** Cells by hash and name. */
export type HeldCells = ReadonlyMap<string, ReadonlyMap<string, HeldCell>>;

/** A cell now: what was signed off and what has come since, by measure. */
export const currentValues = ({ measures, values, adjustments }: PublishedCell): Map<string, bigint> =>
  new Map(measures.map((measure, index) => [measure, (values[index] ?? 0n) + (adjustments[index] ?? 0n)]));

/** Takes the records of each partition in order, of all partitions in any interleaving. */
export class PublishedFold {
  private readonly current = new Map<string, Map<string, HeldCell>>();
  private readonly held = new Map<string, HeldCell>();
  /** The newest generation that was heard of, and by partition the one whose figures have come whole. */
  private newest = 0;
  private readonly whole: number[];
  private changed = new Map<string, HeldCell>();

  constructor(partitions: number) { this.whole = Array.from({ length: partitions }, () => 0); }

  get cells(): HeldCells { return this.current; }
  /** Of the figures that `cells` are. */
  get generation(): number { return Math.min(...this.whole); }
  /** Partitions on which the end of a change-over has not come. */
  get changingOver(): readonly number[] { return this.whole.flatMap((generation, partition) => (generation < this.newest ? [partition] : [])); }

  /** A record of a cell; one behind a higher revision was given up, and came late. */
  take(partition: number, key: string, cell: PublishedCell): void {
    if (!parseRecordKey(key) || cell.revision < (this.newestOf(key)?.revision ?? -1)) return;
    this.hear(cell.generation);
    this.held.set(key, { ...cell, partition, withdrawn: false });
    this.settle();
  }

  /** A tombstone: no figure stands behind the cell any more. */
  withdraw(key: string): void {
    const known = this.newestOf(key);
    if (!known) return;
    this.held.set(key, { ...known, withdrawn: true, values: known.values.map(() => 0n), adjustments: [] });
    this.settle();
  }

  /** Some partition begins to change over to the figures of a generation. */
  begin(generation: number): void { this.hear(generation); }

  /** The partition has all of them. */
  end(partition: number, generation: number): void {
    this.hear(generation);
    this.whole[partition] = Math.max(this.whole[partition] ?? 0, generation);
    this.settle();
  }

  /** Cells that have changed since the last call, each as it is now. */
  takeChanged(): ReadonlyMap<string, HeldCell> {
    const { changed } = this;
    this.changed = new Map();
    return changed;
  }

  private hear(generation: number): void { this.newest = Math.max(this.newest, generation); }

  private settle(): void {
    if (this.newest > this.generation) return;
    for (const [key, cell] of this.held) this.show(key, cell);
    this.held.clear();
  }

  private show(key: string, cell: HeldCell): void {
    const bar = key.indexOf('|');
    const [hash, name] = [key.slice(0, bar), key.slice(bar + 1)];
    let cells = this.current.get(hash);
    if (!cells) this.current.set(hash, (cells = new Map<string, HeldCell>()));
    const shown = withMeasuresOf(cells.get(name), cell);
    cells.set(name, shown);
    this.changed.set(key, shown);
  }

  private newestOf(key: string): HeldCell | undefined {
    const bar = key.indexOf('|');
    return this.held.get(key) ?? this.current.get(key.slice(0, bar))?.get(key.slice(bar + 1));
  }
}

/** A quantity that has gone is zero, and not what it was. */
function withMeasuresOf(before: HeldCell | undefined, cell: HeldCell): HeldCell {
  const gone = before?.measures.filter((measure) => !cell.measures.includes(measure)) ?? [];
  if (gone.length === 0) return cell;
  const zeros = gone.map(() => 0n);
  return { ...cell, measures: [...cell.measures, ...gone], values: [...cell.values, ...zeros], adjustments: cell.adjustments.length === 0 ? [] : [...cell.adjustments, ...zeros] };
}
