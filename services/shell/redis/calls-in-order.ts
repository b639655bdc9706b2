/**
 * Calls that belong in an order, some of them on their way at once: one after the other the store would idle until a busy
 * caller has heard of the last one. Each must say for itself, when it is carried out, whether its turn has come.
 */
export class CallsInOrder<Answer> {
  private readonly sent = new Map<number, Promise<Answer | undefined>>();

  /** `again`: the same call once more, for as long as it takes. */
  constructor(private readonly call: (number: number) => Promise<Answer>, private readonly again: (number: number) => Promise<Answer>) {}

  /**
   * Of the call with this number; those behind it, below `end`, are on their way meanwhile. Where it fails, all of them are
   * heard before it is repeated, alone: who overtakes it would find that its turn has not come. @throws what `again` does.
   */
  async answerOf(number: number, end: number): Promise<Answer> {
    for (let next = number; next < end; next++) if (!this.sent.has(next)) this.sent.set(next, this.call(next).catch(() => undefined));
    const answer = await this.sent.get(number);
    this.sent.delete(number);
    if (answer !== undefined) return answer;
    await Promise.all(this.sent.values());
    this.sent.clear();
    return this.again(number);
  }
}
