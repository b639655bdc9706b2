import type { RawDeclaration } from '../domain/declaration';
import type { OutgoingRecord, Sink } from '../shell/ports';
import type { FeedLine } from './feed-line';
import { sendFile, type SendFilePorts } from './send-file';

async function* lines(count: number, faultyEvery = 0): AsyncIterable<FeedLine> {
  for (let line = 1; line <= count; line++) {
    if (faultyEvery > 0 && line % faultyEvery === 0) yield { line, faults: [{ field: 'version', problem: 'is missing' }], unknownFields: [] };
    else yield { line, declaration: { declarationId: `D${line}` } as RawDeclaration, faults: [], unknownFields: line === 1 ? ['colour'] : [] };
  }
}

function fake() {
  const sends: OutgoingRecord[][] = [];
  let outstanding = 0;
  let most = 0;
  let clock = 0;
  const sink: Sink = {
    send: async (records) => {
      most = Math.max(most, ++outstanding);
      sends.push([...records]);
      await new Promise((resolve) => setImmediate(resolve));
      outstanding--;
      return [];
    },
    close: async () => undefined,
  };
  const ports: SendFilePorts = { sink, encode: ({ declarationId }) => Buffer.from(declarationId), partitionOf: (id) => id.length, now: () => clock, delay: async (milliseconds) => { clock += milliseconds; } };
  return { sends, ports, most: () => most, clock: () => clock };
}
const quiet = { stopped: () => false, onFaults: () => undefined, onProgress: () => undefined };

test('everything is sent once, in order, one send at a time', async () => {
  const { sends, ports, most } = fake();
  expect(await sendFile(lines(2_500), ports, quiet)).toEqual({ sent: 2_500, faulty: 0, unknownFields: 1 });
  expect(sends.map((records) => records.length)).toEqual([1_000, 1_000, 500]);
  expect(sends.flat().map(({ key }) => key)).toEqual(Array.from({ length: 2_500 }, (_, index) => `D${index + 1}`));
  expect(sends[0]?.[0]).toMatchObject({ topic: 'customs.declarations.raw.v1', partition: 2, key: 'D1' });
  expect(most()).toBe(1);
});

test('faulty lines are handed over and do not stop the others', async () => {
  const { ports } = fake();
  const faulty: number[] = [];
  expect(await sendFile(lines(10, 4), ports, { ...quiet, onFaults: ({ line }) => faulty.push(line) })).toEqual({ sent: 8, faulty: 2, unknownFields: 1 });
  expect(faulty).toEqual([4, 8]);
});

test('a rate is kept: 300 declarations at 100 a second take about three seconds', async () => {
  const { ports, clock, sends } = fake();
  await sendFile(lines(300), ports, { ...quiet, rate: 100 });
  expect(sends[0]).toHaveLength(2);
  expect(clock()).toBeGreaterThanOrEqual(2_800);
  expect(clock()).toBeLessThanOrEqual(3_000);
});

test('a stop ends after what is on its way, and says how many went out', async () => {
  const { ports, sends } = fake();
  const result = await sendFile(lines(5_000), ports, { ...quiet, stopped: () => sends.length >= 2 });
  expect(result.sent).toBe(2_000);
});

test('a send that fails for good fails the feed', async () => {
  const { ports } = fake();
  const broken: SendFilePorts = { ...ports, sink: { send: () => Promise.reject(new Error('closed')), close: async () => undefined } };
  await expect(sendFile(lines(2_500), broken, quiet)).rejects.toThrow('closed');
});
