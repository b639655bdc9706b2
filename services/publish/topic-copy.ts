/**
 * The publisher's copy of its own topics: what a subscriber that keeps the highest revision per key has.
 * Fed by reading the topics back, from the beginning and then at the tail.
 */
import type { TopicName } from '../topology';
import { parseRecordKey } from './cells';

/** `units`: of quantities that the cell ever had. */
export interface PublishedCell { revision: number; /** Highest that was read back: the tail comes behind what was sent. */ readRevision: number; digest: string; units: readonly string[]; final: boolean; readonly periodTo: number }

export class TopicCopy {
  readonly cells = new Map<string, PublishedCell>();
  /** Source positions that the topics are known to reflect, of the topics that the figures are counted from. */
  positions: Readonly<Record<string, number>> = {};
  private positionsRevision = -1;
  /** `topic/partition` → generation whose figures the log holds whole. */
  private readonly generations = new Map<string, number>();

  /** `inputs`: what the figures that are published are counted from. */
  constructor(private readonly inputs: readonly TopicName[]) {}

  cell(key: string): PublishedCell | undefined { return this.cells.get(key); }

  /** Takes over what a record says, unless a higher revision is known. */
  put(key: string, revision: number, digest: string, units: readonly string[], final: boolean, periodTo: number): void {
    const known = this.cells.get(key);
    if (known) {
      if (known.revision > revision) return;
      known.revision = revision;
      known.digest = digest;
      known.final = final;
      known.units = union(known.units, units);
      return;
    }
    if (parseRecordKey(key)) this.cells.set(key, { revision, readRevision: -1, digest, units, final, periodTo });
  }

  /**
   * A record as it lies in the log. False for one behind a higher revision: a send that was given up and came late.
   * Who reads everything leaves it out, but compaction would keep it and drop the newer one before it.
   */
  readBack(key: string, revision: number): boolean {
    const cell = this.cells.get(key);
    if (!cell) return true;
    if (revision < cell.readRevision) return false;
    cell.readRevision = revision;
    return true;
  }

  endGeneration(log: string, generation: number): void { this.generations.set(log, Math.max(generation, this.generations.get(log) ?? 0)); }
  /** Of a log that never changed over: 0. */
  generationOf(log: string): number { return this.generations.get(log) ?? 0; }

  /** A tombstone withdraws the cell. */
  remove(key: string): void { this.cells.delete(key); }

  putPositions(revision: number, positions: Readonly<Record<string, number>>): void {
    if (revision < this.positionsRevision) return;
    this.positionsRevision = revision;
    /** Figures of another generation may have been counted from other topics: how far those were says nothing here. */
    this.positions = Object.fromEntries(Object.entries(positions).filter(([place]) => this.inputs.some((topic) => place.startsWith(`${topic}/`))));
  }
}

export const union = (known: readonly string[], units: readonly string[]): readonly string[] => {
  const more = units.filter((unit) => !known.includes(unit));
  return more.length === 0 ? known : [...known, ...more];
};

/** Positions behind those that the topics reflect: the store has lost data and is catching up. */
export function behind(store: Readonly<Record<string, number>>, published: Readonly<Record<string, number>>): boolean {
  return Object.entries(published).some(([partition, next]) => (store[partition] ?? -1) < next);
}
