/** Several processes of one service as one row: pure. */
import type { ServiceState } from '../service-state';
import type { SaidState } from './service-states';

/** What was found where a replica should answer. */
export interface Unheard { readonly state: 'down' | 'silent'; readonly reason: string }
export interface Replica { readonly address: string; readonly said: ServiceState | Unheard }

/** From well to ill; the row shows the worst. */
const illness: readonly SaidState['state'][] = ['running', 'starting', 'stopping', 'waiting', 'silent', 'halted'];

/**
 * One that answers alone is shown as it says. Of several the worst state counts, and every trouble stands there with
 * the addresses that tell it. `down` is the service alone: where others answer, a replica that is away is silent.
 */
export function combined(name: string, replicas: readonly Replica[]): SaidState {
  const [first] = replicas;
  if (first && replicas.length === 1 && isHeard(first.said)) return first.said;
  const heard = replicas.flatMap(({ address, said }) => (isHeard(said) ? [{ address, said }] : []));
  const reason = inWords(replicas.flatMap(({ address, said }) => (said.reason === undefined ? [] : [{ address, text: said.reason }])));
  const stoppedPartitions = gathered(heard.map(({ address, said }) => ({ address, texts: said.stoppedPartitions })));
  const alarms = gathered(heard.map(({ address, said }) => ({ address, texts: said.alarms })));
  return {
    name, pid: null, state: worstOf(replicas),
    ...(reason === '' ? {} : { reason }),
    newestEventAt: heard.reduce<number | null>((newest, { said }) => (said.newestEventAt === null ? newest : Math.max(newest ?? said.newestEventAt, said.newestEventAt)), null),
    updatedAt: Math.max(0, ...heard.map(({ said }) => said.updatedAt)),
    ...(stoppedPartitions ? { stoppedPartitions } : {}),
    ...(alarms ? { alarms } : {}),
    ...(replicas.length > 1 ? { replicas: replicas.length } : {}),
  };
}

export const isHeard = (said: Replica['said']): said is ServiceState => 'updatedAt' in said;

function worstOf(replicas: readonly Replica[]): SaidState['state'] {
  if (replicas.every(({ said }) => said.state === 'down')) return 'down';
  const ranks = replicas.map(({ said: { state } }) => illness.indexOf(state === 'down' ? 'silent' : state));
  return illness[Math.max(...ranks)] ?? 'silent';
}

/** The same text once, with everybody who says it. */
function inWords(told: readonly { readonly address: string; readonly text: string }[]): string {
  const addresses = new Map<string, string[]>();
  for (const { address, text } of told) addresses.set(text, [...(addresses.get(text) ?? []), address]);
  return [...addresses].map(([text, who]) => `${text} (${who.join(', ')})`).join('; ');
}

/** Texts by what they are about; undefined: nobody has any. */
function gathered(replicas: readonly { readonly address: string; readonly texts: Readonly<Record<string, string>> | undefined }[]): Readonly<Record<string, string>> | undefined {
  const told = new Map<string, { address: string; text: string }[]>();
  for (const { address, texts = {} } of replicas) for (const [about, text] of Object.entries(texts)) told.set(about, [...(told.get(about) ?? []), { address, text }]);
  return told.size === 0 ? undefined : Object.fromEntries([...told].map(([about, all]) => [about, inWords(all)]));
}
