/** The newest rows of a stream: what does not fit is let go and counted, so that a browser never fills up. */
export interface RingView<Row> { readonly rows: readonly Row[]; /** Rows that are no longer here. */ readonly pushedOut: number }

export class Ring<Row> {
  private rows: Row[] = [];
  private pushedOut = 0;

  constructor(private readonly size: number) {}

  add(row: Row): void {
    this.rows.push(row);
    // Cut in strides: a shift for every row would move all others each time.
    if (this.rows.length >= 2 * this.size) this.cut();
  }

  /** Newest first. */
  view(): RingView<Row> {
    this.cut();
    return { rows: [...this.rows].reverse(), pushedOut: this.pushedOut };
  }

  clear(): void {
    this.rows = [];
    this.pushedOut = 0;
  }

  private cut(): void {
    const excess = this.rows.length - this.size;
    if (excess <= 0) return;
    this.rows.splice(0, excess);
    this.pushedOut += excess;
  }
}
