/** What the figures' store promises, in memory and in Redis: compare and set, all or nothing, fenced by token and position. */
import type { FigureChange } from '../../services/shell/figure-store';
import { limits } from '../../services/limits';
import { incrementsOf } from '../support/increments';
import { storeWorlds, type StoreWorld } from '../support/store-worlds';
import { testStack } from '../support/test-stack';
import { countedTopic } from '../../services/topology';

const target = { topic: countedTopic, partition: 0 } as const;
const other = { ...target, partition: 1 } as const;
const day = '2026-03-15';
const hash = 'revenue/office/day/2026-03-15';
const change = (amounts: Readonly<Record<string, number | bigint>>, entries: Readonly<Record<string, string>> = {}, changed = '', index: Readonly<Record<string, readonly string[]>> = {}): FigureChange => ({
  increments: incrementsOf([[hash, Object.entries(amounts)]]), entries: new Map(Object.entries(entries).map(([id, text]) => [id, Buffer.from(text)])), index: new Map(Object.entries(index)), changed,
});
const INT64_MAX = 2n ** 63n - 1n;

if (!testStack) test.skip('redis: no stack was given', () => undefined);

describe.each(storeWorlds)('%s', (_name, open) => {
  let world: StoreWorld;
  beforeEach(() => { world = open(); });
  afterEach(() => world.close());

  const cells = async (maxFields = 1_000): Promise<Record<string, string>> => {
    const answer = await world.reader.readFigures([hash], maxFields);
    return 'hashes' in answer ? Object.fromEntries(answer.hashes[0]?.fields ?? []) : {};
  };
  const owned = async (token = 'A', position = 'p0'): Promise<void> => {
    await world.ledger.claim(target, token, 'manifest');
    expect(await world.ledger.apply(target, token, '', position, change({}))).toBe('applied');
  };

  test('what it uses of its memory, and what it may', async () => {
    await world.fill(true);
    const full = await world.reader.memoryUse();
    await world.fill(false);
    expect(full.usedBytes).toBeGreaterThanOrEqual(full.mostBytes);
    expect(full.mostBytes).toBe(1);
    expect(await world.reader.memoryUse()).toMatchObject({ mostBytes: 0 });
  });

  test('figures, ledger, index of days, change list and position change together', async () => {
    await owned();
    expect(await world.ledger.apply(target, 'A', 'p0', 'p1', change({ 'KIN:assessed': 5, 'KIN:lines': 1 }, { D1: 'facts' }, `${hash}\tKIN`, { [day]: ['D1'] }))).toBe('applied');
    expect(await cells()).toEqual({ 'KIN:assessed': '5', 'KIN:lines': '1' });
    expect(await world.ledger.readLedger(target, ['D1', 'D2'])).toEqual({ position: 'p1', entries: [Buffer.from('facts'), null] });
    expect((await world.reader.changes(0, '-', 10)).map(({ changed }) => changed)).toEqual([`${hash}\tKIN`]);
    expect(await world.ledger.readIndex(target, [day])).toEqual(['D1']);
  });

  test('a second try of the same piece changes nothing, and says that it was done', async () => {
    await owned();
    const piece = change({ 'KIN:assessed': 5 });
    expect(await world.ledger.apply(target, 'A', 'p0', 'p1', piece)).toBe('applied');
    expect(await world.ledger.apply(target, 'A', 'p0', 'p1', piece)).toBe('already');
    expect(await cells()).toEqual({ 'KIN:assessed': '5' });
  });

  test('another position is moved, a former owner is fenced, an empty store is lost: nothing changes', async () => {
    await owned();
    expect(await world.ledger.apply(target, 'A', 'elsewhere', 'p1', change({ 'KIN:assessed': 5 }))).toBe('moved');
    await world.ledger.claim(target, 'B', 'manifest');
    expect(await world.ledger.apply(target, 'A', 'p0', 'p1', change({ 'KIN:assessed': 5 }))).toBe('fenced');
    expect(await cells()).toEqual({});
    await world.empty();
    expect(await world.ledger.apply(target, 'B', 'p0', 'p1', change({ 'KIN:assessed': 5 }))).toBe('lost');
    await world.ledger.claim(target, 'C', 'manifest');
    expect(await world.ledger.apply(target, 'C', 'p0', 'p1', change({ 'KIN:assessed': 5 }))).toBe('lost');
    expect(await cells()).toEqual({});
  });

  test('a claim answers where the figures stand; partitions do not disturb each other', async () => {
    await owned();
    expect(await world.ledger.claim(target, 'B', 'manifest')).toEqual({ position: 'p0' });
    expect(await world.ledger.claim(other, 'C', 'manifest')).toEqual({ position: '' });
    expect(await world.ledger.apply(other, 'C', '', 'q0', change({ 'KIN:lines': 1 }))).toBe('applied');
    expect(await world.ledger.apply(target, 'B', 'p0', 'p1', change({ 'KIN:lines': 1 }))).toBe('applied');
    expect(await cells()).toEqual({ 'KIN:lines': '2' });
  });

  test('a namespace made of something else is not touched', async () => {
    await owned();
    expect(await world.ledger.claim(target, 'B', 'another manifest')).toEqual({ alienManifest: 'manifest' });
    expect(await world.ledger.apply(target, 'A', 'p0', 'p1', change({}))).toBe('applied');
  });

  test('claimed anew, whatever the namespace was made of: who knows it as that can neither go on nor claim', async () => {
    await world.ledger.claim(target, 'A', 'manifest');
    await world.ledger.apply(target, 'A', '', 'p0', change({}));
    expect(await world.ledger.claimAnew(target, 'B', 'another manifest')).toBe('p0');
    expect(await world.ledger.claimAnew(other, 'C', 'another manifest')).toBe('');
    expect(await world.ledger.apply(target, 'A', 'p0', 'p1', change({}))).toBe('fenced');
    expect(await world.ledger.claim(target, 'A2', 'manifest')).toEqual({ alienManifest: 'another manifest' });
    expect(await world.ledger.claim(target, 'D', 'another manifest')).toEqual({ position: 'p0' });
  });

  test('an overflow undoes the whole piece, and says where', async () => {
    await owned();
    expect(await world.ledger.apply(target, 'A', 'p0', 'p1', change({ 'KIN:assessed': INT64_MAX - 1n, 'MAT:assessed': -7 }))).toBe('applied');
    const answer = await world.ledger.apply(target, 'A', 'p1', 'p2', change({ 'MAT:assessed': 100, 'KIN:assessed': 2 }, { D1: 'facts' }, 'changed', { [day]: ['D1'] }));
    expect(answer).toMatchObject({ overflow: expect.stringContaining('KIN:assessed') as string });
    expect(await cells()).toEqual({ 'KIN:assessed': String(INT64_MAX - 1n), 'MAT:assessed': '-7' });
    expect(await world.ledger.readLedger(target, ['D1'])).toEqual({ position: 'p1', entries: [null] });
    expect(await world.ledger.readIndex(target, [day])).toEqual([]);
    expect(await world.reader.changesLength()).toBe(0);
  });

  test('sums of thousands of fields of a hash, short ones and ones that no double holds, are exact and are undone together', async () => {
    await owned();
    const fields = Array.from({ length: 4_500 }, (_, index) => `F${index}:assessed`);
    /** All short, then all long, then short ones on long sums, then mixed. */
    const amountOf = (index: number, turn: number): bigint => [BigInt(index) - 1_000n, 2n ** 53n + BigInt(2 * index + 1), 1n - BigInt(index), index % 3 === 0 ? -(2n ** 60n) : 7n][turn] as bigint;
    const next = (turn: number): Record<string, bigint> => Object.fromEntries(fields.map((field, index) => [field, amountOf(index, turn)]));
    for (let turn = 0; turn < 4; turn++) {
      expect(await world.ledger.apply(target, 'A', `p${turn}`, `p${turn + 1}`, change(next(turn)))).toBe('applied');
      const expected = fields.map((field, index) => [field, Array.from({ length: turn + 1 }, (_, before) => amountOf(index, before)).reduce((sum, amount) => sum + amount, 0n)] as const);
      expect(await cells(10_000)).toEqual(Object.fromEntries(expected.map(([field, sum]) => [field, String(sum)])));
    }
    const before = await cells(10_000);
    expect(await world.ledger.apply(target, 'A', 'p4', 'p5', change({ ...next(0), 'F2401:assessed': INT64_MAX }))).toMatchObject({ overflow: expect.stringContaining('F2401:assessed') as string });
    expect(await cells(10_000)).toEqual(before);
  });

  test('a store that takes no writes is no overflow: nothing is written, and later everything', async () => {
    await owned();
    const piece = change({ 'KIN:assessed': 5 }, { D1: 'facts' }, 'changed');
    await world.refuseWrites(true);
    try {
      expect(await world.ledger.apply(target, 'A', 'p0', 'p1', piece)).toMatchObject({ unwritable: expect.stringMatching(/NOREPLICAS|OOM/) as string });
    } finally {
      await world.refuseWrites(false);
    }
    expect(await cells()).toEqual({});
    expect(await world.ledger.readLedger(target, ['D1'])).toEqual({ position: 'p0', entries: [null] });
    expect(await world.ledger.apply(target, 'A', 'p0', 'p1', piece)).toBe('applied');
    expect(await cells()).toEqual({ 'KIN:assessed': '5' });
  });

  test('amounts beyond 2^53 stay exact', async () => {
    await owned();
    await world.ledger.apply(target, 'A', 'p0', 'p1', change({ 'KIN:assessed': 9_007_199_254_740_993n }));
    await world.ledger.apply(target, 'A', 'p1', 'p2', change({ 'KIN:assessed': 2 }));
    expect(await cells()).toEqual({ 'KIN:assessed': '9007199254740995' });
  });

  test('entries are let go under the same fence', async () => {
    await owned();
    await world.ledger.apply(target, 'A', 'p0', 'p1', change({}, { D1: 'one', D2: 'two' }));
    const all = new Map<string, number>();
    for (let bucket = 0; bucket < world.ledger.buckets; bucket++) for (const [id] of (await world.ledger.readBucket(target, bucket)).entries) all.set(id, bucket);
    expect([...all.keys()].sort()).toEqual(['D1', 'D2']);
    const bucket = all.get('D1') as number;
    expect(await world.ledger.forget(target, 'A', 'elsewhere', bucket, ['D1'])).toBe('moved');
    expect(await world.ledger.forget(target, 'B', 'p1', bucket, ['D1'])).toBe('fenced');
    expect(await world.ledger.forget(target, 'A', 'p1', bucket, ['D1'])).toBe('applied');
    expect((await world.ledger.readLedger(target, ['D1', 'D2'])).entries).toEqual([null, Buffer.from('two')]);
  });

  test('readers: values in the order asked with the positions they reflect, whole hashes within a bound, changes acknowledged up to one', async () => {
    await owned();
    await world.ledger.apply(target, 'A', 'p0', 'p1', change({ 'KIN:assessed': 5, 'KIN:lines': 1 }, {}, 'first'));
    await world.ledger.apply(target, 'A', 'p1', 'p2', change({ 'MAT:lines': 1 }, {}, 'second'));
    await world.ledger.apply(target, 'A', 'p2', 'p3', change({ 'MAT:lines': 1 }, {}, 'third'));
    const { values, positions } = await world.reader.readCells(0, [{ hash, fields: ['KIN:lines', 'KIN:relief'] }, { hash: 'none', fields: ['x'] }]);
    expect(values).toEqual(['1', null, null]);
    expect(positions.filter(({ position }) => position !== '')).toEqual([{ ...target, position: 'p3' }]);
    expect(await world.reader.readFigures([hash], 2)).toEqual({ tooManyFields: 3 });
    const [first, second, third] = await world.reader.changes(0, '-', 10);
    expect(await world.reader.changes(0, third?.id ?? '', 10)).toEqual([]);
    await world.reader.acknowledgeChanges(0, first?.id ?? '');
    expect((await world.reader.changes(0, '-', 10)).map(({ changed }) => changed)).toEqual(['second', 'third']);
    await world.reader.acknowledgeChanges(0, second?.id ?? '');
    await world.reader.acknowledgeChanges(0, first?.id ?? '');
    expect((await world.reader.changes(0, '-', 10)).map(({ changed }) => changed)).toEqual(['third']);
  });

  test('the index of days grows, answers each declaration once, is of a partition, and parts of it are let go', async () => {
    await owned();
    const long = 'é'.repeat(limits.declarationIdLength);
    await world.ledger.apply(target, 'A', 'p0', 'p1', change({}, {}, '', { [day]: ['D1', long], '2026-03-16': ['D1'] }));
    await world.ledger.apply(target, 'A', 'p1', 'p2', change({}, {}, '', { [day]: ['D2', 'D1'] }));
    expect((await world.ledger.readIndex(target, [day])).slice().sort()).toEqual(['D1', 'D2', long].sort());
    expect(await world.ledger.readIndex(target, ['2026-03-16', '2026-03-17'])).toEqual(['D1']);
    expect(await world.ledger.readIndex(other, [day])).toEqual([]);
    const names = async (): Promise<string[]> => { const found: string[] = []; for await (const name of world.reader.indexNames()) found.push(name); return found.sort(); };
    expect(await names()).toEqual([`0/${day}`, '0/2026-03-16']);
    await world.reader.unlinkIndex([`0/${day}`]);
    expect(await names()).toEqual(['0/2026-03-16']);
    await world.reader.drop();
    expect(await names()).toEqual([]);
  });

  test('figures and what makes them up are read as of one moment, each declaration once, within bounds', async () => {
    await owned();
    await world.ledger.claim(other, 'B', 'manifest');
    await world.ledger.apply(other, 'B', '', 'q1', change({ 'KIN:lines': 2 }, { D3: 'three' }, '', { [day]: ['D3'] }));
    await world.ledger.apply(target, 'A', 'p0', 'p1', change({ 'KIN:lines': 1 }, { D1: 'one', D2: 'two' }, '', { [day]: ['D1', 'gone', 'D1'], '2026-03-16': ['D1', 'D2'] }));
    const request = { positions: [target, other], counted: [target, other], days: [day, '2026-03-16', '2026-03-17'], hashes: [hash, 'none'], maxIndexBytes: 1_000 };
    const moment = await world.ledger.readMoment(request);
    if (!('entries' in moment)) throw new Error('too large');
    expect(moment.positions.map(({ position }) => position)).toEqual(['p1', 'q1']);
    expect(moment.hashes.map(({ fields }) => Object.fromEntries(fields))).toEqual([{ 'KIN:lines': '3' }, {}]);
    expect(moment.entries.map(({ partition, declarationId, entry }) => `${partition} ${declarationId} ${String(entry)}`)).toEqual(['0 D1 one', '0 D2 two', '1 D3 three']);
    expect(await world.ledger.readMoment({ ...request, maxIndexBytes: 20 })).toEqual({ tooLarge: true });
  });

  test('one holder of a lease; it can be kept, and given back', async () => {
    expect([await world.reader.holdLease('publisher', 'A', 60_000), await world.reader.holdLease('publisher', 'B', 60_000), await world.reader.holdLease('publisher', 'A', 60_000)]).toEqual([true, false, true]);
    await world.reader.releaseLease('publisher', 'B');
    expect(await world.reader.holdLease('publisher', 'B', 60_000)).toBe(false);
    await world.reader.releaseLease('publisher', 'A');
    expect(await world.reader.holdLease('publisher', 'B', 60_000)).toBe(true);
  });

  test('notes are kept, hashes are found by their beginning and let go', async () => {
    await owned();
    await world.ledger.apply(target, 'A', 'p0', 'p1', change({ 'KIN:lines': 1 }));
    await world.reader.setNote('horizon-minute', '5');
    expect([await world.reader.note('horizon-minute'), await world.reader.note('none')]).toEqual(['5', undefined]);
    const notes = { manifest: await world.reader.manifest(), notes: new Map([['horizon-minute', '5']]) };
    expect(notes.manifest).toBeDefined();
    expect(await world.reader.readNotes()).toEqual(notes);
    expect(await world.reader.readFigures([], 0)).toMatchObject({ notes: { before: notes, since: notes } });
    const names = async (): Promise<string[]> => { const found: string[] = []; for await (const name of world.reader.hashNames('revenue/office/day/')) found.push(name); return found; };
    expect(await names()).toEqual([hash]);
    await world.reader.unlink([hash]);
    expect(await names()).toEqual([]);
  });
});
