/** What an upstream stage does where its log is not the one that it left: it stops, says so, and skips nothing. In memory. */
import { backlog } from '../../services/shell/drained';
import { MemoryLog } from '../../services/shell/memory/memory-log';
import { MemoryStore } from '../../services/shell/memory/memory-store';
import type { SourceHandlers, StartPosition } from '../../services/shell/ports';
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

async function decided(count: number): Promise<void> {
  const { service } = await world.start();
  await world.declare(count);
  await until('decided', () => world.committed()?.offset === count);
  await service.stop();
}

test.each<[string, () => void]>([
  ['lost its end and grew past the position', () => world.broker.truncate({ ...inputPartition, offset: 3 })],
  ['was made anew and grew past the position', () => world.broker.recreate(input)],
])('a log that %s is another log: its record in the last place is not the one that was read', async (_what, harm) => {
  await decided(10);
  const before = world.committed();
  harm();
  await world.declare(15, 'OTHER');
  const { service, state } = await world.start();
  await until('stopped', () => state.stoppedPartitions[key] !== undefined);
  expect(state.stoppedPartitions[key]).toMatch(/record 9 of customs\.declarations\.accepted\.v1 is not the one that was read.*partition-stopped-hole\.md/);
  await pause(100);
  await service.stop();
  expect(await world.results()).toHaveLength(10);
  expect(world.committed()).toEqual(before);
});

test('the same log is gone on with, also behind offsets without records, and nothing is decided again or booked as a hole twice', async () => {
  await decided(10);
  world.broker.appendMarker(inputPartition, 3);
  const first = await world.start();
  await until('the markers are covered', () => world.committed()?.offset === 13);
  await first.service.stop();
  const { state } = await world.start();
  await world.declare(5);
  await until('all', () => world.committed()?.offset === 18);
  expect(JSON.parse(world.committed()!.metadata)).toMatchObject({ holes: 3, last: { offset: 17 } });
  expect(state.stoppedPartitions).toEqual({});
  expect(await world.results()).toHaveLength(15);
});

test('retention that takes the last record read, and none that was not, is no hole', async () => {
  await decided(10);
  world.broker.deleteBefore({ ...inputPartition, offset: 10 });
  await world.start();
  await world.declare(2);
  await until('both', async () => (await world.results()).length === 12);
});

test('a client that jumps inside the log: what was fetched and not sent is read again, and no commit covers it', async () => {
  let handlers: SourceHandlers | undefined;
  let free: () => void = () => undefined;
  const sendable = new Promise<void>((resolve) => { free = resolve; });
  await world.start((log) => Object.assign(Object.create(log) as typeof log, {
    source: (...args: Parameters<typeof log.source>) => {
      const source = log.source(...args);
      const start = source.start.bind(source);
      source.start = (given) => { handlers = given; return start(given); };
      return source;
    },
    sink: async () => {
      const sink = await log.sink();
      const send = sink.send.bind(sink);
      sink.send = async (records) => { await sendable; return send(records); };
      return sink;
    },
  }));
  await world.declare(10);
  await pause(200);
  const [start] = await handlers!.assigned([inputPartition], [{ ...inputPartition, offset: 10, metadata: '' }]) as [StartPosition];
  expect(start).toEqual({ ...inputPartition, offset: 0 });
  expect(world.committed()?.offset ?? 0).toBe(0);
  free();
  await until('what was on its way', () => world.committed() !== undefined && world.committed()!.offset > 0);
  expect(world.committed()!.offset).toBe((await world.results()).length);
});

test('a stage whose position is behind the end of its log is not drained', async () => {
  await decided(10);
  world.broker.truncate({ ...inputPartition, offset: 3 });
  const inspector = await new MemoryLog(world.broker).inspector();
  const left = await backlog(inspector, new MemoryStore({ partitions: 1, buckets: 1 }).reader());
  expect(left.filter(({ stage }) => stage === 'standardize')).toEqual([{ stage: 'standardize', ...inputPartition, records: 7, outside: 'position 10 is outside the log, which holds 0 to 3' }]);
});
