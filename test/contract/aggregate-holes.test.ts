/** What aggregate does where a log is not the one that it counted: it stops, says so, and counts nothing. In memory. */
import { rejectedTopic } from '../../services/topology';
import { AggregateWorld, refusals } from '../support/aggregate-world';
import { pause, until } from '../support/until';

const key = `${rejectedTopic}/0`;
let world: AggregateWorld;
beforeEach(async () => { world = await AggregateWorld.open(); });
afterEach(async () => world.close());

async function counted(count: number): Promise<void> {
  const { service } = await world.start();
  await world.refuse(count);
  await until('counted', async () => (await world.refused()) === count);
  await service.stop();
}

test.each<[string, () => void, RegExp]>([
  ['has lost its end', () => world.broker.truncate({ ...refusals, offset: 3 }), /stand at 10, outside the log, which holds 0 to 5.*partition-stopped-hole\.md/],
  ['was made anew', () => world.broker.recreate(rejectedTopic), /stand at 10, outside the log, which holds 0 to 2.*partition-stopped-hole\.md/],
  ['begins behind the position', () => { world.broker.appendMarker(refusals, 5); world.broker.deleteBefore({ ...refusals, offset: 12 }); }, /stand at 10, outside the log, which holds 12 to 17/],
])('a log that %s is a hole', async (_what, harm, reason) => {
  await counted(10);
  harm();
  await world.refuse(2);
  const { state } = await world.start();
  await until('stopped', () => state.stoppedPartitions[key] !== undefined);
  expect(state.stoppedPartitions[key]).toMatch(reason);
  await pause(100);
  expect([await world.refused(), (await world.position())?.next]).toEqual([10, 10]);
});

test.each<[string, () => void]>([
  ['lost its end and grew past the position', () => world.broker.truncate({ ...refusals, offset: 3 })],
  ['was made anew and grew past the position', () => world.broker.recreate(rejectedTopic)],
])('a log that %s is another log: its record in the last place is not the one that was counted', async (_what, harm) => {
  await counted(10);
  harm();
  await world.refuse(15);
  const { state } = await world.start();
  await until('stopped', () => state.stoppedPartitions[key] !== undefined);
  expect(state.stoppedPartitions[key]).toMatch(/record 9 of customs\.declarations\.rejected\.v1 is not the one that was counted.*partition-stopped-hole\.md/);
  expect([await world.refused(), (await world.position())?.next]).toEqual([10, 10]);
});

test('the same log is gone on with', async () => {
  await counted(10);
  const { state } = await world.start();
  await world.refuse(5);
  await until('all', async () => (await world.refused()) === 15);
  expect(state.stoppedPartitions).toEqual({});
});
