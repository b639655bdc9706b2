/** One open page without a screen: its stream, its questions, at the pace of the console's own page. */
import { Agent, get, type IncomingMessage } from 'node:http';
import { Refresh } from '../../../services/console/refresh';
import { placeIn, type PageKind } from './kinds';
import { SERIES_AT_ONCE, SERIES_EVERY_MS } from './pace';

export interface PageOrder { readonly number: number; readonly kind: PageKind; readonly cookie: string }
export interface PagePorts {
  readonly base: string;
  readonly refreshMs: number;
  /** The page shows a place that it did not show before. */
  readonly onPlace: (page: number, place: number, atMs: number) => void;
  readonly onAnswer: (status: number, bytes: number) => void;
  readonly onLost: () => void;
}

/** As many connections as a browser opens to one host, the stream being one. */
const CONNECTIONS = 6;

export class OpenPage {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  private readonly refresh: Refresh;
  private readonly headers: Readonly<Record<string, string>>;
  private readonly timers: NodeJS.Timeout[] = [];
  private place = -Infinity;
  private open = true;

  constructor(private readonly order: PageOrder, private readonly ports: PagePorts) {
    this.headers = { cookie: order.cookie, accept: 'application/json' };
    this.refresh = new Refresh({ everyMs: ports.refreshMs, nowMs: () => performance.now(), ask: () => void this.askFigures() });
  }

  /** Resolves when the stream is open and everything was asked once. */
  async start(): Promise<void> {
    await this.ask('/session');
    await this.listen();
    for (const path of this.order.kind.asks) this.shows(await this.ask(path));
    if (this.order.kind.figures !== undefined) await this.askFigures();
    if (this.order.kind.line !== undefined) this.drawLine(this.order.kind.line);
  }

  stop(): void {
    this.open = false;
    this.refresh.stop();
    for (const timer of this.timers) clearInterval(timer);
    this.agent.destroy();
  }

  private async askFigures(): Promise<void> {
    this.refresh.asks(true);
    const text = await this.ask(this.order.kind.figures as string);
    if (!this.open) return;
    this.shows(text);
    this.refresh.asks(false);
  }

  /** All but the newest point may be as old as the line is drawn anew. */
  private drawLine(points: readonly string[]): void {
    const old = { 'cache-control': `max-age=${SERIES_EVERY_MS / 1_000}` };
    const draw = async (): Promise<void> => {
      const left = [...points];
      await Promise.all(Array.from({ length: SERIES_AT_ONCE }, async () => { for (let path = left.shift(); path !== undefined && this.open; path = left.shift()) await this.ask(path, left.length > 0 ? old : {}); }));
    };
    void draw();
    this.timers.push(setInterval(() => void draw(), SERIES_EVERY_MS));
  }

  private shows(text: string): void {
    const place = placeIn(text, this.order.kind);
    if (place === undefined || place <= this.place) return;
    this.place = place;
    this.ports.onPlace(this.order.number, place, Date.now());
  }

  private hear(message: string): void {
    const event = /^event: (\w+)$/m.exec(message)?.[1];
    if (event === this.order.kind.event) this.shows(message);
    if (event === 'figures' && this.order.kind.figures !== undefined) this.refresh.changed();
  }

  private ask(path: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
    return new Promise((resolve) => {
      const gone = (): void => { if (this.open) this.ports.onAnswer(0, 0); resolve(''); };
      get(`${this.ports.base}/api/v1${path}`, { agent: this.agent, headers: { ...this.headers, ...more } }, (response) => {
        response.on('error', gone);
        collect(response, (text) => { this.ports.onAnswer(response.statusCode ?? 0, text.length); resolve(response.statusCode === 200 ? text : ''); });
      }).on('error', gone);
    });
  }

  private listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      get(`${this.ports.base}/api/v1/stream?topics=${this.order.kind.topics.join(',')}`, { agent: this.agent, headers: { ...this.headers, accept: 'text/event-stream' } }, (response) => {
        if (response.statusCode !== 200) { reject(new Error(`the stream was refused with ${response.statusCode}`)); return; }
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
          for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) { this.hear(text.slice(0, end)); text = text.slice(end + 2); }
        });
        response.on('close', () => { if (this.open) this.ports.onLost(); }).on('error', () => undefined);
        resolve();
      }).on('error', (error) => { if (this.open) reject(error); });
    });
  }
}

function collect(response: IncomingMessage, done: (text: string) => void): void {
  const parts: Buffer[] = [];
  response.on('data', (part: Buffer) => parts.push(part)).on('end', () => done(Buffer.concat(parts).toString('utf8')));
}
