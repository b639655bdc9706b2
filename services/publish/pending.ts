/**
 * Cells that wait to be published, combined over their tick, and the entries of the change lists that they
 * came from. Pure; takes the time. An entry may leave its change list when all cells of it and of every
 * entry read before it are published: one number for each cell says so, however often it changed.
 */
interface PendingCell { readonly dueMs: number; readonly since: number; units: string }
export interface DueCell { readonly key: string; readonly units: readonly string[] }
interface ReadEntry { readonly number: number; readonly shard: number; readonly id: string }

const NO_UNITS: readonly string[] = [];

export class PendingCells {
  /** By tick (ms): of one tick, cells stand in the order in which they are due, and in which they first changed. */
  private readonly byTick = new Map<number, Map<string, PendingCell>>();
  private entries: ReadEntry[] = [];
  private lastNumber = 0;

  /** What is added from now on comes from this entry of a change list. */
  begin(shard: number, id: string): void { this.entries.push({ number: ++this.lastNumber, shard, id }); }

  /** `units`: of quantities that changed, between commas. The first change decides when the cell is due. */
  add(key: string, units: string, tickMs: number, nowMs: number): void {
    let cells = this.byTick.get(tickMs);
    if (!cells) this.byTick.set(tickMs, (cells = new Map<string, PendingCell>()));
    const cell = cells.get(key);
    if (!cell) cells.set(key, { dueMs: nowMs + tickMs, since: this.lastNumber, units });
    else if (units !== '' && cell.units !== units) cell.units = cell.units === '' ? units : joined(cell.units, units);
  }

  /** Takes at most `count` cells whose tick is over. */
  takeDue(nowMs: number, count: number): DueCell[] {
    const due: DueCell[] = [];
    for (const cells of this.byTick.values()) {
      for (const [key, { dueMs, units }] of cells) {
        if (dueMs > nowMs || due.length >= count) break;
        cells.delete(key);
        due.push({ key, units: units === '' ? NO_UNITS : units.split(',') });
      }
    }
    return due;
  }

  /** After all cells taken are published: the last entry of each shard that nothing waits for any more. */
  settled(): Map<number, string> {
    let oldest = Infinity;
    for (const cells of this.byTick.values()) for (const { since } of cells.values()) { oldest = Math.min(oldest, since); break; }
    const last = new Map<number, string>();
    let count = 0;
    for (const { number, shard, id } of this.entries) {
      if (number >= oldest) break;
      last.set(shard, id);
      count++;
    }
    this.entries = this.entries.slice(count);
    return last;
  }

  get size(): number {
    let size = 0;
    for (const cells of this.byTick.values()) size += cells.size;
    return size;
  }

  clear(): void {
    this.byTick.clear();
    this.entries = [];
  }
}

const joined = (units: string, more: string): string => [...new Set([...units.split(','), ...more.split(',')])].join(',');
