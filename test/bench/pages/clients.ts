/** The open pages, in a process of their own: what they take is not the console's. Told by its parent whom to open. */
import { OpenPage, type PageOrder } from './page';

/** Without orders: all are closed. */
export interface ClientsOrder { readonly base: string; readonly refreshMs: number; readonly open: readonly PageOrder[] }
/** `places`: page, place, when. */
export type ClientsReport =
  | { readonly opened: number; readonly refused: number }
  | { readonly places: readonly (readonly [number, number, number])[]; readonly answers: Readonly<Record<string, number>>; readonly bytes: number; readonly lost: number };

const REPORT_EVERY_MS = 500;
const OPENED_AT_ONCE = 10;

let pages: OpenPage[] = [];
let places: [number, number, number][] = [];
let answers: Record<string, number> = {};
let [bytes, lost] = [0, 0];

const send = (report: ClientsReport): void => void process.send?.(report);

function told(): void {
  send({ places, answers, bytes, lost });
  places = [];
  answers = {};
  [bytes, lost] = [0, 0];
}

async function obey({ base, refreshMs, open }: ClientsOrder): Promise<void> {
  for (const page of pages.splice(0)) page.stop();
  const ports = {
    base, refreshMs,
    onPlace: (page: number, place: number, atMs: number): void => { places.push([page, place, atMs]); },
    onAnswer: (status: number, length: number): void => { answers[status] = (answers[status] ?? 0) + 1; bytes += length; },
    onLost: (): void => { lost++; },
  };
  const waiting = open.map((order) => new OpenPage(order, ports));
  pages = [...waiting];
  let refused = 0;
  await Promise.all(Array.from({ length: OPENED_AT_ONCE }, async () => { for (let page = waiting.shift(); page; page = waiting.shift()) await page.start().catch(() => { refused++; }); }));
  send({ opened: pages.length - refused, refused });
}

setInterval(told, REPORT_EVERY_MS);
process.on('message', (order: ClientsOrder) => void obey(order));
process.on('disconnect', () => process.exit(0));
