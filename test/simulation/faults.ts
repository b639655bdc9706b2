/** What goes wrong in a simulated run: a list of faults drawn from the seed before it begins, so that it can be cut down to those that matter. */
import { shuffled, type Random } from '../../services/generate/random';
import type { SendFault } from '../../services/shell/memory/memory-broker';
import type { FiguresState } from '../../services/shell/memory/memory-figures';
import { publishedTopics, stageNames, topics, type StageName } from '../../services/topology';
import { INSTANCES, PARTITIONS, type SimulatedSystem } from './system';

export interface Fault { readonly atMs: number; readonly kind: FaultKind; readonly stage: StageName; readonly instance: number; readonly forMs: number; readonly pick: number }

const sendFaults: readonly SendFault[] = ['refused', 'acknowledgement lost', 'late', 'first partition only'];
/** Steps of the shell that the world can see. */
const upstream: readonly string[] = ['log.tail', 'registry.latest', 'registry.byId', 'inspector.offsets', 'sink.send', 'source.commit'];
const steps: Readonly<Record<StageName, readonly string[]>> = {
  ingest: upstream.slice(1),
  standardize: upstream,
  enrich: upstream,
  aggregate: ['registry.latest', 'registry.byId', 'inspector.offsets', 'ledger.claim', 'ledger.readLedger', 'ledger.apply', 'source.commit'],
  publish: ['registry.latest', 'log.tail', 'figures.note', 'figures.holdLease', 'inspector.offsets', 'figures.readFigures', 'figures.changes', 'figures.readCells', 'sink.send', 'figures.acknowledgeChanges', 'figures.setNote'],
};
/** Where a process may be killed: right before or right after a step. */
export const killPoints = (stage: StageName): readonly string[] => steps[stage].flatMap((step) => [`before ${step}`, `after ${step}`]);
const MOST_PASSINGS = 6;
const MOST_KINDS = 5;
const DEATH_AFTER_LOADING_MS = 3_000;
const SNAPSHOT_AGE_MS = 1_000;

type Act = (system: SimulatedSystem, fault: Fault) => void;
const later = (milliseconds: number, act: () => void): void => { setTimeout(act, milliseconds); };

const acts = {
  'kill': (system, { stage, instance }) => system.kill(stage, instance),
  'kill at a step': (system, { stage, instance, pick }) => {
    const points = killPoints(stage);
    system.wish(stage, instance, { point: points[pick % points.length] as string, remaining: 1 + (Math.floor(pick / points.length) % MOST_PASSINGS) });
  },
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
    const before: FiguresState = system.store.snapshot();
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
  'definitions loaded': (system, { stage, instance, pick }) => {
    void system.loadDefinitions(`2.${pick}`);
    later(pick % DEATH_AFTER_LOADING_MS, () => { if (pick % 2 === 0) system.kill(stage, instance); });
  },
  'clock step': (system, { pick }) => { system.brokerSkewMs = ((pick % 3) - 1) * 3_600_000; },
} satisfies Readonly<Record<string, Act>>;
export type FaultKind = keyof typeof acts;
const faultKinds = Object.keys(acts) as readonly FaultKind[];

/** `count` faults over a stretch of time, of few kinds: what goes wrong together is met more often than among all. Whoever is away comes back, and late appends come, within a minute of the last. */
export function drawFaults(random: Random, count: number, overMs: number): Fault[] {
  const kinds = shuffled(faultKinds, random).slice(0, random.between(2, MOST_KINDS));
  return Array.from({ length: count }, (): Fault => ({
    atMs: random.between(500, overMs), kind: random.pick(kinds), stage: random.pick(stageNames), instance: random.between(0, INSTANCES - 1), forMs: random.between(1_000, 30_000), pick: random.between(0, 1_000_000),
  })).sort((a, b) => a.atMs - b.atMs);
}

export const applyFault = (system: SimulatedSystem, fault: Fault): void => acts[fault.kind](system, fault);

export const faultText = ({ atMs, kind, stage, instance, forMs, pick }: Fault): string => `${(atMs / 1_000).toFixed(1)} s: ${kind} (${stage} ${instance}, ${(forMs / 1_000).toFixed(1)} s, ${pick})`;
