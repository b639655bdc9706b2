/** Looks once for all pages, and only while there are any: what it finds is published to those that may see it. */
import type { AcceptedDeclaration } from '../../domain/declaration';
import { viewShapes } from '../../domain/cubes';
import { limits } from '../../limits';
import { declarationLine } from './declaration-line';
import { DeclarationSample } from './declaration-sample';
import type { Figures } from './figures';
import type { Fresh } from './fresh';
import type { ConsoleStatus } from './live-status';
import { monotonicMs } from '../../shell/waiting';
import type { NowReport } from './now';
import type { Pages } from './pages';

export interface CollectorParts {
  readonly pages: Pages;
  readonly figures: Figures;
  readonly now: Fresh<NowReport>;
  readonly status: Fresh<ConsoleStatus>;
  readonly minorUnits: number;
  /** Redis does not answer, or does again. */
  readonly onRedis: (trouble: string | undefined) => void;
}

export class Collector {
  private readonly sample = new DeclarationSample(limits.streamDeclarationsPerSecond);
  private readonly rhythms: Rhythm[];
  private positions: string | undefined;
  private readonly troubles: { figures: string | undefined; now: string | undefined } = { figures: undefined, now: undefined };

  /** Neighbours of the status may answer late: figures do not wait for them. */
  constructor(private readonly parts: CollectorParts) {
    this.rhythms = [new Rhythm(limits.consoleLookMs, () => this.figures()), new Rhythm(limits.consoleNowMs, () => this.now()), new Rhythm(limits.consoleStatusMs, () => this.status())];
  }

  start(): void { for (const rhythm of this.rhythms) rhythm.start(); }
  async stop(): Promise<void> { for (const rhythm of this.rhythms) await rhythm.stop(); }

  /** Decoding costs: a declaration that no page is shown is not decoded. Undefined: not shown. */
  sampled(nowMs: number): number | undefined { return this.parts.pages.wanted('declaration') ? this.sample.take(nowMs) : undefined; }

  declaration(declaration: AcceptedDeclaration, dropped: number): void {
    this.parts.pages.publish('declaration', declarationLine(declaration, this.parts.minorUnits, dropped));
  }

  /** Asks where the figures are, which costs little: pages that are told so ask again at once. Nobody listens: only whether the store answers. */
  private async figures(): Promise<void> {
    await this.asking('figures', async () => {
      const { positions } = await this.parts.figures.position();
      if (this.parts.pages.size > 0) this.figuresChanged(positions);
    });
  }

  private async now(): Promise<void> {
    const { pages, now } = this.parts;
    await this.asking('now', async () => { if (pages.wanted('now')) pages.publish('now', await now.renewed()); });
  }

  /** What answers one question may not answer the other. */
  private async asking(question: 'figures' | 'now', ask: () => Promise<void>): Promise<void> {
    this.troubles[question] = await ask().then(() => undefined, (error: unknown) => (error as Error).message);
    this.parts.onRedis(this.troubles.figures ?? this.troubles.now);
  }

  private async status(): Promise<void> {
    const { pages, status } = this.parts;
    if (pages.wanted('status')) pages.publish('status', await status.renewed());
  }

  /** Positions move with every figure. Which view moved they do not say: pages ask again for what they show. */
  private figuresChanged(positions: string): void {
    if (this.positions !== undefined && this.positions !== positions) this.parts.pages.publish('figures', { views: Object.keys(viewShapes) });
    this.positions = positions;
  }
}

/** Looks again and again: from the beginning of one look to that of the next so long, or as long as it takes. */
class Rhythm {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private stopped = false;

  constructor(private readonly everyMs: number, private readonly look: () => Promise<void>) {}

  start(): void { this.after(this.everyMs); }

  private after(milliseconds: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      const startMs = monotonicMs();
      this.looking = this.look().finally(() => this.after(Math.max(0, startMs + this.everyMs - monotonicMs())));
    }, milliseconds);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
  }
}
