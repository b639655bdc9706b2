/** Services wherever they run, by what each of their processes answers on /state. */
import { lookup } from 'node:dns/promises';
import { setMaxListeners } from 'node:events';
import { limits } from '../../limits';
import type { ServiceState } from '../service-state';
import { monotonicMs } from '../waiting';
import { within } from '../within';
import { askState } from './ask-state';
import { combined, isHeard, type Replica } from './replicas';
import type { ServiceUrl } from './service-urls';
import type { SaidState, ServiceStates } from './service-states';

/** All addresses behind a host name. @throws when it has none. */
export type AddressLookup = (host: string) => Promise<readonly string[]>;

interface Place { readonly host: string; readonly port: number }

export class AskedStates implements ServiceStates {
  /** Under way, by host: a resolver that hangs is asked once, and its threads are not used up. */
  private readonly lookups = new Map<string, Promise<readonly string[]>>();
  /** The last answers, as long as they hold. */
  private readonly heard = new Map<string, { readonly said: ServiceState; readonly atMs: number }>();

  constructor(private readonly urls: readonly ServiceUrl[], private readonly deadlineMs: number = limits.stateAskMs, private readonly addressesOf: AddressLookup = addresses) {}

  async read(): Promise<ReadonlyMap<string, SaidState>> {
    const signal = AbortSignal.timeout(this.deadlineMs);
    /** Each replica listens to it: no sign of a leak. */
    setMaxListeners(0, signal);
    for (const [key, { atMs }] of this.heard) if (monotonicMs() - atMs > limits.stateSilentMs) this.heard.delete(key);
    const names = [...new Set(this.urls.map(({ name }) => name))];
    return new Map(await Promise.all(names.map(async (name) => [name, combined(name, await this.replicas(name, signal))] as const)));
  }

  /** An address that two entries lead to is one replica. */
  private async replicas(name: string, signal: AbortSignal): Promise<Replica[]> {
    const places = new Map<string, Place | string>();
    await Promise.all(this.urls.filter((url) => url.name === name).map(async ({ host, port }) => {
      try {
        for (const address of await within(this.deadlineMs, this.resolved(host))) places.set(inWords(address, port), { host: address, port });
      } catch (error) {
        places.set(inWords(host, port), `its name has no address: ${(error as Error).message}`);
      }
    }));
    /** In one order, whoever was found first: the row would differ from look to look. */
    return Promise.all([...places].sort(([one], [other]) => (one < other ? -1 : 1)).map(async ([address, place]): Promise<Replica> =>
      ({ address, said: typeof place === 'string' ? { state: 'down', reason: place } : await this.ask(name, address, place, signal) })));
  }

  /** One that misses a single deadline is busy; silent is who has said nothing for as long as with files. */
  private async ask(name: string, address: string, place: Place, signal: AbortSignal): Promise<Replica['said']> {
    const [key, said] = [`${name} ${address}`, await askState(name, place, signal)];
    if (isHeard(said)) this.heard.set(key, { said, atMs: monotonicMs() });
    return said.state === 'silent' ? (this.heard.get(key)?.said ?? said) : said;
  }

  private resolved(host: string): Promise<readonly string[]> {
    const known = this.lookups.get(host);
    if (known) return known;
    const asked = this.addressesOf(host).finally(() => this.lookups.delete(host));
    this.lookups.set(host, asked);
    return asked;
  }
}

const inWords = (host: string, port: number): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;

/** Of one family: a process that has an address of each would count twice. */
async function addresses(host: string): Promise<readonly string[]> {
  const found = await lookup(host, { all: true });
  const family = found.some((address) => address.family === 4) ? 4 : 6;
  return found.filter((address) => address.family === family).map(({ address }) => address);
}
