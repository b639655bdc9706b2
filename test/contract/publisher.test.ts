/** What the publisher does where the topics or the store are not as it left them: on the in-memory broker and store. */
import { avroType, Encoder } from '../../services/shell/avro/codec';
import { schemaWithout, topicSchema } from '../../services/shell/avro/schema-files';
import { limits } from '../../services/limits';
import { subjectOf } from '../../services/topology';
import { MemoryFigureReader } from '../../services/shell/memory/memory-figure-reader';
import { PublishingWorld, revenueTopic } from '../support/publishing-world';
import { pause, until } from '../support/until';

jest.setTimeout(30_000);

describe('the publisher', () => {
  let world: PublishingWorld;
  beforeEach(async () => { world = new PublishingWorld(); await world.open(); });
  afterEach(() => world.close());

  test('a send that was given up and comes late lies behind a newer record, and compaction would keep it: the cell is told anew', async () => {
    await world.publish();
    let total = 0;
    const add = async (amount: number): Promise<void> => { await world.add(amount); await world.told(total += amount); };
    const highest = (): number => Math.max(...world.records().map((record) => record?.revision ?? -1));
    await add(100);
    /** The send that is late may be one of positions: then once more. */
    do {
      world.broker.failSends('late');
      await add(50);
      await add(7);
    } while (world.broker.releaseLateAppends() === 0 || world.last()?.revision === highest());
    const before = highest();
    expect(world.last()?.assessed).toBeLessThan(total);
    await world.told(total);
    expect(world.last()?.revision).toBeGreaterThan(before);
    world.broker.compact(revenueTopic);
    expect(world.records().map((record) => record?.assessed)).toEqual([total]);
  });

  test('a store that went back in time has entries again that were published: they are let go', async () => {
    await world.add(100);
    const before = world.store.snapshot();
    await world.publish();
    await world.told(100);
    const reader = world.store.reader();
    await until('the list is empty', async () => (await reader.changesLength()) === 0);
    world.store.restore(before);
    expect(await reader.changesLength()).toBe(1);
    await until('the list is empty again', async () => (await reader.changesLength()) === 0);
    expect(world.records().every((record) => record?.assessed === 100)).toBe(true);
  });

  test('a cell that no figure stands behind is withdrawn: zero, then a tombstone; when it comes again it is told above both', async () => {
    await world.publish();
    const empty = world.store.snapshot();
    await world.add(100);
    await world.told(100);
    await world.stop();
    await world.countedOtherwise(empty);
    await world.publish();
    await until('it is withdrawn', () => world.last() === null);
    await world.add(70);
    await world.told(70);
    const records = world.records();
    const told = records.map((record) => record?.assessed ?? null);
    /** A figure is told once more when its month turns final. */
    expect(told.filter((assessed, index) => assessed !== told[index - 1])).toEqual([100, 0, null, 70]);
    expect(records.at(-1)?.revision).toBeGreaterThan(records[told.indexOf(0)]?.revision ?? Infinity);
  });

  test('a cell that the list of hashes leaves out, and the store has, is not withdrawn', async () => {
    await world.add(100);
    await world.publish();
    await world.told(100);
    await world.stop();
    const names = jest.spyOn(MemoryFigureReader.prototype, 'hashNames').mockImplementation(async function* none() { yield* [] as string[]; });
    await world.publish();
    await world.add(1);
    await world.told(101);
    names.mockRestore();
    expect(world.records().map((record) => record?.assessed ?? null)).toEqual([100, 101]);
  });

  test('positions that another release wrote, with another schema, still say that the store is behind', async () => {
    const older = schemaWithout(topicSchema(revenueTopic), ['adjustments']);
    const id = await world.registry.register(subjectOf(revenueTopic), JSON.stringify(older));
    const at = { revision: 5, generation: 0, writer: 'before', status: 'PROVISIONAL', definitions: '', combination: '', grain: '', period: '', periodFrom: 0, periodTo: 0, office: null, taxType: null, chapter: null, origin: null, procedure: null, currency: 'CDF', assessed: 0n, relief: 0n, collected: 0n, refunded: 0n, deposits: 0n, lines: 0, streamTime: 0 };
    const value = new Encoder(id, avroType(older)).encode({ ...at, kind: 'POSITIONS', sourceOffsets: { 'customs.declarations.enriched.v1/0': 1_000 } });
    await world.append('@positions', value);
    await world.registry.register(subjectOf(revenueTopic), `${JSON.stringify(topicSchema(revenueTopic))} `);
    await world.publish();
    await world.add(100);
    await pause(1_500);
    expect(world.records()).toEqual([]);
  });

  test('a publisher that slept through its lease compares everything: meanwhile figures may have been counted anew, which lists no change', async () => {
    const leaseMs = limits.publisherLeaseMs;
    let wake: () => void = () => undefined;
    const hold = jest.spyOn(MemoryFigureReader.prototype, 'holdLease');
    try {
      await world.publish();
      await world.add(100);
      await world.told(100);
      /** A month that turns final is told once more, whatever is listed. */
      await until('it is final', () => world.last()?.status === 'FINAL');
      Object.assign(limits, { publisherLeaseMs: 200 });
      const asleep = new Promise<void>((resolve) => { wake = resolve; });
      let sleeps = false;
      hold.mockImplementation(async () => { sleeps = true; await asleep; return true; });
      await until('it sleeps', () => sleeps);
      await world.add(50, undefined, false);
      await pause(250);
      hold.mockRestore();
      wake();
      await world.told(150);
    } finally {
      hold.mockRestore();
      wake();
      Object.assign(limits, { publisherLeaseMs: leaseMs });
    }
  });

  test('comparing that takes longer than a lease keeps it, and is done once', async () => {
    const leaseMs = limits.publisherLeaseMs;
    const names = Array.from({ length: 6 }, (_, number) => `2026-0${number + 1}`);
    let compared = 0;
    /** Each hash a fifth of a lease, all of them longer than one. */
    const listed = jest.spyOn(MemoryFigureReader.prototype, 'hashNames').mockImplementation(async function* slow(prefix: string) {
      if (prefix.startsWith('revenue/')) compared++;
      for (const month of prefix.startsWith('revenue/') ? names : []) { await pause(200); yield prefix + month; }
    });
    try {
      await world.add(100);
      Object.assign(limits, { publisherLeaseMs: 1_000 });
      await world.publish();
      await world.told(100);
      await pause(2_500);
      expect(compared).toBe(1);
    } finally {
      listed.mockRestore();
      Object.assign(limits, { publisherLeaseMs: leaseMs });
    }
  });

  test('a change list that grew beyond its limit lets entries go, and everything is compared: no cell is left out', async () => {
    const before = { ...limits };
    Object.assign(limits, { changeListEntries: 6, changedEntriesPerRead: 2 });
    try {
      await world.publish();
      await world.add(100);
      await world.told(100);
      const names = Array.from({ length: 12 }, (_, number) => `OFF${String(number).padStart(2, '0')}|CUD|87`);
      for (const name of names) await world.add(1, name);
      expect(await world.store.reader().changesLength()).toBeLessThanOrEqual(6);
      await until('all are told', () => world.cellsTold().length === names.length + 1);
      await until('the list is worked off', async () => (await world.store.reader().changesLength()) === 0, 8_000);
    } finally {
      Object.assign(limits, before);
    }
  });

  test('books that do not balance although nothing is on the way are an alarm, until they do', async () => {
    const before = { ...limits };
    Object.assign(limits, { publishConfirmMs: 50, publishConfirmSoonMs: 50 });
    try {
      await world.publish();
      await world.book(1);
      await until('the alarm', () => world.state.currentAlarms['books']?.includes('0 records were received, and 1 counted') === true);
      await world.book(-1);
      await until('all is well again', () => world.state.currentAlarms['books'] === undefined);
    } finally {
      Object.assign(limits, before);
    }
  });

  test('figures of another namespace do not go to the topics of the live ones', async () => {
    await expect(world.publish({ TIDEWAITER_NAMESPACE: 'rebuilt' })).rejects.toThrow('must be live, is rebuilt');
  });

  test('while the store catches up the change list does not grow', async () => {
    await world.publish();
    await world.add(100);
    await world.told(100);
    await world.stop();
    const empty = world.store.snapshot();
    world.store.figures.flush();
    await world.publish();
    const key = '{tw:live:0}:changed';
    for (let entry = 0; entry < 50; entry++) world.store.figures.appendChange(key, `entry ${entry}`, Infinity);
    await until('it is empty', async () => (await world.store.reader().changesLength()) === 0);
    world.store.restore(empty);
  });
});
