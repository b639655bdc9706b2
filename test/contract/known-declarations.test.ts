/** An owner that found a ledger empty knows what it has not got since; one that takes figures over knows nothing of the kind. */
import { initialPosition } from '../../services/domain/position';
import { IdFilter } from '../../services/shell/id-filter';
import { PartitionOwner } from '../../services/shell/partition-owner';
import { countedTopic } from '../../services/topology';
import { incrementsOf } from '../support/increments';
import { storeWorlds, type StoreWorld } from '../support/store-worlds';

const target = { topic: countedTopic, partition: 0 } as const;
const BYTES = 4_096;

describe.each(storeWorlds)('%s', (_name, open) => {
  let world: StoreWorld;
  beforeEach(() => { world = open(); });
  afterEach(() => world.close());

  async function claimed(filterBytes: number): Promise<PartitionOwner> {
    const claim = await PartitionOwner.claim(world.ledger, target, 'manifest', { start: 0, end: 10 }, 0, filterBytes);
    if (!('owner' in claim)) throw new Error(claim.stopped);
    return claim.owner;
  }
  const entered = (owner: PartitionOwner, id: string, next: number): Promise<unknown> =>
    owner.apply({ ...initialPosition(next, 10), last: `0/${next}` }, { increments: incrementsOf([]), entries: new Map([[id, Buffer.from('facts')]]), index: new Map(), changed: '' });

  test('of an empty ledger it knows what was written, and nothing else', async () => {
    const owner = await claimed(BYTES);
    expect([owner.mayKnow('D1'), owner.mayKnow('D2')]).toEqual([false, false]);
    expect(await entered(owner, 'D1', 1)).toBe('applied');
    expect([owner.mayKnow('D1'), owner.mayKnow('D2')]).toEqual([true, false]);
  });

  test('who takes figures over asks for everything, and so does who keeps no filter', async () => {
    expect(await entered(await claimed(BYTES), 'D1', 1)).toBe('applied');
    const [successor, plain] = [await claimed(BYTES), await claimed(0)];
    expect([successor.mayKnow('D1'), successor.mayKnow('D2'), plain.mayKnow('D2')]).toEqual([true, true, true]);
  });

  test('who takes a partition over before anything was counted knows as much as who was there first', async () => {
    await claimed(BYTES);
    const successor = await claimed(BYTES);
    expect(await entered(successor, 'D1', 1)).toBe('applied');
    expect([successor.mayKnow('D1'), successor.mayKnow('D2')]).toEqual([true, false]);
  });

  test('an entry whose writing was not answered counts as written', async () => {
    const owner = await claimed(BYTES);
    jest.spyOn(world.ledger, 'apply').mockReturnValueOnce(new Promise(() => undefined));
    void entered(owner, 'D1', 1);
    expect(owner.mayKnow('D1')).toBe(true);
  });
});

test('the filter of a replay knows nearly every new declaration of millions', () => {
  const filter = new IdFilter(BYTES);
  for (let number = 0; number < 1_000; number++) filter.add(`D${number}`);
  const taken = Array.from({ length: 10_000 }, (_, number) => filter.mayHave(`N${number}`)).filter(Boolean).length;
  /** As full as 8 MB are with two million: 7. */
  expect(taken).toBeLessThan(30);
});
