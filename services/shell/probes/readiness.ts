import type { ServiceState } from '../service-state';

export interface Readiness { readonly ready: boolean; readonly reason: string }

/** Ready: it runs, waits for nobody, and reads all its partitions. A check that has found something wrong is an alarm and no reason to send work elsewhere. */
export function readiness({ state, reason, stoppedPartitions = {} }: ServiceState): Readiness {
  const stopped = Object.entries(stoppedPartitions).map(([partition, why]) => `stopped at ${partition}: ${why}`);
  const said = reason === undefined ? state : `${state}: ${reason}`;
  return { ready: state === 'running' && stopped.length === 0, reason: [said, ...stopped].join('\n') };
}
