/** Lines on their way: a binary heap by arrival (ms), then by the order in which they were put in. */
export interface Arrival<Value> { readonly at: number; readonly order: number; readonly value: Value }

export class Arrivals<Value> {
  private readonly heap: Arrival<Value>[] = [];
  private order = 0;

  get size(): number { return this.heap.length; }

  put(at: number, value: Value): void {
    const entry: Arrival<Value> = { at, order: this.order++, value };
    let index = this.heap.push(entry) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(entry, this.heap[parent] as Arrival<Value>)) break;
      this.heap[index] = this.heap[parent] as Arrival<Value>;
      index = parent;
    }
    this.heap[index] = entry;
  }

  /** The earliest one not after `untilMs`; undefined when there is none. */
  take(untilMs: number): Value | undefined {
    const first = this.heap[0];
    if (!first || first.at > untilMs) return undefined;
    const last = this.heap.pop() as Arrival<Value>;
    if (this.heap.length > 0) this.sink(last);
    return first.value;
  }

  private sink(entry: Arrival<Value>): void {
    const { heap } = this;
    let index = 0;
    for (;;) {
      let child = index * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Arrival<Value>, heap[child] as Arrival<Value>)) child++;
      if (!before(heap[child] as Arrival<Value>, entry)) break;
      heap[index] = heap[child] as Arrival<Value>;
      index = child;
    }
    heap[index] = entry;
  }
}

const before = <Value>(a: Arrival<Value>, b: Arrival<Value>): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
