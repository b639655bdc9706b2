/** What goes wrong in a simulated run: a list of faults drawn from the seed before it begins, so that it can be cut down to those that matter. */
import { shuffled, type Random } from '../../services/generate/random';
import type { SendFault } from '../../services/shell/memory/memory-broker';
import { publishedTopics, stageNames, topics } from '../../services/topology';
import { aimedFaults, type AimedFault } from './aimed-faults';
import { INSTANCES, PARTITIONS, type SimulatedSystem } from './system';

export interface Fault extends AimedFault { readonly atMs: number; readonly kind: FaultKind }
type Act = (system: SimulatedSystem, fault: AimedFault) => void;

const sendFaults: readonly SendFault[] = ['refused', 'acknowledgement lost', 'late', 'first partition only'];
const MOST_KINDS = 6;
const SNAPSHOT_AGE_MS = 1_000;
const later = (milliseconds: number, act: () => void): void => { setTimeout(act, milliseconds); };

const acts = {
  ...aimedFaults,
  'kill': (system, { stage, instance }) => system.kill(stage, instance),
  'freeze': (system, { stage, instance, forMs }) => system.freeze(stage, instance, forMs),
  'rebalance': (system, { stage, forMs }) => system.disturb(stage, forMs / 10),
  'send': (system, { pick, forMs }) => {
    system.broker.failSends(sendFaults[pick % sendFaults.length] as SendFault);
    later(forMs, () => system.broker.releaseLateAppends());
  },
  'broker away': (system, { forMs }) => {
    system.broker.goAway();
    later(forMs / 4, () => system.broker.comeBack());
  },
  'registry away': (system, { forMs }) => {
    system.registry.goAway();
    later(forMs / 2, () => system.registry.comeBack());
  },
  'store away': (system, { forMs }) => {
    system.store.figures.goAway();
    later(forMs / 4, () => system.store.figures.comeBack());
  },
  'store full': (system, { forMs }) => {
    system.store.figures.full = true;
    later(forMs / 4, () => { system.store.figures.full = false; });
  },
  'lost replies': (system, { pick }) => system.store.figures.loseReplies(1 + (pick % 3)),
  'failover': (system) => {
    const before = system.store.snapshot();
    later(SNAPSHOT_AGE_MS, () => system.store.restore(before));
  },
  'flush': (system) => system.store.figures.flush(),
  'hole': (system, { pick }) => {
    const names = topics.filter(({ name }) => name.startsWith('customs.declarations')).map(({ name }) => name);
    system.broker.appendMarker({ topic: names[pick % names.length] as (typeof names)[number], partition: pick % PARTITIONS }, 1 + (pick % 2));
  },
  'compaction': (system, { pick }) => {
    for (const topic of Object.values(publishedTopics)) system.broker.compact(topic, { keepTombstones: pick % 2 === 0 });
  },
  /** Another version of the definitions, of the same rules: figures stay, and what a process that dies then leaves to be repeated must be the same bytes. */
  'definitions loaded': (system, { pick }) => { void system.loadDefinitions(`2.${pick}`); },
  'clock step': (system, { pick }) => { system.brokerSkewMs = ((pick % 3) - 1) * 3_600_000; },
} satisfies Readonly<Record<string, Act>>;
export type FaultKind = keyof typeof acts;
const aimed = Object.keys(aimedFaults) as (keyof typeof aimedFaults)[];
/** Those that wait for a step find the narrow places: they are drawn more often. */
const faultKinds: readonly FaultKind[] = [...(Object.keys(acts) as FaultKind[]), ...aimed, ...aimed];

/** `count` faults over a stretch of time, of few kinds: what goes wrong together is met more often than among all. Whoever is away comes back, and late appends come, within a minute of the last. */
export function drawFaults(random: Random, count: number, overMs: number): Fault[] {
  const kinds = shuffled(faultKinds, random).slice(0, random.between(2, MOST_KINDS));
  return Array.from({ length: count }, (): Fault => ({
    atMs: random.between(500, overMs), kind: random.pick(kinds), stage: random.pick(stageNames), instance: random.between(0, INSTANCES - 1), forMs: random.between(1_000, 30_000), pick: random.between(0, 1_000_000),
  })).sort((a, b) => a.atMs - b.atMs);
}

export const applyFault = (system: SimulatedSystem, fault: Fault): void => acts[fault.kind](system, fault);

export const faultText = ({ atMs, kind, stage, instance, forMs, pick }: Fault): string => `${(atMs / 1_000).toFixed(1)} s: ${kind} (${stage} ${instance}, ${(forMs / 1_000).toFixed(1)} s, ${pick})`;
