/**
 * One reading for all who ask the same. It begins after the last of them has asked, so that nobody is given what is older
 * than the question; while it is under way, those who come wait together for the next one. Readings rest: a question that
 * all pages ask costs the store no more than one page that asks without pause.
 */
import { monotonicMs } from '../../shell/waiting';

export interface Rest {
  /** So long others are waited for: pages that are told of a change ask at almost the same moment. */
  readonly gatherMs: number;
  /** From the beginning of one to that of the next, at least. */
  readonly everyMs: number;
  /** After each so many times as long as it took: what reads much leaves the store to others. */
  readonly factor: number;
}
interface Asked<Answer> { reading: Promise<Answer> | undefined; next: Promise<Answer> | undefined; freeAtMs: number }

export class SharedAnswers<Answer> {
  private readonly questions = new Map<string, Asked<Answer>>();

  constructor(private readonly rest: Rest) {}

  /** Questions that have not rested yet: others are not remembered. */
  get size(): number { return this.questions.size; }

  /** `read`: of whoever asked first; the same question must mean the same reading. */
  ask(question: string, read: () => Promise<Answer>): Promise<Answer> {
    let asked = this.questions.get(question);
    if (!asked) this.questions.set(question, (asked = { reading: undefined, next: undefined, freeAtMs: -Infinity }));
    return (asked.next ??= this.inTurn(asked, question, read));
  }

  private async inTurn(asked: Asked<Answer>, question: string, read: () => Promise<Answer>): Promise<Answer> {
    const gatheredAtMs = monotonicMs() + this.rest.gatherMs;
    await asked.reading?.catch(() => undefined);
    await pause(Math.max(gatheredAtMs, asked.freeAtMs) - monotonicMs());
    asked.next = undefined;
    asked.reading = this.reading(asked, question, read);
    return asked.reading;
  }

  private async reading(asked: Asked<Answer>, question: string, read: () => Promise<Answer>): Promise<Answer> {
    const startMs = monotonicMs();
    try {
      return await read();
    } finally {
      const endMs = monotonicMs();
      asked.reading = undefined;
      asked.freeAtMs = Math.max(startMs + this.rest.everyMs, endMs + (endMs - startMs) * this.rest.factor);
      void pause(asked.freeAtMs - endMs).then(() => { if (!asked.next && !asked.reading) this.questions.delete(question); });
    }
  }
}

const pause = async (milliseconds: number): Promise<void> => { if (milliseconds > 0) await new Promise((over) => { setTimeout(over, milliseconds); }); };
