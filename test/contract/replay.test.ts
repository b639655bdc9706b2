/**
 * Figures counted again in a namespace of their own are those that the live services counted, value by value, ledger
 * entries too: from whichever topic, with however many workers, killed and begun again in between.
 */
import { sourceTopics } from '../../services/replay/source-stages';
import { ReplayWorld } from '../support/replay-world';

jest.setTimeout(180_000);

let world: ReplayWorld;
beforeAll(async () => { world = await ReplayWorld.start('replay', 3_000); });
afterAll(() => world.stop());

test.each([...sourceTopics.map((source) => [source, 1] as const), ['customs.declarations.accepted.v1', 2] as const, ['customs.declarations.accepted.v1', 4] as const])('from %s with %i workers', async (source, workers) => {
  const manifest = await world.manifest(`${source.split('.')[2] ?? ''}-${workers}`, source);
  await world.replayed(manifest, workers);
  const live = world.figures('live');
  expect(live.length).toBeGreaterThan(20_000);
  expect(world.figures(manifest.name).filter((figure, index) => figure !== live[index])).toEqual([]);
  expect(world.figures(manifest.name)).toHaveLength(live.length);
  const entries = await world.ledger({ name: 'live', inputs: [] });
  expect(entries.length).toBeGreaterThan(1_000);
  expect(await world.ledger(manifest)).toEqual(entries);
});
