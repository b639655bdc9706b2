import { MemoryBroker } from '../shell/memory/memory-broker';
import { MemoryLog } from '../shell/memory/memory-log';
import { rawTopic } from '../topology';
import { redrive, REDRIVE_HEADER } from './redrive';
import type { RedriveCandidate } from './selection';

const candidate = (partition: number, offset: number): RedriveCandidate => ({ rejectId: `ingest-${partition}-${offset}`, origin: { partition, offset, timestamp: 1 }, stage: 'ingest', code: 'E', codes: ['E'], declarationId: null });

test('the same bytes under the same key, where the key belongs; alike content once; what is gone is named', async () => {
  const broker = new MemoryBroker({ partitions: 2 });
  const log = new MemoryLog(broker);
  const [inspector, sink] = [await log.inspector(), await log.sink()];
  const record = (partition: number, text: string, headers = [{ key: 'from', value: Buffer.from('gateway') }]) => ({ topic: rawTopic, partition, key: `D-${text}`, value: Buffer.from(text), headers });
  await sink.send([record(0, 'lost'), record(0, 'a'), record(0, 'b'), record(1, 'a')]);
  broker.deleteBefore({ topic: rawTopic, partition: 0, offset: 1 });
  const partitionOf = (key: string): number => log.partitionOf(key, 2);
  const answer = await redrive([candidate(0, 0), candidate(0, 1), candidate(0, 2), candidate(1, 0)], { inspector, sink, partitionOf });
  expect(answer).toEqual({ sent: 2, alike: 1, missing: ['ingest-0-0'] });
  const again = [0, 1].flatMap((partition) => (broker.partition({ topic: rawTopic, partition }).fetch(partition === 0 ? 3 : 1, 10)?.records ?? []).map((sent) => ({ partition, sent })));
  expect(again.map(({ partition, sent: { key, value, headers } }) => [partition, key?.toString(), value?.toString(), headers.map((header) => `${header.key}=${header.value.toString()}`)]).sort()).toEqual([
    [partitionOf('D-a'), 'D-a', 'a', ['from=gateway', `${REDRIVE_HEADER}=ingest-0-1`]],
    [partitionOf('D-b'), 'D-b', 'b', ['from=gateway', `${REDRIVE_HEADER}=ingest-0-2`]],
  ].sort());
});

test('nothing is read and nothing sent when nothing is meant', async () => {
  const refuse = (): never => { throw new Error('not needed'); };
  expect(await redrive([], { inspector: { readAll: refuse }, sink: { send: refuse }, partitionOf: refuse })).toEqual({ sent: 0, alike: 0, missing: [] });
});
