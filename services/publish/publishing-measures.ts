/** What the publisher tells in numbers; the books are read where somebody measures, and nowhere else. */
import { limits } from '../limits';
import { readBooks } from '../shell/books';
import type { FigureReader } from '../shell/figure-store';
import type { Measurements } from '../shell/measurements';
import type { LogInspector } from '../shell/ports';
import { monotonicMs } from '../shell/waiting';

export class PublishingMeasures {
  private nextLookMs = 0;

  /** `measurements` undefined: nobody asks. */
  constructor(private readonly measurements: Measurements | undefined, private readonly reader: FigureReader) {}

  round(cells: number, startMs: number): void {
    if (cells > 0) this.measurements?.published(cells, (monotonicMs() - startMs) / 1_000);
  }

  standsBy(): void { this.measurements?.leading(undefined); }

  /** Of the leading publisher. A broker that does not answer leaves the books unknown, and holds nothing up. */
  async look(nowMs: number, inspector: LogInspector): Promise<void> {
    if (!this.measurements || nowMs < this.nextLookMs) return;
    this.nextLookMs = nowMs + limits.booksLookMs;
    const changesWaiting = await this.reader.changesLength();
    const books = await readBooks(inspector, this.reader).catch(() => undefined);
    this.measurements.leading({ changesWaiting, books });
  }
}
