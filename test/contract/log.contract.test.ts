/** What every adapter of the port `Log` promises. On the real broker when TIDEWAITER_TEST_STACK is set. */
import { assert, integer, property, string } from 'fast-check';
import { Partitioners, type PartitionMetadata } from 'kafkajs';
import { partitionOf } from '../../services/shell/partition-of';
import type { FetchedBatch, Log, LogInspector, OutgoingRecord, Sink, Source, SourceRecord, TopicPartition } from '../../services/shell/ports';
import type { StageName, TopicName } from '../../services/topology';
import { kafkaWorld, memoryWorld, PARTITIONS, type LogWorld } from '../support/log-worlds';
import { RecordingHandlers } from '../support/recording-handlers';
import { describeOnStack } from '../support/test-stack';
import { pause, until } from '../support/until';

test('a key goes into the partition that the client and Java programs choose', () => {
  expect(partitionOf('21', 1_000)).toBe((-973932308 & 0x7fffffff) % 1_000);
  expect(partitionOf('foobar', 1_000)).toBe((-790332482 & 0x7fffffff) % 1_000);
  const ofClient = Partitioners.DefaultPartitioner();
  const metadataOf = (partitions: number): PartitionMetadata[] => Array.from({ length: partitions }, (_, partitionId) => ({ partitionId, leader: 0, partitionErrorCode: 0, replicas: [], isr: [] }));
  const same = (key: string, partitions: number): boolean => partitionOf(key, partitions) === ofClient({ topic: '', partitionMetadata: metadataOf(partitions), message: { key, value: null } });
  assert(property(string({ unit: 'binary' }), integer({ min: 1, max: 1_000 }), same), { numRuns: 2_000 });
  expect(same('long '.repeat(10_000), 997)).toBe(true);
});

describe('memory', () => contract(memoryWorld));
describeOnStack('kafka', () => contract(kafkaWorld));

