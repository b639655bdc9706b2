import type { FetchedBatch, Source, SourceHandlers } from './ports';
import { countedTopic } from '../topology';
import { LimitedSource } from './limited-source';

const record = (offset: number): FetchedBatch['records'][number] => ({ offset, timestamp: 0, key: null, value: null, headers: [] });
const batch = (from: number, next: number, offsets: readonly number[]): FetchedBatch => ({ topic: countedTopic, partition: 0, from, next, end: 100, records: offsets.map(record) });
const place = `${countedTopic}/0`;

class Inner implements Source {
  handlers!: SourceHandlers;
  async start(handlers: SourceHandlers): Promise<void> { this.handlers = handlers; }
  async commit(): Promise<void> { /* nothing to keep */ }
  restart(): void { /* never */ }
  seek(): void { /* nowhere to go */ }
  async stop(): Promise<void> { /* nothing runs */ }
}

async function limited(limit: number): Promise<{ inner: Inner; source: LimitedSource; passed: string[] }> {
  const inner = new Inner();
  const source = new LimitedSource(inner, { [place]: limit });
  const passed: string[] = [];
  await source.start({ revoked: () => { passed.push('revoked'); }, assigned: async () => [], fetched: async ({ from, next, records }) => { passed.push(`${from}-${next}: ${records.map(({ offset }) => offset).join(' ')}`); } });
  return { inner, source, passed };
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('hands over what lies before the limit, holes too, and nothing behind it', async () => {
  const { inner, source, passed } = await limited(5);
  let done = false;
  void inner.handlers.fetched(batch(0, 9, [0, 1, 4, 6, 8])).then(() => { done = true; });
  await turn();
  expect(passed).toEqual(['0-5: 0 1 4']);
  expect(done).toBe(false);
  source.raise({ [place]: 7 });
  await turn();
  expect(passed).toEqual(['0-5: 0 1 4', '5-7: 6']);
  source.raise({ [place]: 20 });
  await turn();
  expect(passed).toEqual(['0-5: 0 1 4', '5-7: 6', '7-9: 8']);
  expect(done).toBe(true);
});

test('a partition that nobody named waits; one that was taken away is forgotten', async () => {
  const { inner, source, passed } = await limited(5);
  const held = inner.handlers.fetched({ ...batch(0, 3, [0]), partition: 1 });
  await turn();
  expect(passed).toEqual([]);
  inner.handlers.revoked();
  await held;
  source.raise({ [`${countedTopic}/1`]: 3 });
  await turn();
  expect(passed).toEqual(['revoked']);
});
