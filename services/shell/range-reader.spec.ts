import { limits } from '../limits';
import { rawTopic } from '../topology';
import type { FetchedBatch, OffsetRange, Source, SourceHandlers, SourceRecord, TroubleListener } from './ports';
import { readRanges } from './range-reader';

const record = (offset: number, text = String(offset)): SourceRecord => ({ offset, timestamp: offset, key: null, value: Buffer.from(text), headers: [] });
const batch = (from: number, next: number, records: readonly SourceRecord[] = Array.from({ length: next - from }, (_, index) => record(from + index)), partition = 0): FetchedBatch => ({ topic: rawTopic, partition, from, next, end: 100, records });
const target = { topic: rawTopic, partition: 0 };

/** A source that the test plays. */
class Played implements Source {
  handlers!: SourceHandlers;
  stopped = false;
  onTrouble: TroubleListener = () => undefined;
  begun: () => void = () => undefined;
  readonly opened = new Promise<void>((resolve) => { this.begun = resolve; });
  async start(handlers: SourceHandlers): Promise<void> { this.handlers = handlers; this.begun(); }
  async commit(): Promise<void> { throw new Error('nothing is committed'); }
  seek(): void { throw new Error('nobody seeks'); }
  restart(): void { throw new Error('nobody restarts'); }
  async stop(): Promise<void> { this.stopped = true; }
}

let source: Played;
let held: { start: number; end: number } | undefined;
beforeEach(() => { source = new Played(); held = { start: 0, end: 100 }; });
afterEach(() => { jest.restoreAllMocks(); });

async function reading(range: Omit<OffsetRange, 'topic' | 'partition'>, each?: (batch: FetchedBatch) => Promise<void>): Promise<{ done: Promise<void>; taken: string[] }> {
  const taken: string[] = [];
  const done = readRanges((onTrouble) => { source.onTrouble = onTrouble; return source; }, [{ ...target, ...range }], async () => held, async (part) => {
    taken.push(`${part.from}-${part.next}: ${part.records.map(({ value }) => String(value)).join(' ')}`);
    await each?.(part);
  });
  done.catch(() => undefined);
  await source.opened;
  return { done, taken };
}

test('hands over what lies in the range, from batch to batch, and leaves', async () => {
  const { done, taken } = await reading({ from: 2, next: 7 });
  expect(await source.handlers.assigned([target, { ...target, partition: 1 }], [])).toEqual([{ ...target, offset: 2 }, { ...target, partition: 1, stopped: expect.any(String) }]);
  await source.handlers.fetched(batch(2, 4));
  await source.handlers.fetched(batch(4, 6, [record(5)]));
  await source.handlers.fetched(batch(6, 9));
  await done;
  expect(taken).toEqual(['2-4: 2 3', '4-6: 5', '6-7: 6']);
  expect(source.stopped).toBe(true);
});

test('given its partition anew it goes on behind the last record, once that has come again', async () => {
  const { done, taken } = await reading({ from: 0, next: 6 });
  await source.handlers.assigned([target], []);
  await source.handlers.fetched(batch(0, 3));
  source.handlers.revoked();
  expect(await source.handlers.assigned([target], [])).toEqual([{ ...target, offset: 2 }]);
  await source.handlers.fetched(batch(2, 5));
  await source.handlers.fetched(batch(5, 6));
  await done;
  expect(taken).toEqual(['0-3: 0 1 2', '3-5: 3 4', '5-6: 5']);
});

test('another record in the place of the last one ends it', async () => {
  const { done, taken } = await reading({ from: 0, next: 6 });
  await source.handlers.assigned([target], []);
  await source.handlers.fetched(batch(0, 3));
  await source.handlers.assigned([target], []);
  await source.handlers.fetched(batch(2, 4, [record(2, 'other'), record(3)]));
  await expect(done).rejects.toThrow('its record at offset 2 is not the one that was read');
  expect(taken).toEqual(['0-3: 0 1 2']);
});

test('the last record may have been compacted away, or deleted, meanwhile', async () => {
  const { done, taken } = await reading({ from: 0, next: 6 });
  await source.handlers.assigned([target], []);
  await source.handlers.fetched(batch(0, 3));
  await source.handlers.assigned([target], []);
  await source.handlers.fetched(batch(2, 4, [record(3)]));
  held = { start: 4, end: 100 };
  expect(await source.handlers.assigned([target], [])).toEqual([{ ...target, offset: 4 }]);
  await source.handlers.fetched(batch(4, 6));
  await done;
  expect(taken).toEqual(['0-3: 0 1 2', '3-4: 3', '4-6: 4 5']);
});

test.each([[{ start: 1, end: 100 }], [{ start: 0, end: 5 }], [undefined]])('a log that holds %j does not hold 0 to 5', async (now) => {
  held = now;
  const { done } = await reading({ from: 0, next: 6 });
  await source.handlers.assigned([target], []);
  await expect(done).rejects.toThrow('does not hold offsets 0 to 5');
});

test('what the taker rejects with ends it; nothing is handed over behind that', async () => {
  const { done, taken } = await reading({ from: 0, next: 6 }, async () => { throw new Error('the disk is full'); });
  await source.handlers.assigned([target], []);
  await source.handlers.fetched(batch(0, 2));
  await source.handlers.fetched(batch(2, 4));
  await expect(done).rejects.toThrow('the disk is full');
  expect(taken).toEqual(['0-2: 0 1']);
});

test('silence ends it, with what the source said last; taking that takes long is none', async () => {
  jest.replaceProperty(limits, 'readerSilenceMs', 60 as never);
  jest.replaceProperty(limits, 'progressLineMs', 10 as never);
  let release: () => void = () => undefined;
  const { done } = await reading({ from: 0, next: 6 }, () => new Promise((resolve) => { release = resolve; }));
  await source.handlers.assigned([target], []);
  const taking = source.handlers.fetched(batch(0, 2));
  let ended = false;
  done.catch(() => { ended = true; });
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(ended).toBe(false);
  release();
  await taking;
  source.onTrouble('the broker is away');
  await expect(done).rejects.toThrow('the log has brought nothing for 0.06 s: the broker is away');
  expect(source.stopped).toBe(true);
});

test('nothing wanted is nothing read', async () => {
  await readRanges(() => { throw new Error('opened'); }, [{ ...target, from: 4, next: 4 }], async () => held, async () => undefined);
});
