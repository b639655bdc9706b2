/** Past a hole only on an operator's word, and never where new records would be taken for old ones. In memory. */
import { acceptance, acceptHole } from '../../services/shell/accept-hole';
import { MemoryLog } from '../../services/shell/memory/memory-log';
import { rawTopic } from '../../services/topology';
import { input, inputPartition, StageWorld } from '../support/stage-world';
import { until } from '../support/until';

let world: StageWorld;
beforeEach(async () => { world = await StageWorld.open(); });
afterEach(async () => world.close());
const accept = (): ReturnType<typeof acceptHole> => acceptHole(new MemoryLog(world.broker), 'standardize', 0);

test('records that are gone are left out, booked, and reading goes on', async () => {
  const { service } = await world.start();
  await world.declare(4);
  await until('decided', () => world.committed()?.offset === 4);
  expect(await accept()).toEqual({ refused: 'standardize runs: stop it first, everywhere' });
  await service.stop();
  await world.declare(6);
  world.broker.deleteBefore({ ...inputPartition, offset: 7 });
  const { state, service: second } = await world.start();
  await until('stopped', () => state.stoppedPartitions[`${input}/0`] !== undefined);
  await second.stop();
  expect(await accept()).toMatchObject({ leftOut: 3, position: { offset: 7 } });
  expect(JSON.parse(world.committed()!.metadata)).toMatchObject({ holes: 3, marks: { 0: 4 } });
  await world.start();
  await until('the rest', async () => (await world.results()).length === 7);
  expect((await world.results()).slice(4)).toEqual(['D7', 'D8', 'D9']);
});

test('a later log that was made anew is read from its start, and nothing is decided twice', async () => {
  const { service } = await world.start();
  await world.declare(4);
  await until('decided', () => world.committed()?.offset === 4);
  await service.stop();
  world.broker.recreate(input);
  await world.declare(2);
  expect(await accept()).toMatchObject({ leftOut: 0, position: { offset: 0 } });
  await world.start();
  await until('the new ones', async () => (await world.results()).length === 6);
});

test('refused: a raw log that was made anew, a position that nobody knows', () => {
  expect(acceptance({ start: 0, end: 5 }, { topic: rawTopic, partition: 0, offset: 9, metadata: '' })).toMatchObject({ refused: expect.stringContaining('names of old ones') });
  expect(acceptance({ start: 3, end: 5 }, { topic: rawTopic, partition: 0, offset: -2, metadata: '' })).toMatchObject({ refused: expect.stringContaining('not known any more') });
  expect(acceptance({ start: 3, end: 5 }, { topic: rawTopic, partition: 0, offset: 1, metadata: '{"set":"x","holes":1}' })).toEqual({ leftOut: 2, position: { topic: rawTopic, partition: 0, offset: 3, metadata: '{"set":"x","holes":3,"marks":{}}' } });
});
