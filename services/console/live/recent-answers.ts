/** Answers for those who take one that is some seconds old: most points of a line do not move, and every open page draws it. */
import { dropOldest } from '../../domain/kept-list';
import { monotonicMs } from '../../shell/waiting';

export class RecentAnswers<Answer> {
  private readonly kept = new Map<string, { readonly answer: Answer; readonly atMs: number }>();

  constructor(private readonly most: number, private readonly nowMs: () => number = monotonicMs) {}

  /** At most so old, counted from before it was read; else it is asked for, and kept. */
  async take(question: string, mostAgeMs: number, ask: () => Promise<Answer>): Promise<Answer> {
    const known = this.kept.get(question);
    const atMs = this.nowMs();
    if (known && atMs - known.atMs <= mostAgeMs) return known.answer;
    const answer = await ask();
    this.kept.delete(question);
    this.kept.set(question, { answer, atMs });
    dropOldest(this.kept, this.most);
    return answer;
  }
}
