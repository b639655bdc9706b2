/** Calls to the store in memory, repeated while it is away or loses replies, as redis/script-runner does it. */
import { limits } from '../../limits';
import type { TroubleListener } from '../ports';
import { StoreAway, type FiguresState, type MemoryFigures } from './memory-figures';
import { turnOfEvents } from './turn-of-events';

export class MemoryCaller {
  private closed = false;
  private troubled = false;

  constructor(private readonly figures: MemoryFigures, private readonly onTrouble: TroubleListener = () => undefined) {}

  async patiently<Answer>(call: (state: FiguresState) => Answer): Promise<Answer> {
    for (;;) {
      await turnOfEvents();
      if (this.closed) throw new Error('Connection is closed.');
      try {
        const answer = this.figures.run(call);
        if (this.troubled) this.onTrouble(undefined);
        this.troubled = false;
        await turnOfEvents();
        return answer;
      } catch (error) {
        if (!(error instanceof StoreAway)) throw error;
        this.troubled = true;
        this.onTrouble(`store: ${error.message}`);
        await this.figures.reachable(limits.backoffMinMs);
      }
    }
  }

  close(): void { this.closed = true; }
}
