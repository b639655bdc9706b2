/** One simulated run of a seed: traffic, faults, healing, audit. */
import { Random } from '../../services/generate/random';
import { audit } from './auditor';
import { limits } from '../../services/limits';
import { applyFault, drawFaults, faultText, type Fault } from './faults';
import { Gateway } from './gateway';
import { SimulatedSystem } from './system';
import { VirtualTime } from './virtual-time';

export interface Plan { readonly seed: string; readonly events: number; readonly faults: readonly Fault[] }
export interface Verdict { readonly wrong: readonly string[]; readonly virtualMs: number; readonly deaths: number }

const START_MS = Date.UTC(2026, 2, 31, 22);
const TRAFFIC_MS = 60_000;
const FAULTS = { least: 3, most: 24 } as const;
/** A few records are as much work as thousands: batches are cut into several scripts, turns into several batches; in some runs finely, in others hardly at all. */
const smallLimits = { incrementsPerScript: [60, 150, 600], declarationsPerScript: [3, 8, 40], recordsPerTurn: [15, 40, 200], cellsPerRead: [5, 20, 100], changedEntriesPerRead: [1, 5, 50], changeListEntries: [60, 300] } as const;
const limitsOf = (seed: string): Record<string, number> => {
  const random = new Random(`limits/${seed}`);
  return Object.fromEntries(Object.entries(smallLimits).map(([name, choices]) => [name, random.pick<number>(choices)]));
};
/** After the last fault everything comes back by itself within a minute. */
const HEALING_MS = 90_000;
const DRAIN_MS = 20 * 60_000;

export function planOf(seed: string, events = 250): Plan {
  const random = new Random(`faults/${seed}`);
  return { seed, events, faults: drawFaults(random, random.between(FAULTS.least, FAULTS.most), TRAFFIC_MS) };
}

export async function simulate({ seed, events, faults }: Plan): Promise<Verdict> {
  Object.assign(limits, limitsOf(seed));
  const time = new VirtualTime(new Random(`order/${seed}`), START_MS);
  time.install();
  const system = new SimulatedSystem(new Random(`system/${seed}`), time);
  const gateway = new Gateway(system, new Random(`gateway/${seed}`), seed, events, TRAFFIC_MS);
  try {
    for (const fault of faults) if (fault.atMs === 0) applyFault(system, fault);
    await system.start();
    for (const fault of faults) if (fault.atMs > 0) setTimeout(() => applyFault(system, fault), fault.atMs);
    void gateway.run();
    await time.run(() => gateway.done, DRAIN_MS, 'everything sent');
    const calmMs = time.now + HEALING_MS;
    setTimeout(() => undefined, HEALING_MS + 1);
    await time.run(() => time.now >= calmMs, 2 * HEALING_MS, 'healed');
    system.brokerSkewMs = 0;
    await system.drain(DRAIN_MS);
    const wrong = [...system.crashes.map((crash) => `crashed: ${crash}`), ...audit(system, gateway.byValue), ...system.breaches(), ...system.stillWaiting()];
    system.end();
    return { wrong, virtualMs: time.now - START_MS, deaths: system.deaths };
  } catch (error) {
    system.end();
    return { wrong: [...system.crashes, (error as Error).message], virtualMs: time.now - START_MS, deaths: system.deaths };
  } finally {
    time.uninstall();
  }
}

/** The shortest list found that still goes wrong: faults are left out one by one while it does. */
export async function shrink(plan: Plan): Promise<Plan> {
  let { faults } = plan;
  for (let index = faults.length - 1; index >= 0; index--) {
    const fewer = faults.filter((_, at) => at !== index);
    if ((await simulate({ ...plan, faults: fewer })).wrong.length > 0) faults = fewer;
  }
  return { ...plan, faults };
}

/** What a person needs to repeat and understand a failure. */
export const reportOf = ({ seed, faults }: Plan, wrong: readonly string[]): string =>
  [`seed ${seed} goes wrong; again with: scripts/simulate --seeds ${seed}`, 'the faults that it takes:', ...faults.map((fault) => `  ${faultText(fault)}`), 'what is wrong:', ...wrong.map((line) => `  ${line}`)].join('\n');
