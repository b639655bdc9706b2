/** What a fault is: something done to the real parts while declarations flow, that ends with everything where it was, or on its way back. */
import type { Random } from '../../services/generate/random';
import type { RunningSystem } from '../support/running-system';
import type { ReplyProxies } from './reply-proxies';

/** How the services of a round are started: as always; with proxies between them and their neighbours; with a clock that can be stepped; on three brokers. */
export type Surroundings = 'plain' | 'behind proxies' | 'steppable clock' | 'three brokers';

export interface FaultContext {
  readonly system: RunningSystem;
  readonly random: Random;
  /** Events that the round sends. */
  readonly events: number;
  /** Notes the moment: the time to the first record applied is counted from here. Called once, right before the blow. */
  readonly strike: () => Promise<void>;
  /** In rounds behind proxies. */
  readonly proxies: () => ReplyProxies;
}

export interface Fault {
  readonly surroundings?: Surroundings;
  /** Answers what is not as it must be and the recount would not see; nothing: all is well. */
  act(context: FaultContext): Promise<readonly string[] | void>;
}
