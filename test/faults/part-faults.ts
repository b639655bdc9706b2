/** Broker and registry killed, and services that must start without the registry. */
import { stageNames } from '../../services/topology';
import { pause } from '../support/until';
import type { Fault } from './fault';
import { partPid } from './real-parts';

export const killedPart = (part: string, awayMs: number): Fault => ({ act: async ({ system, strike }) => {
  const pid = partPid(system, part);
  await strike();
  process.kill(pid, 'SIGKILL');
  await pause(awayMs);
  system.done('stack', 'up');
} });

const servicesStartWithoutRegistry: Fault = { act: async ({ system, strike }) => {
  const pid = partPid(system, 'registry');
  const services = stageNames.map((stage) => system.pidOf(stage));
  await strike();
  process.kill(pid, 'SIGKILL');
  for (const service of services) process.kill(service, 'SIGKILL');
  await pause(6_000);
  system.done('stack', 'up');
} };

export const partFaults: Readonly<Record<string, Fault>> = {
  'broker-killed': killedPart('kafka', 3_000),
  'registry-killed': killedPart('registry', 3_000),
  'registry-away-at-start': servicesStartWithoutRegistry,
};
