/** What the store of signed-off figures promises, in memory and in Redis: copies as of one moment, cells before seals, nothing seen without a seal. */
import { incrementsOf } from '../support/increments';
import { storeWorlds, type StoreWorld } from '../support/store-worlds';
import { testStack } from '../support/test-stack';
import { countedTopic } from '../../services/topology';

const target = { topic: countedTopic, partition: 0 } as const;
const [hash, other] = ['revenue/office/day/2026-03-15', 'revenue/office/month/2026-03'];
if (!testStack) test.skip('redis: no stack was given', () => undefined);

describe.each(storeWorlds)('%s', (_name, open) => {
  let world: StoreWorld;
  beforeEach(() => { world = open(); });
  afterEach(() => world.close());

  const add = async (from: string, to: string, amount: number): Promise<void> => {
    expect(await world.ledger.apply(target, 'A', from, to, { increments: incrementsOf([[hash, [['KIN:assessed', amount]]]]), entries: new Map(), index: new Map(), changed: '' })).toBe('applied');
  };
  const figures = (fields: Record<string, string>): Map<string, string> => new Map(Object.entries(fields));

  test('copies are of one moment, with the position that they reflect; what came later is not in them', async () => {
    await world.ledger.claim(target, 'A', 'manifest');
    await add('', 'p1', 5);
    const positions = await world.closed.copy('2026-03', [hash, other]);
    expect(positions.find(({ topic, partition }) => topic === countedTopic && partition === 0)?.position).toBe('p1');
    await add('p1', 'p2', 7);
    expect(await world.closed.copied('2026-03', hash)).toEqual(figures({ 'KIN:assessed': '5' }));
    expect(await world.closed.copied('2026-03', other)).toEqual(new Map());
  });

  test('a second copy replaces the first, also where a hash is gone', async () => {
    await world.ledger.claim(target, 'A', 'manifest');
    await add('', 'p1', 5);
    await world.closed.copy('2026-03', [hash]);
    await world.reader.unlink([hash]);
    await world.closed.copy('2026-03', [hash]);
    expect(await world.closed.copied('2026-03', hash)).toEqual(new Map());
    await world.closed.discardCopies('2026-03', [hash, other]);
    expect(await world.closed.copied('2026-03', hash)).toEqual(new Map());
  });

  test('readers see nothing of a period before it is sealed, and everything then', async () => {
    const { closed } = world;
    await closed.put(world.period, hash, figures({ 'KIN:assessed': '9223372036854775807', 'KIN:lines': '-1' }));
    expect(await closed.readClosed(world.period, [hash], 10)).toBeUndefined();
    expect(await closed.readClosedCells(world.period, [{ hash, fields: ['KIN:assessed'] }])).toBeUndefined();
    expect(await closed.frozenSizes(world.period, [hash])).toBeUndefined();
    await closed.seal(world.period, '{"seal":1}');
    expect((await closed.seals()).get(world.period)).toBe('{"seal":1}');
    expect(await closed.readClosed(world.period, [hash, other], 10)).toEqual([{ hash, fields: figures({ 'KIN:assessed': '9223372036854775807', 'KIN:lines': '-1' }) }, { hash: other, fields: new Map() }]);
    expect(await closed.readClosed(world.period, [hash], 1)).toEqual({ tooManyFields: 2 });
    expect(await closed.readClosedCells(world.period, [{ hash, fields: ['KIN:lines', 'KIN:none'] }, { hash: other, fields: ['KIN:assessed'] }])).toEqual(['-1', null, null]);
    expect(await closed.frozenSizes(world.period, [hash, other])).toEqual([2, 0]);
    expect([...new Set(await closed.frozenNames(world.period))]).toEqual([hash]);
    await closed.unseal(world.period, [hash]);
    expect(await closed.readClosed(world.period, [hash], 10)).toBeUndefined();
    expect((await closed.seals()).has(world.period)).toBe(false);
    expect(await closed.frozenNames(world.period)).toEqual([]);
  });

  test('a store that takes no writes is waited for, and what was asked for is there in the end', async () => {
    await world.refuseWrites(true);
    const put = world.closed.put(world.period, hash, figures({ 'KIN:assessed': '1' }));
    await new Promise((next) => setTimeout(next, 300));
    await world.refuseWrites(false);
    await put;
    await world.closed.seal(world.period, '{}');
    expect(await world.closed.readClosed(world.period, [hash], 10)).toEqual([{ hash, fields: figures({ 'KIN:assessed': '1' }) }]);
  });
});
