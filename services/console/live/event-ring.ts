/** The newest events of the stream, for pages that lost their connection: ids rise, also over a restart of the console. */
import type { StreamEventName } from '../access/permissions';

export interface StreamEvent { readonly id: number; readonly name: StreamEventName; readonly data: object }

/** Of these, the newest says all that those before it said. */
const superseded: ReadonlySet<StreamEventName> = new Set(['now', 'status', 'figures']);

export class EventRing {
  private readonly events: StreamEvent[] = [];
  private nextId: number;

  /** `firstId`: above every id of the process before, else a page would be told that it missed nothing. */
  constructor(private readonly capacity: number, firstId: number) { this.nextId = firstId; }

  add(name: StreamEventName, data: object): StreamEvent {
    const event = { id: this.nextId++, name, data };
    this.events.push(event);
    if (this.events.length > this.capacity) this.events.shift();
    return event;
  }

  /** What came after an id; undefined when some of it is gone, or the id is none of ours. */
  after(id: number): StreamEvent[] | undefined {
    const oldest = this.events[0]?.id ?? this.nextId;
    if (!Number.isSafeInteger(id) || id < oldest - 1 || id >= this.nextId) return undefined;
    return withoutSuperseded(this.events.slice(id - oldest + 1));
  }

  newestOf(name: StreamEventName): StreamEvent | undefined { return this.events.findLast((event) => event.name === name); }
}

function withoutSuperseded(events: readonly StreamEvent[]): StreamEvent[] {
  const newest = new Map(events.map(({ name, id }) => [name, id]));
  return events.filter(({ name, id }) => !superseded.has(name) || newest.get(name) === id);
}
