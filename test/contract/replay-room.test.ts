/** A replay fills no store that live figures need: it waits, says why and goes on once there is room. */
import type { NamespaceManifest } from '../../services/domain/namespace-directory';
import type { RunningService } from '../../services/shell/service';
import { StateReporter } from '../../services/shell/service-state';
import { ReplayWorld } from '../support/replay-world';
import { pause, until } from '../support/until';

const MEGABYTE = 1e6;
jest.setTimeout(120_000);

let world: ReplayWorld;
beforeAll(async () => { world = await ReplayWorld.start('room', 3_000); });
const workers: RunningService[] = [];
afterEach(async () => { for (const worker of workers.splice(0)) await worker.stop(); });
afterAll(() => world.stop());

const use = (usedBytes: number): void => { world.system.store.figures.memoryUse = { usedBytes, mostBytes: 100 * MEGABYTE }; };

async function waiting(manifest: NamespaceManifest): Promise<{ readonly worker: RunningService; readonly state: StateReporter }> {
  use(86 * MEGABYTE);
  const state = new StateReporter(world.system.home, 'replay');
  state.set('running');
  const worker = await world.worker(manifest, state);
  workers.push(worker);
  await until('it waits', () => state.said.state === 'waiting');
  return { worker, state };
}

test('a replay waits while less than its share is left, and counts everything once there is room', async () => {
  const manifest = await world.manifest('room', 'customs.declarations.accepted.v1');
  const { state } = await waiting(manifest);
  expect(state.said.reason).toBe('redis has 86 % of its memory in use, and a replay leaves the rest to the live figures: give Redis more (maxmemory) or drop a replay (tidewaiter replay list, drop), this one to count less of it (--since, --fine-since)');
  /** What was read before the first look is counted. */
  await pause(500);
  const standsAt = await world.offsets(manifest);
  await pause(1_500);
  expect(await world.offsets(manifest)).toEqual(standsAt);
  expect(await world.counted(manifest)).toBe(false);
  use(50 * MEGABYTE);
  await until('history is counted', () => world.counted(manifest), 40_000);
  expect(state.said.state).toBe('running');
  expect(world.figures('room')).toEqual(world.figures('live'));
});

test('one that waits stops when it is told to', async () => {
  const manifest = await world.manifest('stopped', 'customs.declarations.accepted.v1');
  const { worker } = await waiting(manifest);
  await worker.stop();
  use(0);
  await world.replayed(manifest);
  expect(world.figures('stopped')).toEqual(world.figures('live'));
});

test('figures that everybody reads wait for nobody: one that waits goes on when it becomes live', async () => {
  const manifest = await world.manifest('risen', 'customs.declarations.accepted.v1');
  const { state } = await waiting(manifest);
  await pause(500);
  expect(await world.counted(manifest)).toBe(false);
  const directory = world.system.neighbours.directory();
  await directory.write({ revision: 1, namespaces: { risen: manifest }, liveChanges: [{ name: 'risen', by: 'test', atMs: 0, reason: 'test' }] });
  await until('history is counted', () => world.counted(manifest), 40_000);
  expect(state.said.state).toBe('running');
  await directory.close();
});
