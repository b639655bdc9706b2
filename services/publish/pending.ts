/** Cells that wait to be published, combined over their tick, and the change-list entries that depend on them. Pure; takes the time. */
import type { CellAddress } from './cells';
import { recordKey } from './cells';

interface PendingCell { readonly address: CellAddress; readonly dueMs: number; readonly units: Set<string>; readonly entries: string[] }
export interface DueCell { readonly key: string; readonly address: CellAddress; readonly units: ReadonlySet<string>; readonly entries: readonly string[] }

export class PendingCells {
  private readonly cells = new Map<string, PendingCell>();
  private readonly waiting = new Map<string, number>();

  /** `entry`: `shard/id` in a change list, '' when nobody waits for it. */
  add(address: CellAddress, units: readonly string[], entry: string, dueMs: number): void {
    const key = recordKey(address);
    let cell = this.cells.get(key);
    if (!cell) this.cells.set(key, (cell = { address, dueMs, units: new Set(), entries: [] }));
    for (const unit of units) cell.units.add(unit);
    if (entry === '') return;
    cell.entries.push(entry);
    this.waiting.set(entry, (this.waiting.get(entry) ?? 0) + 1);
  }

  /** Takes at most `count` cells whose tick is over. */
  takeDue(nowMs: number, count: number): DueCell[] {
    const due: DueCell[] = [];
    for (const [key, cell] of this.cells) {
      if (due.length >= count) break;
      if (cell.dueMs > nowMs) continue;
      this.cells.delete(key);
      due.push({ key, address: cell.address, units: cell.units, entries: cell.entries });
    }
    return due;
  }

  /** After the acknowledgement: entries that nothing waits for any more. */
  acknowledged(cells: readonly DueCell[]): string[] {
    const free: string[] = [];
    for (const { entries } of cells) {
      for (const entry of entries) {
        const left = (this.waiting.get(entry) ?? 1) - 1;
        if (left > 0) this.waiting.set(entry, left);
        else { this.waiting.delete(entry); free.push(entry); }
      }
    }
    return free;
  }

  get size(): number { return this.cells.size; }
  clear(): void { this.cells.clear(); this.waiting.clear(); }
}
