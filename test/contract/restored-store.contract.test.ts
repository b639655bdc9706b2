/** What the way into a restored namespace promises, in memory and in Redis: it says what it is first, and whoever counts is refused. */
import { cubesOfRestored, parseRestored, publishedFigures, restoredText, type RestoredNamespace } from '../../services/domain/restored-namespace';
import { readConfig } from '../../services/shell/config';
import { manifestOf, readCubes, readProfile } from '../../services/shell/definition-files';
import { checkManifest, checkReadable } from '../../services/shell/manifest-check';
import { countedTopic } from '../../services/topology';
import { storeWorlds, type StoreWorld } from '../support/store-worlds';
import { testStack } from '../support/test-stack';

const target = { topic: countedTopic, partition: 0 } as const;
const hash = 'revenue/office-taxType-chapter/month/2026-03';
const made: RestoredNamespace = { complete: true, profile: 'CD', partitions: 4, shards: 1, kept: [], generation: 2, streamTimeMs: 5, sourceOffsets: { 'a/0': 7 }, definitions: { '2026-03': 'imts2010@1.0.0' } };
const config = readConfig({ TIDEWAITER_PROFILE: 'CD', TIDEWAITER_NAMESPACE: 'restored' });
if (!testStack) test.skip('redis: no stack was given', () => undefined);

describe.each(storeWorlds)('%s', (_name, open) => {
  let world: StoreWorld;
  beforeEach(() => { world = open(); });
  afterEach(() => world.close());

  test('values come back as they were written, beyond 64 bits of a double too; a second write replaces them', async () => {
    expect(await world.restored.begin(restoredText(made))).toBe(true);
    const fields = new Map([['KIN01|CUD|87:assessed', '9007199254740993'], ['KIN01|CUD|87:lines', '-1'], ...Array.from({ length: 2_500 }, (_, index): [string, string] => [`OFF${index}|CUD|87:lines`, String(index)])]);
    await world.restored.put(0, hash, fields);
    await world.restored.put(0, hash, new Map([['KIN01|CUD|87:lines', '0']]));
    const answer = await world.reader.readFigures([hash], 10_000);
    expect('hashes' in answer && answer.hashes[0]?.fields).toEqual(new Map([...fields, ['KIN01|CUD|87:lines', '0']]));
  });

  test('nobody counts into it: a claim finds another manifest, whatever the settings', async () => {
    const own = manifestOf(config, readProfile('CD'), readCubes());
    await world.restored.begin(restoredText({ ...made, complete: false }));
    expect(await world.ledger.claim(target, 'me', own)).toEqual({ alienManifest: restoredText({ ...made, complete: false }) });
    await world.restored.describe(restoredText(made));
    expect(await world.ledger.claim(target, 'me', own)).toEqual({ alienManifest: restoredText(made) });
    expect(parseRestored(await world.reader.manifest())).toMatchObject(made);
  });

  test('it is not begun where somebody counts', async () => {
    await world.ledger.claim(target, 'me', '{"profile":"CD"}');
    expect(await world.restored.begin(restoredText(made))).toBe(false);
    expect(await world.reader.manifest()).toBe('{"profile":"CD"}');
  });
});

test('only queries read it, once it is whole', () => {
  expect(() => checkManifest(restoredText(made), config)).toThrow('namespace restored was restored from the aggregate topics and is not counted');
  expect(checkReadable(restoredText(made), config)).toMatchObject({ generation: 2 });
  expect(() => checkReadable(restoredText({ ...made, complete: false }), config)).toThrow('was not restored to its end');
  expect(() => checkReadable(restoredText({ ...made, partitions: 8 }), config)).toThrow('TIDEWAITER_PARTITIONS');
  expect(checkReadable(manifestOf(config, readProfile('CD'), readCubes()), config)).toBeUndefined();
  expect(checkReadable(undefined, config)).toBeUndefined();
});

/** schemas/cubes, read by eye. */
test('figures that go to no topic are none of its own', () => {
  const cubes = readCubes();
  expect(publishedFigures(cubes).sort()).toEqual([
    'precursors/list-substance-flow-partner-level/day', 'precursors/list-substance-flow-partner-level/month',
    'revenue/office-taxType-chapter/month', 'statistics/flow-chapter-partner/month',
  ]);
  const kept = cubesOfRestored(cubes, { ...made, kept: publishedFigures(cubes) });
  expect(kept.operations.combinations.flatMap(({ grains }) => grains)).toEqual([]);
  expect(kept.revenue.combinations.filter(({ grains }) => grains.length > 0)).toMatchObject([{ id: 'office-taxType-chapter', grains: ['month'] }]);
});
