/** The pages that listen. Each is told what its session may see; one that takes nothing is dropped and comes back by Last-Event-ID. */
import { limits } from '../../limits';
import { streamEvents, type Permission, type StreamEventName } from '../access/permissions';
import { EventRing, type StreamEvent } from './event-ring';

export interface Page {
  readonly permissions: ReadonlySet<Permission>;
  readonly wants: ReadonlySet<StreamEventName>;
  /** A message in the form of the stream. False when too much waits already. */
  send(message: string): boolean;
  close(): void;
  /** False once the session behind it has ended. */
  lasts(): boolean;
}

/** What a page is told at once, so that it need not wait for the next change. */
const current: readonly StreamEventName[] = ['now', 'status'];

export class Pages {
  private readonly pages = new Set<Page>();
  private readonly ring: EventRing;

  constructor(firstId: number) { this.ring = new EventRing(limits.streamRingEvents, firstId); }

  get full(): boolean { return this.pages.size >= limits.streamPages; }
  get size(): number { return this.pages.size; }
  wanted(name: StreamEventName): boolean { return [...this.pages].some(({ wants }) => wants.has(name)); }

  /** `lastEventId`: of the connection before, as the browser sent it. */
  join(page: Page, lastEventId: string | undefined): void {
    this.pages.add(page);
    const missed = lastEventId === undefined ? undefined : this.ring.after(Number(lastEventId));
    if (lastEventId !== undefined && !missed) this.tell(page, RESET);
    for (const event of missed ?? this.newest()) this.offer(page, new Message(event));
  }

  leave(page: Page): void { this.pages.delete(page); }

  publish(name: StreamEventName, data: object): void {
    const message = new Message(this.ring.add(name, data));
    for (const page of [...this.pages]) {
      if (page.lasts()) this.offer(page, message);
      else this.drop(page);
    }
  }

  closeAll(): void { for (const page of [...this.pages]) this.drop(page); }

  private newest(): StreamEvent[] {
    return current.flatMap((name) => this.ring.newestOf(name) ?? []).sort((a, b) => a.id - b.id);
  }

  private offer(page: Page, message: Message): void {
    const { name } = message.event;
    if (page.wants.has(name) && page.permissions.has(streamEvents[name])) this.tell(page, message.textFor(page.permissions));
  }

  private tell(page: Page, message: string): void {
    if (this.pages.has(page) && !page.send(message)) this.drop(page);
  }

  private drop(page: Page): void {
    this.pages.delete(page);
    page.close();
  }
}

/** One event as all pages are told it: written once for all who may see the same of it. */
class Message {
  private readonly texts = new Map<ReturnType<typeof sightOf>, string>();

  constructor(readonly event: StreamEvent) {}

  textFor(permissions: ReadonlySet<Permission>): string {
    const { id, name, data } = this.event;
    const seen = sightOf(permissions);
    let text = this.texts.get(seen);
    if (text === undefined) this.texts.set(seen, (text = `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(visibleTo(permissions, name, data))}\n\n`));
    return text;
  }
}

const RESET = 'event: reset\ndata: {}\n\n';

/** All that `visibleTo` looks at: sessions alike in it are told the same text. */
const sightOf = (permissions: ReadonlySet<Permission>): 'all' | 'without precursors' => (permissions.has('see:precursors') ? 'all' : 'without precursors');

/** What of an event a session may see: alerts are named to nobody who may not see precursors. */
export function visibleTo(permissions: ReadonlySet<Permission>, name: StreamEventName, data: object): object {
  if (sightOf(permissions) === 'all') return data;
  if (name === 'now') return { ...data, alerts: null };
  if (name === 'figures') return { ...data, views: (data as { views: readonly string[] }).views.filter((view) => view !== 'precursors') };
  return data;
}