function contract(makeWorld: () => Promise<LogWorld>): void {
  let world: LogWorld;
  let log: Log;
  let sink: Sink;
  let inspector: LogInspector;
  let sources: Source[] = [];
  jest.setTimeout(60_000);

  beforeEach(async () => {
    world = await makeWorld();
    log = world.log();
    sink = await log.sink();
    inspector = await log.inspector();
    sources = [];
  });
  afterEach(async () => {
    await Promise.all(sources.map((source) => source.stop()));
    await sink.close();
    await inspector.close();
    await log.close();
    await world.close();
  });

  const record = (value: string, partition = 0, topic: TopicName = world.stamped): OutgoingRecord => ({ topic, partition, key: `key ${value}`, value: Buffer.from(value) });
  const numbered = (count: number, partition = 0, from = 0): OutgoingRecord[] => Array.from({ length: count }, (_, index) => record(String(from + index), partition));
  const texts = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, index) => String(from + index));
  async function member(stage: StageName, handlers: RecordingHandlers, by: Log = log): Promise<Source> {
    const source = by.source(stage, [world.stamped]);
    sources.push(source);
    await source.start(handlers);
    return source;
  }
  const everything = (handlers: RecordingHandlers): Promise<void> => until('all partitions assigned', () => handlers.owned.length === PARTITIONS);
  const target = (partition: number): TopicPartition => ({ topic: world.stamped, partition });

  describe('sink', () => {
    test('a record goes to the partition that it names, whatever its key', async () => {
      await sink.send([0, 1, 2, 3].map((partition) => ({ ...record(`to ${partition}`, partition), key: 'one key' })));
      for (const partition of [0, 1, 2, 3]) expect((await inspector.read({ ...target(partition), offset: 0 }, 10)).map(({ value }) => String(value))).toEqual([`to ${partition}`]);
    });

    test('key, value, headers and null values arrive as they were sent, and later changes of the buffer change nothing', async () => {
      const value = Buffer.from('bytes \u0000 ÿ');
      const sent = Buffer.from(value);
      await sink.send([{ ...target(1), key: Buffer.from([0, 255]), value: sent, headers: [{ key: 'a', value: Buffer.from('1') }, { key: 'b', value: Buffer.from([0]) }] }, { ...target(1), key: 'k', value: null }]);
      sent.fill(0);
      const [first, second] = await inspector.read({ ...target(1), offset: 0 }, 10);
      expect(first).toMatchObject({ offset: 0, key: Buffer.from([0, 255]), value, headers: [{ key: 'a', value: Buffer.from('1') }, { key: 'b', value: Buffer.from([0]) }] });
      expect(second).toMatchObject({ offset: 1, key: Buffer.from('k'), value: null });
    });

    test('acknowledges each partition with the first offset; stamps where the topic is stamped by the broker', async () => {
      await sink.send(numbered(3));
      const beforeMs = Date.now();
      const acknowledgements = await sink.send([record('a', 0), record('b', 0), record('c', 2), record('d', 1, world.unstamped)]);
      const of = (topic: TopicName, partition: number) => acknowledgements.find((found) => found.topic === topic && found.partition === partition);
      expect(of(world.stamped, 0)?.baseOffset).toBe(3);
      expect(of(world.stamped, 2)?.baseOffset).toBe(0);
      expect(of(world.unstamped, 1)).toMatchObject({ baseOffset: 0, logAppendTime: -1 });
      expect([await inspector.stampedByBroker(world.stamped), await inspector.stampedByBroker(world.unstamped)]).toEqual([true, false]);
      const stamp = of(world.stamped, 0)?.logAppendTime ?? 0;
      expect(Math.abs(stamp - beforeMs)).toBeLessThan(10_000);
      const read = await inspector.read({ ...target(0), offset: 3 }, 10);
      expect(read.map(({ timestamp }) => timestamp)).toEqual([stamp, stamp]);
    });

    test('one send at a time: a second one is refused, the first arrives', async () => {
      const first = sink.send([record('first')]);
      await expect(sink.send([record('second')])).rejects.toThrow('outstanding');
      await first;
      await sink.send([record('third')]);
      expect((await inspector.read({ ...target(0), offset: 0 }, 10)).map(({ value }) => String(value))).toEqual(['first', 'third']);
    });

    test('more than the broker takes in one batch arrives whole and in order', async () => {
      const large = Array.from({ length: 30 }, (_, index): OutgoingRecord => ({ ...target(3), key: 'k', value: Buffer.alloc(100_000, index) }));
      const acknowledgements = await sink.send([...large, record('small', 1)]);
      expect(acknowledgements.filter(({ partition }) => partition === 3).length).toBeGreaterThan(2);
      const read = await inspector.read({ ...target(3), offset: 0 }, 100);
      expect(read.map(({ value }) => value?.[0])).toEqual(large.map((_, index) => index));
    });

    test('stretches are read without what lies between them, in order within a partition, as far as the log has them', async () => {
      for (let round = 0; round < 6; round++) await sink.send([0, 1, 2].flatMap((partition) => Array.from({ length: 5 }, (_, index) => record(`${round * 5 + index}`, partition))));
      const found: string[] = [];
      await inspector.readStretches(world.stamped, [
        { partition: 1, from: 20, to: 22 }, { partition: 0, from: 3, to: 4 }, { partition: 1, from: 4, to: 7 }, { partition: 0, from: 28, to: 99 }, { partition: 3, from: 0, to: 10 },
      ], (partition, { offset, value }) => found.push(`${partition}/${offset} ${String(value)}`));
      expect(found.filter((each) => each.startsWith('0'))).toEqual(['0/3 3', '0/28 28', '0/29 29']);
      expect(found.filter((each) => each.startsWith('1'))).toEqual(['1/4 4', '1/5 5', '1/6 6', '1/20 20', '1/21 21']);
      expect(found).toHaveLength(8);
      await inspector.readStretches(world.stamped, [{ partition: 2, from: 40, to: 50 }, { partition: 2, from: 7, to: 7 }], () => found.push('nothing lies there'));
      expect(found).toHaveLength(8);
    });

    test('nothing to send is acknowledged by nothing', async () => { expect(await sink.send([])).toEqual([]); });

    test('after closing a send is rejected', async () => {
      const other = await log.sink();
      await other.send([record('before')]);
      await other.close();
      await expect(other.send([record('after')])).rejects.toThrow();
      expect((await inspector.offsets(world.stamped))[0]?.end).toBe(1);
    });
  });

  describe('source', () => {
    test('delivers each partition in order, without gaps between batches', async () => {
      const handlers = new RecordingHandlers();
      await sink.send([...numbered(250, 0), ...numbered(250, 2)]);
      await member(world.freshStage(), handlers);
      await until('the first part', () => handlers.covered(0) === 250 && handlers.covered(2) === 250);
      await sink.send(numbered(50, 0, 250));
      await until('the second part', () => handlers.covered(0) === 300);
      expect(handlers.values(0)).toEqual(texts(0, 300));
      expect(handlers.values(2)).toEqual(texts(0, 250));
      handlers.of(0).reduce((next, batch) => { expect(batch.from).toBe(next); expect(batch.end).toBeGreaterThanOrEqual(batch.next); return batch.next; }, 0);
      expect(handlers.of(0).flatMap(({ records }) => records.map(({ offset }) => offset))).toEqual(texts(0, 300).map(Number));
    });

    test('delivers nothing before assigned has answered, and revokes first', async () => {
      await sink.send(numbered(10));
      const handlers = new RecordingHandlers();
      let answer: () => void = () => undefined;
      const asked = new Promise<void>((resolve) => { answer = resolve; });
      handlers.startAt = async (at) => { await asked; return { ...at, offset: 0 }; };
      await member(world.freshStage(), handlers);
      await until('assigned is asked', () => handlers.events.includes('assigned'));
      await pause(500);
      expect(handlers.batches).toEqual([]);
      expect(handlers.events.indexOf('revoked')).toBeLessThan(handlers.events.indexOf('assigned'));
      answer();
      await until('delivery', () => handlers.covered(0) === 10);
      expect(handlers.events.indexOf('fetched 0')).toBeGreaterThan(handlers.events.indexOf('answered'));
    });

    test('reads where the stage says, not where the group stands; leaves out what is stopped', async () => {
      await sink.send([0, 1, 2, 3].flatMap((partition) => numbered(10, partition)));
      const handlers = new RecordingHandlers();
      handlers.startAt = (at) => (at.partition === 3 ? { ...at, stopped: 'a hole' } : { ...at, offset: at.partition * 3 });
      await member(world.freshStage(), handlers);
      await until('three partitions', () => [0, 1, 2].every((partition) => handlers.covered(partition) === 10));
      await pause(200);
      expect(handlers.values(1)).toEqual(texts(3, 10));
      expect(handlers.values(2)).toEqual(texts(6, 10));
      expect(handlers.of(3)).toEqual([]);
    });

    test('assigned is asked again after it failed', async () => {
      await sink.send(numbered(5));
      const handlers = new RecordingHandlers();
      let failures = 2;
      handlers.startAt = (at) => { if (at.partition === 0 && failures-- > 0) throw new Error('the store is away'); return { ...at, offset: 0 }; };
      await member(world.freshStage(), handlers);
      await until('delivery', () => handlers.covered(0) === 5);
      expect(handlers.values(0)).toEqual(texts(0, 5));
    });

    test('seek begins a partition that the stage had stopped', async () => {
      await sink.send([...numbered(20), ...numbered(5, 1)]);
      const handlers = new RecordingHandlers();
      handlers.startAt = (at) => (at.partition === 0 ? { ...at, stopped: 'is read elsewhere first' } : { ...at, offset: 0 });
      const source = await member(world.freshStage(), handlers);
      await until('the others', () => handlers.covered(1) === 5);
      expect(handlers.of(0)).toEqual([]);
      source.seek({ ...target(0), offset: 15 });
      await until('what was stopped', () => handlers.covered(0) === 20);
      expect(handlers.values(0)).toEqual(texts(15, 20));
    });

    test('seek reads on from there, back and forth', async () => {
      await sink.send(numbered(20));
      const handlers = new RecordingHandlers();
      const source = await member(world.freshStage(), handlers);
      await until('all', () => handlers.covered(0) === 20);
      source.seek({ ...target(0), offset: 15 });
      await until('again', () => handlers.values(0).length === 25);
      expect(handlers.values(0).slice(20)).toEqual(texts(15, 20));
      await sink.send(numbered(1, 0, 20));
      await until('on', () => handlers.covered(0) === 21);
      expect(handlers.values(0).slice(25)).toEqual(['20']);
      expect(handlers.events.filter((event) => event === 'assigned')).toHaveLength(1);
    });

    test('seek while a batch is being taken: the next batch begins there', async () => {
      await sink.send(numbered(20));
      const handlers = new RecordingHandlers();
      const source = log.source(world.freshStage(), [world.stamped]);
      let done = false;
      handlers.room = async (batch) => {
        if (done || batch.partition !== 0) return;
        done = true;
        source.seek({ ...target(0), offset: 7 });
        await pause(100);
      };
      sources.push(source);
      await source.start(handlers);
      await until('again', () => handlers.of(0).length >= 2 && handlers.covered(0) === 20);
      expect(handlers.of(0)[1]?.from).toBe(7);
    });

    test('waits until there is room, per partition', async () => {
      const handlers = new RecordingHandlers();
      let release: () => void = () => undefined;
      const full = new Promise<void>((resolve) => { release = resolve; });
      handlers.room = (batch: FetchedBatch) => (batch.partition === 0 ? full : Promise.resolve());
      await sink.send(numbered(150, 0));
      await member(world.freshStage(), handlers);
      await until('the first batch', () => handlers.of(0).length === 1);
      await sink.send([...numbered(100, 0, 150), ...numbered(100, 1)]);
      await until('the other partition', () => handlers.covered(1) === 100);
      await pause(300);
      expect(handlers.of(0)).toHaveLength(1);
      release();
      await until('the rest', () => handlers.covered(0) === 250);
      expect(handlers.values(0)).toEqual(texts(0, 250));
    });

    test('positions cover offsets without records, in the middle and at the end', async () => {
      await sink.send(numbered(3));
      await world.hole(target(0));
      await sink.send(numbered(2, 0, 3));
      await world.hole(target(0));
      const handlers = new RecordingHandlers();
      await member(world.freshStage(), handlers);
      await until('the end', () => handlers.covered(0) === 9);
      expect(handlers.values(0)).toEqual(texts(0, 5));
      handlers.of(0).reduce((next, batch) => { expect(batch.from).toBe(next); return batch.next; }, 0);
      await sink.send(numbered(1, 0, 5));
      await until('on', () => handlers.covered(0) === 10);
      expect(handlers.values(0)).toEqual(texts(0, 6));
    });

    test.each([['before', 2], ['behind', 100]])('a position %s the log is given back to the stage, never skipped silently', async (_where, outside) => {
      await sink.send(numbered(10));
      await world.deleteBefore({ ...target(0), offset: 5 });
      const handlers = new RecordingHandlers();
      let asked = 0;
      handlers.startAt = (at) => ({ ...at, offset: at.partition > 0 ? 0 : asked++ === 0 ? outside : 5 });
      await member(world.freshStage(), handlers);
      await until('delivery', () => handlers.covered(0) === 10);
      expect(handlers.values(0)).toEqual(texts(5, 10));
      expect(handlers.commits.slice(1).flat()).toEqual([{ ...target(0), offset: outside, metadata: '' }]);
    });

    test('a position outside the log is asked for again where the stage could not judge it at once', async () => {
      await sink.send(numbered(10));
      await world.deleteBefore({ ...target(0), offset: 5 });
      const handlers = new RecordingHandlers();
      let asked = 0;
      handlers.startAt = (at) => {
        if (at.partition > 0) return { ...at, offset: 0 };
        asked++;
        if (asked === 2 || asked === 3) throw new Error('the broker is away');
        return { ...at, offset: asked === 1 ? 2 : 5 };
      };
      await member(world.freshStage(), handlers);
      await until('delivery', () => handlers.covered(0) === 10);
      expect(handlers.values(0)).toEqual(texts(5, 10));
    });

    test('a client that is given up is followed by another one, which goes on', async () => {
      await sink.send(numbered(5));
      const handlers = new RecordingHandlers();
      const stage = world.freshStage();
      const source = await member(stage, handlers);
      await until('delivery', () => handlers.covered(0) === 5);
      await source.commit([{ ...target(0), offset: 5, metadata: '' }]);
      source.restart('a test');
      source.restart('a test');
      expect(handlers.owned).toEqual([]);
      await until('owned again', () => handlers.owned.length === PARTITIONS);
      await sink.send(numbered(3, 0, 5));
      await until('on', () => handlers.covered(0) === 8);
      expect(handlers.values(0)).toEqual(texts(0, 8));
      await until('one member', async () => (await inspector.members(stage)) === 1);
    });

    test('a hole that the stage stops at stays stopped', async () => {
      await sink.send(numbered(10));
      await world.deleteBefore({ ...target(0), offset: 5 });
      const handlers = new RecordingHandlers();
      let asked = 0;
      handlers.startAt = (at) => (at.partition === 0 && asked++ > 0 ? { ...at, stopped: 'a hole' } : { ...at, offset: at.partition === 0 ? 2 : 0 });
      await member(world.freshStage(), handlers);
      await until('asked again', () => asked === 2);
      await sink.send(numbered(3, 0, 10));
      await pause(500);
      expect(handlers.of(0)).toEqual([]);
    });
  });

  describe('group', () => {
    test('a position outside the log is not forgotten: the next member learns of it', async () => {
      await sink.send(numbered(10));
      await world.deleteBefore({ ...target(0), offset: 5 });
      const stage = world.freshStage();
      const handlers = new RecordingHandlers();
      let asked = 0;
      handlers.startAt = (at) => (at.partition === 0 && asked++ > 0 ? { ...at, stopped: 'a hole' } : { ...at, offset: at.partition === 0 ? 2 : 0 });
      const first = await member(stage, handlers);
      await until('stopped', () => asked === 2);
      await first.stop();
      const second = new RecordingHandlers();
      second.startAt = (at) => ({ ...at, stopped: 'only asked' });
      await member(stage, second);
      await until('asked', () => second.owned.length === PARTITIONS);
      expect(second.commits[0]?.filter(({ partition }) => partition === 0)).toHaveLength(1);
      expect((await inspector.committed(stage, world.stamped)).map(({ partition }) => partition)).toEqual([0]);
    });

    test('a commit with its text is what the next member is given', async () => {
      await sink.send(numbered(10));
      const stage = world.freshStage();
      const first = new RecordingHandlers();
      const source = await member(stage, first);
      await everything(first);
      await source.commit([{ ...target(0), offset: 4, metadata: 'set 7' }]);
      await source.commit([]);
      await source.stop();
      expect(first.owned).toEqual([]);
      expect(await inspector.committed(stage, world.stamped)).toEqual([{ ...target(0), offset: 4, metadata: 'set 7' }]);
      const second = new RecordingHandlers();
      await member(stage, second);
      await until('delivery', () => second.covered(0) === 10);
      expect(second.commits[0]).toEqual([{ ...target(0), offset: 4, metadata: 'set 7' }]);
      expect(second.values(0)).toEqual(texts(4, 10));
    });

    test('members share the partitions; when one leaves the others take over', async () => {
      const stage = world.freshStage();
      const [first, second] = [new RecordingHandlers(), new RecordingHandlers()];
      await member(stage, first);
      await everything(first);
      const leaving = await member(stage, second, world.log());
      await until('two each', () => first.owned.length === 2 && second.owned.length === 2);
      expect([...first.owned, ...second.owned].map(({ partition }) => partition).sort()).toEqual([0, 1, 2, 3]);
      expect(first.events.lastIndexOf('revoked')).toBeLessThan(first.events.lastIndexOf('assigned'));
      first.batches.length = second.batches.length = 0;
      await sink.send([0, 1, 2, 3].map((partition) => record('one', partition)));
      await until('all delivered', () => first.batches.length + second.batches.length === 4);
      for (const { partition } of second.batches) expect(second.owned.map((owned) => owned.partition)).toContain(partition);
      await leaving.stop();
      await everything(first);
      await leaving.stop();
    });

    test('a group has members only while somebody reads', async () => {
      const stage = world.freshStage();
      expect(await inspector.members(stage)).toBe(0);
      const source = await member(stage, new RecordingHandlers());
      expect(await inspector.members(stage)).toBe(1);
      await source.stop();
      await until('it has left', async () => (await inspector.members(stage)) === 0);
    });

    test('a former member commits nothing', async () => {
      const stage = world.freshStage();
      const handlers = new RecordingHandlers();
      const source = await member(stage, handlers);
      await everything(handlers);
      await source.commit([{ ...target(0), offset: 1, metadata: '' }]);
      await world.expel(stage, source);
      await expect(source.commit([{ ...target(0), offset: 9, metadata: 'zombie' }])).rejects.toThrow();
      expect(await inspector.committed(stage, world.stamped)).toEqual([{ ...target(0), offset: 1, metadata: '' }]);
    });

    test('a member that has left commits nothing, and does not believe that it did', async () => {
      const stage = world.freshStage();
      const handlers = new RecordingHandlers();
      const source = await member(stage, handlers);
      await everything(handlers);
      await source.stop();
      await expect(source.commit([{ ...target(0), offset: 9, metadata: 'gone' }])).rejects.toThrow();
      expect(await inspector.committed(stage, world.stamped)).toEqual([]);
    });
  });

  describe('inspector', () => {
    test('offsets, and records of one partition, bounded', async () => {
      await sink.send([...numbered(10, 1), ...numbered(3, 2)]);
      await world.deleteBefore({ ...target(1), offset: 4 });
      expect(await inspector.offsets(world.stamped)).toEqual([{ partition: 0, start: 0, end: 0 }, { partition: 1, start: 4, end: 10 }, { partition: 2, start: 0, end: 3 }, { partition: 3, start: 0, end: 0 }]);
      const read = async (partition: number, offset: number, limit: number): Promise<string[]> => (await inspector.read({ ...target(partition), offset }, limit)).map(({ value }) => String(value));
      expect(await read(1, 6, 2)).toEqual(['6', '7']);
      expect(await read(1, 8, 100)).toEqual(['8', '9']);
      expect(await read(1, 10, 1)).toEqual([]);
      expect(await read(0, 0, 1)).toEqual([]);
      expect(await inspector.committed(world.freshStage(), world.stamped)).toEqual([]);
    });

    test('offsetsAt: the first record of that time or later, the end where there is none', async () => {
      await sink.send(numbered(3));
      await pause(30);
      await sink.send([...numbered(2), ...numbered(1, 1)]);
      const [before, first, last] = (await inspector.read({ ...target(0), offset: 2 }, 3)).map(({ timestamp }) => timestamp) as [number, number, number];
      const at = async (timestampMs: number): Promise<number[]> => (await inspector.offsetsAt(world.stamped, timestampMs)).map(({ offset }) => offset);
      // The partitions of one call are stamped one after the other, so only the time between the calls says the same of all.
      expect(await at(before + 1)).toEqual([3, 0, 0, 0]);
      expect((await at(first))[0]).toBe(3);
      expect((await at(last + 1))[0]).toBe(5);
      expect(await at(first + 60_000)).toEqual([5, 1, 0, 0]);
    });

    test('records in front of a hole at the end are read without waiting for more', async () => {
      await sink.send(numbered(3));
      await world.hole(target(0));
      const read = await Promise.race([inspector.read({ ...target(0), offset: 1 }, 10), pause(10_000).then(() => 'still waiting' as const)]);
      expect(read === 'still waiting' ? read : read.map(({ value }) => String(value))).toEqual(['1', '2']);
    });

    test('readAll: every record, each partition in order; an empty topic ends at once', async () => {
      const found = new Map<number, string[]>();
      const each = (partition: number, { value }: SourceRecord): void => { found.set(partition, [...(found.get(partition) ?? []), String(value)]); };
      await inspector.readAll(world.stamped, each);
      expect(found.size).toBe(0);
      await sink.send([...numbered(120, 0), ...numbered(7, 3)]);
      await world.hole(target(3));
      await inspector.readAll(world.stamped, each);
      expect(found).toEqual(new Map([[0, texts(0, 120)], [3, texts(0, 7)]]));
    });

    test('readRanges: exactly what lies in them, holes covered, each batch when the one before was taken', async () => {
      await sink.send([...numbered(250, 0), ...numbered(7, 3), ...numbered(5, 1)]);
      await world.hole(target(3));
      await sink.send(numbered(3, 3, 7));
      const found = new Map<number, FetchedBatch[]>();
      let taking = 0;
      await inspector.readRanges([{ ...target(0), from: 10, next: 240 }, { ...target(1), from: 5, next: 5 }, { ...target(3), from: 2, next: 11 }], async (batch) => {
        if (batch.partition === 0) expect(++taking).toBe(1);
        await pause(20);
        if (batch.partition === 0) taking--;
        found.set(batch.partition, [...(found.get(batch.partition) ?? []), batch]);
      });
      const values = (partition: number): string[] => (found.get(partition) ?? []).flatMap(({ records }) => records.map(({ value }) => String(value)));
      expect(values(0)).toEqual(texts(10, 240));
      expect(values(3)).toEqual(texts(2, 9));
      expect([...found.keys()].sort()).toEqual([0, 3]);
      for (const [partition, [from, next]] of [[0, [10, 240]], [3, [2, 11]]] as const) {
        expect((found.get(partition) ?? []).reduce<number>((at, batch) => { expect(batch.from).toBe(at); return batch.next; }, from)).toBe(next);
      }
    });

    test('readRanges rejects where the log does not hold a range, and with what the taker rejects with', async () => {
      await sink.send(numbered(10, 0));
      await world.deleteBefore({ ...target(0), offset: 4 });
      const take = async (): Promise<void> => undefined;
      await expect(inspector.readRanges([{ ...target(0), from: 2, next: 10 }], take)).rejects.toThrow('does not hold offsets 2 to 9');
      await expect(inspector.readRanges([{ ...target(0), from: 4, next: 11 }], take)).rejects.toThrow('does not hold offsets 4 to 10');
      await expect(inspector.readRanges([{ ...target(0), from: 4, next: 10 }], async () => { throw new Error('the disk is full'); })).rejects.toThrow('the disk is full');
    });
  });

  test('tail: from the beginning; resolves when caught up; goes on; stops', async () => {
    await sink.send([...numbered(120, 0), record('other', 1, world.unstamped)]);
    await world.hole(target(0));
    const found: string[] = [];
    const tail = await log.tail([world.stamped, world.unstamped], (topic, partition, { value }) => { found.push(`${topic === world.stamped ? 's' : 'u'}${partition} ${String(value)}`); });
    expect(found.filter((line) => line.startsWith('s0'))).toEqual(texts(0, 120).map((text) => `s0 ${text}`));
    expect(found.filter((line) => line.startsWith('u'))).toEqual(['u1 other']);
    await sink.send([record('later', 2)]);
    await until('the later record', () => found.includes('s2 later'));
    await tail.stop();
    await sink.send([record('unseen', 2)]);
    await pause(200);
    expect(found).not.toContain('s2 unseen');
  });

  test('tail: from the end; what was there is not read, what comes is', async () => {
    await sink.send([...numbered(120, 0)]);
    const found: string[] = [];
    const tail = await log.tail([world.stamped], (_topic, partition, { value }) => { found.push(`${partition} ${String(value)}`); }, 'end');
    /** It resolves before its client listens. */
    for (let sent = 0; found.length === 0 && sent < 200; sent++) {
      await sink.send([record(`later ${sent}`, 0)]);
      await pause(50);
    }
    await tail.stop();
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter((line) => !line.startsWith('0 later'))).toEqual([]);
  });

}
