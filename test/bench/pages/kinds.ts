/** Which pages are open, what each of them asks as the page of the console does, and how far what it shows is. */
import type { Role } from '../../../services/console/access/permissions';

/** Cells of an office and a partner that nothing else in the load has: their counts are numbers of marks. */
export const MARK = { office: 'MARKS', partner: 'BT' } as const;

/**
 * By what a page's figures are placed: `newest` is the time of the newest event, which marks alone are at the front of;
 * `marks` the count in the marks' own cells; `counted` the book of counted records.
 */
export type Scale = 'newest' | 'marks' | 'counted';
export interface PageKind {
  readonly name: string;
  /** Of twenty pages. */
  readonly share: number;
  readonly roles: readonly Role[];
  readonly topics: readonly string[];
  /** Asked once, when it is opened. */
  readonly asks: readonly string[];
  /** Asked again as figures change. */
  readonly figures?: string;
  /** What the points of a line ask, which is drawn beside it, every half minute anew; the newest last. */
  readonly line?: readonly string[];
  /** The event of the stream that is shown, where it is no answer. */
  readonly event?: string;
  readonly scale?: Scale;
  /** Where the place stands in the text of an answer or event. */
  readonly place?: RegExp;
}

const officer: readonly Role[] = ['viewer'];
const analyst: readonly Role[] = ['viewer', 'analyst'];
const enforcement: readonly Role[] = ['viewer', 'enforcement'];
const always = ['now', 'figures', 'status'];
const withAlerts = ['now', 'figures', 'alerts', 'status'];
const revenueRow = new RegExp(`"office":"${MARK.office}"[^}]*"lines":(\\d+)`);
const statisticsRow = new RegExp(`"flow":"IMPORT","partner":"${MARK.partner}"[^}]*"items":(\\d+)`);

/** `day` and `month`: those of the marks, in the time zone of the authority; `hours`: of that day until now. */
export function pageKinds(day: string, month: string, hours: readonly string[]): PageKind[] {
  const now = { asks: ['/now'], event: 'now', scale: 'newest', place: /"newestEventAt":"([^"]+)"/ } as const;
  const revenue = { topics: always, asks: ['/cubes'], scale: 'marks', place: revenueRow } as const;
  return [
    { name: 'now', share: 4, roles: officer, topics: always, ...now },
    { name: 'now, enforcement', share: 3, roles: enforcement, topics: withAlerts, ...now },
    { name: 'revenue, month by office and type', share: 3, roles: officer, ...revenue, figures: `/figures/revenue?period=month:${month}&by=office,taxType` },
    { name: 'revenue, day by office', share: 1, roles: analyst, ...revenue, figures: `/figures/revenue?period=day:${day}&by=office` },
    { name: 'revenue, day by office, with its line', share: 1, roles: analyst, ...revenue, figures: `/figures/revenue?period=day:${day}&by=office`, line: hours.map((hour) => `/figures/revenue?period=hour:${hour}&by=office`) },
    { name: 'revenue, last hour by office', share: 1, roles: officer, ...revenue, figures: '/figures/revenue?period=rolling:1h&by=office' },
    { name: 'statistics, month by flow and partner', share: 3, roles: analyst, topics: always, asks: ['/cubes'], figures: `/figures/statistics?period=month:${month}&by=flow,partner`, scale: 'marks', place: statisticsRow },
    { name: 'stream', share: 3, roles: officer, topics: [...always, 'declarations'], asks: ['/status', '/reference'], event: 'status', scale: 'counted', place: /"books":\{[^}]*"counted":(\d+)/ },
    { name: 'precursors', share: 1, roles: enforcement, topics: withAlerts, asks: ['/alerts?limit=100&state=open'] },
  ];
}

/** The kinds of so many pages, mixed by their shares. */
export function mixed(kinds: readonly PageKind[], pages: number): PageKind[] {
  const round = kinds.flatMap((kind) => Array.from({ length: kind.share }, (_, turn) => ({ kind, at: (turn + 0.5) / kind.share }))).sort((a, b) => a.at - b.at);
  return Array.from({ length: pages }, (_, number) => (round[number % round.length] as { kind: PageKind }).kind);
}

/** The place that a text shows; undefined: none. */
export function placeIn(text: string, { place, scale }: PageKind): number | undefined {
  const found = place?.exec(text)?.[1];
  if (found === undefined) return undefined;
  return scale === 'newest' ? Date.parse(found) : Number(found);
}
