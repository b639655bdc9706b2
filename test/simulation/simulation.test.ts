/**
 * Seeded runs of the whole system under faults, in virtual time. TIDEWAITER_SIMULATION_SEEDS: a seed or a range,
 * 1..1000; scripts/simulate sets it.
 */
import { planOf, reportOf, shrink, simulate } from './run';

const [first = 1, last = first] = (process.env['TIDEWAITER_SIMULATION_SEEDS'] ?? '1..20').split('..').map(Number);
const seeds = Array.from({ length: last - first + 1 }, (_, index) => String(first + index));
jest.setTimeout(600_000);

test.each(seeds)('seed %s', async (seed) => {
  const plan = planOf(seed);
  const { wrong } = await simulate(plan);
  if (wrong.length === 0) return;
  const shortest = await shrink(plan);
  throw new Error(reportOf(shortest, wrong));
});
