import { limits } from '../limits';

/** Of this process's own clock, which nobody sets: for durations and deadlines. The wall clock, for instants only, may go back an hour. */
export const monotonicMs = (): number => performance.now();

export const delay = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Milliseconds before the next try: doubled each time, bounded. */
export const backoffMs = (attempt: number): number => Math.min(limits.backoffMaxMs, limits.backoffMinMs * 2 ** Math.min(attempt, 10));

/** A neighbour that answers, and must be put right before it is used: the message says what is wrong and what to do. */
export class NotReady extends Error {}

/** Tries again while a neighbour is away, and says so; gives up only when told to stop. */
export async function patiently<Answer>(onTrouble: (trouble: string | undefined) => void, neighbour: string, call: () => Promise<Answer>, stopped: () => boolean): Promise<Answer | undefined> {
  for (let attempt = 0; !stopped(); attempt++) {
    try {
      const answer = await call();
      if (attempt > 0) onTrouble(undefined);
      return answer;
    } catch (error) {
      onTrouble(error instanceof NotReady ? error.message : `${neighbour} does not answer: ${(error as Error).message}`);
      await delay(backoffMs(attempt));
    }
  }
  return undefined;
}
