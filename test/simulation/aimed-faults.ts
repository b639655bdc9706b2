/**
 * Faults that wait for a step: drawn over time alone they would nearly always fall between two calls, as most of a
 * run is waiting. Each comes when a process passes the step for the n-th time from then on.
 */
import type { SendFault } from '../../services/shell/memory/memory-broker';
import type { StageName } from '../../services/topology';
import { INSTANCES, type SimulatedSystem } from './system';

/** What a fault says that depends on no kind. */
export interface AimedFault { readonly stage: StageName; readonly instance: number; readonly forMs: number; readonly pick: number }

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

/** Where most is at stake: what was sent is not committed, what was read is not applied, what was published is still in the list. */
const narrow: Readonly<Record<StageName, readonly string[]>> = {
  ingest: ['before sink.send', 'after sink.send', 'before source.commit'],
  standardize: ['before sink.send', 'after sink.send', 'before source.commit'],
  enrich: ['before sink.send', 'after sink.send', 'before source.commit'],
  aggregate: ['after ledger.claim', 'before ledger.readLedger', 'after ledger.readLedger', 'before ledger.apply', 'before ledger.apply', 'after ledger.apply'],
  publish: ['after figures.readCells', 'before sink.send', 'after sink.send', 'before figures.acknowledgeChanges', 'after figures.acknowledgeChanges'],
};
/** The two that change the store and the topics are where most can go wrong. */
const stages: readonly StageName[] = ['ingest', 'standardize', 'enrich', 'aggregate', 'aggregate', 'publish', 'publish'];
const storeStages: readonly StageName[] = ['aggregate', 'aggregate', 'publish'];
const sendingStages: readonly StageName[] = ['ingest', 'standardize', 'enrich', 'publish', 'publish', 'publish'];
const referenceStages: readonly StageName[] = ['standardize', 'enrich'];
const MOST_PASSINGS = 6;
/** Longer than the session of a frozen process: its partitions have another owner when it goes on. */
const OVERSLEPT_MS = 11_000;
const PAUSE_SHARE = 0.2;

const entry = <Value>(from: readonly Value[], pick: number): Value => from[pick % from.length] as Value;
const passings = (pick: number): number => 1 + (Math.floor(pick / 1_000) % MOST_PASSINGS);
/** Whoever of a stage comes first. */
const at = (system: SimulatedSystem, stage: StageName, point: string, remaining: number, act: (instance: number) => void): void =>
  system.layAmbush({ stage, instance: undefined, point, remaining, act });
/** At one of the narrow places of one of the stages. */
const atNarrow = (system: SimulatedSystem, among: readonly StageName[], pick: number, act: (stage: StageName, instance: number) => void): void => {
  const stage = entry(among, pick);
  at(system, stage, entry(narrow[stage], Math.floor(pick / 10)), passings(pick), (instance) => act(stage, instance));
};
const later = (milliseconds: number, act: () => void): void => { setTimeout(act, milliseconds); };

const sendFaults: readonly SendFault[] = ['late', 'acknowledgement lost', 'first partition only'];

export const aimedFaults = {
  'kill at a step': (system, { stage, instance, pick }) => {
    const points = killPoints(stage);
    const remaining = 1 + (Math.floor(pick / points.length) % MOST_PASSINGS);
    system.layAmbush({ stage, instance, point: entry(points, pick), remaining, act: () => system.kill(stage, instance) });
  },
  'kill at a narrow step': (system, { pick }) => atNarrow(system, stages, pick, (stage, instance) => system.kill(stage, instance)),
  /** It goes on in the middle of what it was doing, when all that it knows is out of date. */
  'freeze at a step': (system, { forMs, pick }) => atNarrow(system, stages, pick, (stage, instance) => system.freeze(stage, instance, OVERSLEPT_MS + forMs / 4)),
  /** The partition goes to another one, and perhaps back, while a script is on its way. */
  'rebalance at a step': (system, { forMs, pick }) => atNarrow(system, stages, pick, (stage) => system.disturb(stage, forMs / 10)),
  'reply lost at a step': (system, { pick }) => {
    const stage = entry(storeStages, pick);
    at(system, stage, stage === 'aggregate' ? entry(['before ledger.apply', 'before ledger.apply', 'before ledger.claim'], pick) : entry(['before figures.acknowledgeChanges', 'before figures.holdLease'], pick), passings(pick), () => system.store.figures.loseReplies(1 + (pick % 2)));
  },
  /** What was written since the fault is lost in the middle of a step. */
  'failover at a step': (system, { forMs, pick }) => {
    const before = system.store.snapshot();
    later(forMs / 10, () => atNarrow(system, storeStages, pick, () => system.store.restore(before)));
  },
  /** Between what the ledger said and what is made of it, under an owner that is still the same. */
  'failover before a script': (system, { forMs, pick }) => {
    const before = system.store.snapshot();
    later(forMs / 10, () => at(system, 'aggregate', 'before ledger.apply', passings(pick), () => system.store.restore(before)));
  },
  /** The replica that takes over has not heard of the claim, nor of what the new owner did first. */
  'failover loses a claim': (system, { pick, forMs }) => {
    at(system, 'aggregate', 'before ledger.claim', passings(pick), () => {
      const before = system.store.snapshot();
      at(system, 'aggregate', entry(narrow.aggregate, pick), 1 + (pick % 3), () => system.store.restore(before));
    });
    system.disturb('aggregate', forMs / 10);
  },
  /** Two failovers in a row: the ledger is read from a replica that lags, then the old server is there again. */
  'failover there and back': (system, { pick, forMs }) => {
    const old = system.store.snapshot();
    later(forMs / 10, () => at(system, 'aggregate', 'before ledger.readLedger', passings(pick), () => {
      const newest = system.store.snapshot();
      system.store.restore(old);
      at(system, 'aggregate', 'after ledger.readLedger', 1, () => system.store.restore(newest));
    }));
  },
  'flush at a step': (system, { pick }) => atNarrow(system, storeStages, pick, () => system.store.figures.flush()),
  /** Nobody counts, or nobody publishes, for a while, and then the store is empty or as it was: what was counted and published one by one comes back at once, and cells that came and went do not. */
  'store goes back behind a pause': (system, { pick, forMs }) => {
    const before = system.store.snapshot();
    const asleepMs = forMs * PAUSE_SHARE;
    later(forMs * PAUSE_SHARE, () => {
      for (let instance = 0; instance < INSTANCES; instance++) system.freeze(entry(['publish', 'publish', 'aggregate'], pick), instance, asleepMs);
      later(asleepMs - 1, () => { if (pick % 2 === 0) system.store.restore(before); else system.store.figures.flush(); });
    });
  },
  /** A send of this stage, not of whoever comes next. */
  'send at a step': (system, { forMs, pick }) => at(system, entry(sendingStages, pick), 'before sink.send', passings(pick), () => {
    system.broker.failSends(entry(sendFaults, pick));
    later(forMs / 4, () => system.broker.releaseLateAppends());
  }),
  /** The old set decided what was sent, another one is in force when it is decided again. */
  'definitions loaded at a step': (system, { pick }) => {
    const stage = entry(referenceStages, pick);
    at(system, stage, entry(['after sink.send', 'before source.commit'], pick), passings(pick), (instance) => {
      system.kill(stage, instance);
      void system.loadDefinitions(`3.${pick}`);
    });
  },
} satisfies Readonly<Record<string, (system: SimulatedSystem, fault: AimedFault) => void>>;
