/** A consumer that holds a partition and reads nothing, and partitions that nobody speaks of: seen, said and mended. In memory. */
import { limits } from '../../services/limits';
import type { MemoryLog } from '../../services/shell/memory/memory-log';
import type { Log } from '../../services/shell/ports';
import { rejectedTopic } from '../../services/topology';
import { AggregateWorld } from '../support/aggregate-world';
import { input, StageWorld } from '../support/stage-world';
import { until } from '../support/until';

const before = limits.stallMs;
beforeAll(() => { Object.assign(limits, { stallMs: 400 }); });
afterAll(() => { Object.assign(limits, { stallMs: before }); });

/** A client that takes its first batches and hands them to nobody, until it begins anew. */
function deaf(log: MemoryLog, restarts: string[]): Log {
  return Object.assign(Object.create(log) as MemoryLog, {
    source: (...args: Parameters<MemoryLog['source']>) => {
      const source = log.source(...args);
      const [start, restart] = [source.start.bind(source), source.restart.bind(source)];
      let hears = false;
      source.start = (handlers) => start({ ...handlers, revoked: () => handlers.revoked(), assigned: (...given) => handlers.assigned(...given), fetched: async (batch) => (hears ? handlers.fetched(batch) : undefined) });
      return Object.assign(source, { restart: (reason: string) => { restarts.push(reason); hears = true; restart(); } });
    },
  });
}

test('an upstream stage begins anew where it stands still, and says so while it does', async () => {
  const world = await StageWorld.open();
  try {
    const restarts: string[] = [];
    const { state } = await world.start((log) => deaf(log, restarts));
    await world.declare(5);
    await until('the alarm', () => state.currentAlarms[`progress of ${input}/0`] !== undefined);
    expect(state.currentAlarms[`progress of ${input}/0`]).toMatch(/stands at 0 of 5.*lag-without-progress\.md/);
    await until('all', async () => (await world.results()).length === 5);
    await until('no alarm', () => Object.keys(state.currentAlarms).length === 0);
    expect(new Set(restarts)).toEqual(new Set(['no progress']));
  } finally {
    await world.close();
  }
});

test('aggregate begins anew where it stands still', async () => {
  const world = await AggregateWorld.open();
  try {
    const restarts: string[] = [];
    const { state } = await world.start((log) => deaf(log, restarts));
    await world.refuse(5);
    await until('the alarm', () => state.currentAlarms[`progress of ${rejectedTopic}/0`] !== undefined);
    await until('all', async () => (await world.refused()) === 5);
    expect(new Set(restarts)).toEqual(new Set(['no progress']));
  } finally {
    await world.close();
  }
});

test('a partition that is claimed again is waited for in status, until it is claimed', async () => {
  const world = await AggregateWorld.open();
  try {
    const ledger = world.store.ledger();
    const claim = ledger.claim.bind(ledger);
    let answer: () => void = () => undefined;
    const wait: { until?: Promise<void> } = {};
    ledger.claim = async (...given) => { await wait.until; return claim(...given); };
    const { state } = await world.start(undefined, ledger);
    await world.refuse(2);
    await until('both', async () => (await world.refused()) === 2);
    wait.until = new Promise((resolve) => { answer = resolve; });
    world.store.figures.flush();
    await until('it says so', () => state.waitingFor !== undefined);
    expect(state.waitingFor).toMatch(/^customs\.declarations\.\w+\.v1\/0 is claimed again: /);
    answer();
    await until('all is well', async () => state.waitingFor === undefined && (await world.refused()) === 2);
  } finally {
    await world.close();
  }
});

test('what was said of a partition goes with it', async () => {
  const world = await StageWorld.open();
  try {
    world.broker.group('standardize').setCommitted({ topic: input, partition: 0, offset: 7, metadata: '' });
    const { state } = await world.start();
    await until('stopped', () => state.stoppedPartitions[`${input}/0`] !== undefined);
    for (const member of world.broker.group('standardize').members) member.rebalancing();
    expect(state.stoppedPartitions).toEqual({});
  } finally {
    await world.close();
  }
});
