/** Small answers for those who take one that is some seconds old: most points of a line do not move, and every open page draws it. */
import { dropOldest } from '../../domain/kept-list';
import { monotonicMs } from '../../shell/waiting';

export interface Keeping<Answer> {
  readonly most: number;
  /** None is kept longer. */
  readonly keepMs: number;
  readonly isSmall: (answer: Answer) => boolean;
}

export class RecentAnswers<Answer> {
  /** In the order in which they came. */
  private readonly kept = new Map<string, { readonly answer: Answer; readonly atMs: number }>();

  constructor(private readonly keeping: Keeping<Answer>, private readonly nowMs: () => number = monotonicMs) {}

  /** At most so old, counted from before it was read; else it is asked for, and kept where `holds` says so behind it. */
  async take(question: string, mostAgeMs: number, ask: () => Promise<Answer>, holds: () => boolean = () => true): Promise<Answer> {
    const known = this.kept.get(question);
    const atMs = this.nowMs();
    if (known && atMs - known.atMs <= mostAgeMs) return known.answer;
    const answer = await ask();
    this.kept.delete(question);
    for (const [other, { atMs: otherAtMs }] of this.kept) if (this.nowMs() - otherAtMs > this.keeping.keepMs) this.kept.delete(other);
    if (holds() && this.keeping.isSmall(answer)) this.kept.set(question, { answer, atMs });
    dropOldest(this.kept, this.keeping.most);
    return answer;
  }
}
