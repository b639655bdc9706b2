/** The clock of all services set back and forth by an hour, while the broker's stays as it is. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../services/shell/project-root';
import type { RunningSystem } from '../support/running-system';
import { pause } from '../support/until';
import type { Fault } from './fault';

const HOUR_MS = 3_600_000;
/** Longer than a session of the group. */
const HELD_MS = 12_000;

/** Settings of services whose clock can be stepped. */
export const steppableClock = (): Record<string, string> => ({ NODE_OPTIONS: `--require ${join(projectRoot(), 'dist/test/faults/stepped-clock.js')}` });

const step = (system: RunningSystem, offsetMs: number): void => writeFileSync(join(system.home, 'clock-offset'), String(offsetMs));

/** Back, forward, forward, and back in the end: there is no step that would hide the one before. */
export const clockFaults: Readonly<Record<string, Fault>> = {
  'clock-stepped': { surroundings: 'steppable clock', act: async ({ system, strike }) => {
    await strike();
    step(system, -HOUR_MS);
    await pause(HELD_MS);
    step(system, 0);
    await pause(2_000);
    step(system, HOUR_MS);
    await pause(4_000);
    step(system, 0);
  } },
};
