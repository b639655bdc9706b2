/**
 * The publisher's copy of its own topics: what a subscriber that keeps the highest revision per key has.
 * Fed by reading the topics back, from the beginning and then at the tail.
 */
import type { CellAddress } from './cells';
import { parseRecordKey } from './cells';

export interface PublishedCell { revision: number; digest: string; readonly units: Set<string>; readonly address: CellAddress; final: boolean; periodTo: number }

export class TopicCopy {
  readonly cells = new Map<string, PublishedCell>();
  /** Source positions that the topics are known to reflect. */
  positions: Readonly<Record<string, number>> = {};
  private positionsRevision = -1;

  cell(key: string): PublishedCell | undefined { return this.cells.get(key); }

  /** Takes over what a record says, unless a higher revision is known. */
  put(key: string, revision: number, digest: string, units: Iterable<string>, final: boolean, periodTo: number): void {
    const known = this.cells.get(key);
    if (known) {
      if (known.revision > revision) return;
      known.revision = revision;
      known.digest = digest;
      known.final = final;
      for (const unit of units) known.units.add(unit);
      return;
    }
    const address = parseRecordKey(key);
    if (address) this.cells.set(key, { revision, digest, units: new Set(units), address, final, periodTo });
  }

  /** A tombstone withdraws the cell. */
  remove(key: string): void { this.cells.delete(key); }

  putPositions(revision: number, positions: Readonly<Record<string, number>>): void {
    if (revision < this.positionsRevision) return;
    this.positionsRevision = revision;
    this.positions = positions;
  }
}

/** Positions behind those that the topics reflect: the store has lost data and is catching up. */
export function behind(store: Readonly<Record<string, number>>, published: Readonly<Record<string, number>>): boolean {
  return Object.entries(published).some(([partition, next]) => (store[partition] ?? -1) < next);
}
