/** Opens all pages at once, those without a screen and the tabs of a browser, and keeps what they say that they show. */
import type { WatchedPage } from './arrivals';
import type { OpenTabs, Tab } from './browser';
import type { ClientsOrder, ClientsReport } from './clients';
import { REFRESH_MS } from './pace';
import type { PageOrder } from './page';
import type { Answers } from './report';
import { forked } from './system';

export interface WatchParts { readonly base: string; readonly orders: readonly PageOrder[]; readonly tabs: readonly Tab[]; readonly tabCookies: readonly string[]; readonly browser: OpenTabs | undefined }

export class Watch {
  private readonly clients = forked('clients', []);
  private readonly totals = { byStatus: {} as Record<string, number>, bytes: 0, lost: 0, refused: 0 };
  private watched: WatchedPage[] = [];
  private opened: () => void = () => undefined;

  constructor(private readonly parts: WatchParts) { this.clients.on('message', (report: ClientsReport) => this.hear(report)); }

  get answers(): Answers { return this.totals; }

  async open(): Promise<void> {
    const { orders, tabs, tabCookies, browser, base } = this.parts;
    this.watched = [...orders.map(({ kind }) => kind), ...tabs].map(({ name, scale }) => ({ name, scale: scale ?? 'marks', arrivals: [] }));
    await this.order(orders);
    await browser?.open(base, tabs, tabCookies, (tab, place, atMs) => this.watched[orders.length + tab]?.arrivals.push({ place, atMs }));
  }

  /** Pages that show nothing of Redis are left out. */
  async close(): Promise<WatchedPage[]> {
    await this.parts.browser?.shut();
    await this.order([]);
    return this.watched.filter((_, number) => this.parts.orders[number] === undefined || this.parts.orders[number].kind.scale !== undefined);
  }

  async stop(): Promise<void> {
    this.clients.disconnect();
    await this.parts.browser?.stop();
  }

  private async order(open: readonly PageOrder[]): Promise<void> {
    const done = new Promise<void>((resolve) => { this.opened = resolve; });
    this.clients.send({ base: this.parts.base, refreshMs: REFRESH_MS, open } satisfies ClientsOrder);
    await done;
  }

  private hear(report: ClientsReport): void {
    if ('opened' in report) {
      this.totals.refused += report.refused;
      return this.opened();
    }
    for (const [page, place, atMs] of report.places) this.watched[page]?.arrivals.push({ place, atMs });
    for (const [status, count] of Object.entries(report.answers)) this.totals.byStatus[status] = (this.totals.byStatus[status] ?? 0) + count;
    this.totals.bytes += report.bytes;
    this.totals.lost += report.lost;
  }
}
