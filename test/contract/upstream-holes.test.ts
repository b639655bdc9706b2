/** What an upstream stage does where its log is not the one that it left: it stops, says so, and skips nothing. In memory. */
import { input, inputPartition, StageWorld } from '../support/stage-world';
import { pause, until } from '../support/until';

const key = `${input}/0`;
let world: StageWorld;
beforeEach(async () => { world = await StageWorld.open(); });
afterEach(async () => world.close());

test('without a position, a log that does not begin at 0 is a hole', async () => {
  await world.declare(5);
  world.broker.deleteBefore({ ...inputPartition, offset: 3 });
  const { state } = await world.start();
  await until('stopped', () => state.stoppedPartitions[key] !== undefined);
  expect(state.stoppedPartitions[key]).toMatch(/nothing is known of where reading stood.*begins at 3.*partition-stopped-hole\.md/);
  await pause(200);
  expect(await world.results()).toEqual([]);
});

test('what the client writes over the position of a hole is put right, and the next member stops at the same place', async () => {
  const { service, state } = await world.start();
  await world.declare(10);
  await until('ten', () => world.committed()?.offset === 10);
  const { metadata } = world.committed()!;
  world.broker.truncate({ ...inputPartition, offset: 3 });
  await world.declare(2);
  await until('stopped', () => state.stoppedPartitions[key] !== undefined);
  expect(state.stoppedPartitions[key]).toContain('position 10 is outside the log, which holds 0 to ');
  await until('the position is back', () => world.committed()?.offset === 10);
  expect(world.committed()?.metadata).toBe(metadata);
  await service.stop();
  const second = await world.start();
  await until('the second stops, too', () => second.state.stoppedPartitions[key] !== undefined);
  expect(second.state.stoppedPartitions[key]).toContain('position 10 is outside the log, which holds 0 to 5');
  expect(await world.results()).toHaveLength(10);
});

test('where the position could not be put right in time, the next member stops all the same', async () => {
  world.broker.group('standardize').setCommitted({ ...inputPartition, offset: -2, metadata: '' });
  await world.declare(5);
  const { state } = await world.start();
  await until('stopped', () => state.stoppedPartitions[key] !== undefined);
  expect(state.stoppedPartitions[key]).toContain('the client has put a reset in its place');
  expect(await world.results()).toEqual([]);
});
