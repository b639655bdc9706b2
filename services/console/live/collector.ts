/** Looks once for all pages, and only while there are any: what it finds is published to those that may see it. */
import type { AcceptedDeclaration } from '../../domain/declaration';
import { viewShapes } from '../../domain/cubes';
import { limits } from '../../limits';
import { monotonicMs } from '../../shell/waiting';
import { declarationLine } from './declaration-line';
import { DeclarationSample } from './declaration-sample';
import type { Figures } from './figures';
import type { Fresh } from './fresh';
import type { ConsoleStatus } from './live-status';
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
  private timer: NodeJS.Timeout | undefined;
  private positions: string | undefined;
  private statusAtMs = -Infinity;
  private turning: Promise<void> | undefined;

  constructor(private readonly parts: CollectorParts) {}

  start(): void {
    this.timer = setInterval(() => { this.turning ??= this.turn().finally(() => { this.turning = undefined; }); }, limits.consoleNowMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.turning;
  }

  /** Decoding costs: a declaration that no page is shown is not decoded. Undefined: not shown. */
  sampled(nowMs: number): number | undefined { return this.parts.pages.wanted('declaration') ? this.sample.take(nowMs) : undefined; }

  declaration(declaration: AcceptedDeclaration, dropped: number): void {
    this.parts.pages.publish('declaration', declarationLine(declaration, this.parts.minorUnits, dropped));
  }

  private async turn(): Promise<void> {
    const { pages, status, onRedis } = this.parts;
    if (pages.size === 0) return this.probe();
    try {
      await this.figuresChanged();
      if (pages.wanted('now')) pages.publish('now', await this.parts.now.get());
      onRedis(undefined);
    } catch (error) {
      onRedis((error as Error).message);
    }
    if (!pages.wanted('status') || monotonicMs() - this.statusAtMs < limits.consoleStatusMs) return;
    this.statusAtMs = monotonicMs();
    pages.publish('status', await status.get());
  }

  /** Nobody listens: only whether the store answers is kept up to date. */
  private async probe(): Promise<void> {
    await this.parts.figures.position().then(() => this.parts.onRedis(undefined), (error: unknown) => this.parts.onRedis((error as Error).message));
  }

  /** Positions move with every figure. Which view moved they do not say: pages ask again for what they show. */
  private async figuresChanged(): Promise<void> {
    const { positions } = await this.parts.figures.position();
    if (this.positions !== undefined && this.positions !== positions) this.parts.pages.publish('figures', { views: Object.keys(viewShapes) });
    this.positions = positions;
  }
}
