/** Services of one home folder, by the files that they write there, and by whether their process lives. */
import { readFileSync } from 'node:fs';
import { limits } from '../../limits';
import { allServices } from '../../topology';
import { stateFile, type ServiceState } from '../service-state';
import type { SaidState, ServiceStates } from './service-states';

export class StateFiles implements ServiceStates {
  constructor(private readonly home: string) {}

  async read(): Promise<ReadonlyMap<string, SaidState>> {
    return new Map(allServices.flatMap((name) => { const said = readStateFile(this.home, name); return said ? [[name, said] as const] : []; }));
  }
}

/** What a service said last; undefined: nothing that can be read. Of one that has ended only its newest event still holds. */
export function readStateFile(home: string, name: string): SaidState | undefined {
  try {
    const said = JSON.parse(readFileSync(stateFile(home, name), 'utf8')) as ServiceState;
    if (!isService(said.pid, name)) return { name: said.name, pid: null, state: 'down', newestEventAt: said.newestEventAt, updatedAt: said.updatedAt };
    return Math.abs(Date.now() - said.updatedAt) > limits.stateSilentMs ? { ...said, state: 'silent' } : said;
  } catch {
    return undefined;
  }
}

/** A pid is ours only while its command line names the service: numbers are used again. */
function isService(pid: number, name: string): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return command.includes(`services/${name}/main`) || pid === process.pid;
  } catch {
    return true;
  }
}
