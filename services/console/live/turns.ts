/** Work that takes long, a few at a time: others wait for their turn, and not too many of them. */
import { TimeoutError } from '../../shell/within';
import { ApiError } from '../api/api-error';

interface Waiting { begin(): void }

export class Turns {
  private working = 0;
  private readonly waiting: Waiting[] = [];

  constructor(private readonly atOnce: number, private readonly mostWaiting: number) {}

  /**
   * A turn lasts until its work ends, however long ago whoever asked has given up: what was begun costs until then.
   * @throws ApiError when too many wait; TimeoutError when no turn comes in time.
   */
  async take<Answer>(patienceMs: number, work: () => Promise<Answer>): Promise<Answer> {
    if (this.working < this.atOnce) this.working++;
    else await this.turn(patienceMs);
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next.begin();
      else this.working--;
    }
  }

  private turn(patienceMs: number): Promise<void> {
    if (this.waiting.length >= this.mostWaiting) throw new ApiError('too-many', 'other figures are being explained, and as many wait as may: try again in a moment');
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { begin: () => { clearTimeout(timer); resolve(); } };
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(waiting), 1);
        reject(new TimeoutError(`no turn within ${patienceMs / 1_000} s`));
      }, patienceMs);
      this.waiting.push(waiting);
    });
  }
}
