/** Explanations that somebody may page on in: what comes next is of the same reading, however figures have moved since. */
import { randomUUID } from 'node:crypto';
import type { ExplainRequest, FigureExplanation } from '../../explain/explain-figure';
import type { LiveStores } from '../../shell/live-namespace';
import { monotonicMs } from '../../shell/waiting';

/** `of`: whose figure it is. */
export interface KeptExplanation { readonly token: string; readonly request: ExplainRequest; readonly figure: FigureExplanation; readonly of: LiveStores }
export interface Keeping { readonly most: number; readonly keepMs: number }

export class KeptExplanations {
  private readonly kept = new Map<string, KeptExplanation & { readonly atMs: number }>();

  constructor(private readonly keeping: Keeping, private readonly nowMs: () => number = monotonicMs) {}

  /** The oldest go when there are too many. */
  keep(request: ExplainRequest, figure: FigureExplanation, of: LiveStores): KeptExplanation {
    const kept = { token: randomUUID(), request, figure, of, atMs: this.nowMs() };
    this.kept.set(kept.token, kept);
    for (const [token, { atMs }] of this.kept) if (this.kept.size > this.keeping.most || this.nowMs() - atMs > this.keeping.keepMs) this.kept.delete(token);
    return kept;
  }

  /** Undefined: it was let go. */
  of(token: string): KeptExplanation | undefined {
    const kept = this.kept.get(token);
    return kept && this.nowMs() - kept.atMs <= this.keeping.keepMs ? kept : undefined;
  }
}
