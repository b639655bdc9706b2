/**
 * Seeded runs of the whole system under faults, in virtual time. TIDEWAITER_SIMULATION_SEEDS: a seed or a range,
 * 1..1000; scripts/simulate sets it.
 */
import { stageNames } from '../../services/topology';
import { killPoints } from './aimed-faults';
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

/** Both processes of the stage, each when it passes the point for the first time. */
const everyPoint = stageNames.flatMap((stage) => killPoints(stage).map((point, pick) => [stage, point, pick] as const));

test.each(everyPoint)('%s is killed %s', async (stage, point, pick) => {
  const plan = { seed: `${stage} ${point}`, events: 60, faults: [0, 1].map((instance) => ({ atMs: 0, kind: 'kill at a step' as const, stage, instance, forMs: 0, pick })) };
  const { wrong, deaths } = await simulate(plan);
  if (wrong.length > 0) throw new Error(reportOf(plan, wrong));
  expect(deaths).toBeGreaterThan(0);
});
