import { monotonicMs } from '../../shell/waiting';

/** An answer that many ask for, worked out once at a time and at most so often. */
export class Fresh<Answer> {
  private known: { readonly answer: Answer; readonly atMs: number } | undefined;
  private working: Promise<Answer> | undefined;

  constructor(private readonly work: () => Promise<Answer>, private readonly keepMs: number) {}

  get(): Promise<Answer> {
    if (this.known && monotonicMs() - this.known.atMs < this.keepMs) return Promise.resolve(this.known.answer);
    this.working ??= this.renew().finally(() => { this.working = undefined; });
    return this.working;
  }

  private async renew(): Promise<Answer> {
    const answer = await this.work();
    this.known = { answer, atMs: monotonicMs() };
    return answer;
  }
}
