/**
 * The clock of this machine is set back an hour, again and again, while declarations flow. Waits that were worked out from
 * it lasted an hour each; nobody may notice. The broker's and the store's clocks go on.
 */
import { planOf, simulate } from './run';

const HOUR_MS = 3_600_000;
const TIMES = 40;
const EVERY_MS = 1_237;

test('a clock set back an hour holds nothing up', async () => {
  const run = simulate({ ...planOf('clock set back', 120), faults: [] });
  /** Virtual from here on, until the run ends. */
  for (let time = 1; time <= TIMES; time++) {
    setTimeout(() => {
      const before = Date.now;
      Date.now = () => before() - HOUR_MS;
    }, time * EVERY_MS);
  }
  const { wrong, virtualMs } = await run;
  expect(wrong).toEqual([]);
  /** A minute of traffic, a minute and a half of calm, and little to drain. */
  expect(virtualMs).toBeLessThan(4 * 60_000);
}, 120_000);
