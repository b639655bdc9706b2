/** What all services say of themselves, wherever that is looked for: a port, with an adapter for files and one for HTTP. */
import type { ServiceState, StateName } from '../service-state';

/** `down`: nobody is there to say anything; `silent`: somebody is, and says nothing. */
export interface SaidState extends Omit<ServiceState, 'pid' | 'state'> {
  /** Null: no process, or more than one. */
  readonly pid: number | null;
  readonly state: StateName | 'down' | 'silent';
  /** How many processes share the work, where there are several: the row is theirs together. */
  readonly replicas?: number;
}

export interface ServiceStates {
  /** By name; a service that nothing is known of has no row. Never rejects, and answers within a fixed time. */
  read(): Promise<ReadonlyMap<string, SaidState>>;
}
