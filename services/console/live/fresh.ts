import { monotonicMs } from '../../shell/waiting';

/** An answer that many ask for, worked out once at a time and at most so often. */
export class Fresh<Answer> {
  private known: { readonly answer: Answer; readonly atMs: number } | undefined;
  private working: Promise<Answer> | undefined;

  constructor(private readonly work: () => Promise<Answer>, private readonly keepMs: number) {}

  /** At most `keepMs` old, counted from the moment at which it was begun: what it says is no younger. */
  get(): Promise<Answer> {
    if (this.known && monotonicMs() - this.known.atMs < this.keepMs) return Promise.resolve(this.known.answer);
    return this.renewed();
  }

  /** The last one if it is no older than so much; another one is worked out beside, and nobody waits for it. */
  recent(mostMs: number): Promise<Answer> {
    const known = this.known;
    if (!known || monotonicMs() - known.atMs >= mostMs) return this.get();
    /** A failure is told by `get`, once the last one is too old. */
    this.get().catch(() => undefined);
    return Promise.resolve(known.answer);
  }

  /** Worked out now: for the one who has a rhythm of his own. One that is under way is taken. */
  renewed(): Promise<Answer> { return (this.working ??= this.renew().finally(() => { this.working = undefined; })); }

  private async renew(): Promise<Answer> {
    const atMs = monotonicMs();
    const answer = await this.work();
    this.known = { answer, atMs };
    return answer;
  }
}
