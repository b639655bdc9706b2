/**
 * A partition whose leader changed while its reader stayed: records may have been lost and their offsets given to
 * others. The reader's own adapter, on a client whose batches are given by the test.
 */
import type { EachBatchPayload, Kafka } from 'kafkajs';
import pino from 'pino';
import { KafkaInspector } from '../../services/shell/kafka/kafka-inspector';
import { KafkaSource } from '../../services/shell/kafka/kafka-source';
import type { FetchedBatch, StartPosition, TopicPartition } from '../../services/shell/ports';
import { countedTopic } from '../../services/topology';
import { pause } from '../support/until';

const target = { topic: countedTopic, partition: 0 } as const;

class GivenClient {
  private readonly listeners = new Map<string, (event: { payload: object }) => void>();
  private eachBatch: ((payload: EachBatchPayload) => Promise<void>) | undefined;
  readonly seeks: number[] = [];

  get kafka(): Kafka {
    const events = Object.fromEntries(['GROUP_JOIN', 'REBALANCING', 'CRASH', 'END_BATCH_PROCESS', 'DISCONNECT'].map((name) => [name, name]));
    const nothing = async (): Promise<void> => undefined;
    return {
      admin: () => ({ connect: nothing, disconnect: nothing, fetchOffsets: async () => [] }),
      consumer: () => ({
        events, connect: nothing, subscribe: nothing, disconnect: nothing, pause: () => undefined, resume: () => undefined,
        on: (name: string, listener: (event: { payload: object }) => void) => { this.listeners.set(name, listener); },
        seek: ({ offset }: { offset: string }) => { this.seeks.push(Number(offset)); },
        run: async (options: { eachBatch: (payload: EachBatchPayload) => Promise<void> }) => { this.eachBatch = options.eachBatch; },
      }),
    } as unknown as Kafka;
  }

  async join(): Promise<void> {
    this.listeners.get('GROUP_JOIN')?.({ payload: { memberAssignment: { [target.topic]: [target.partition] } } });
    await pause(20);
  }

  /** Records from an offset on, each taken by the leader of that epoch. */
  async deliver(from: number, epochs: readonly number[]): Promise<void> {
    const messages = epochs.map((partitionLeaderEpoch, index) => ({ offset: from + index, timestamp: 0, key: null, value: null, headers: [], batchContext: { partitionLeaderEpoch } }));
    const batch = { ...target, messages, fetchedOffset: String(from), highWatermark: String(from + epochs.length), lastOffset: () => String(from + epochs.length - 1) };
    await this.eachBatch?.({ batch, isStale: () => false } as unknown as EachBatchPayload);
  }
}

async function reading(): Promise<{ client: GivenClient; takenOver: TopicPartition[]; offsets: () => number[]; answer: { current: StartPosition } }> {
  const client = new GivenClient();
  const takenOver: TopicPartition[] = [];
  const fetched: FetchedBatch[] = [];
  const answer: { current: StartPosition } = { current: { ...target, offset: 0 } };
  await new KafkaSource(client.kafka, 'group', [countedTopic], pino({ level: 'silent' }), () => undefined).start({
    revoked: () => undefined,
    assigned: async (partitions) => { takenOver.push(...partitions); return [answer.current]; },
    fetched: async (batch) => { fetched.push(batch); },
  });
  await client.join();
  return { client, takenOver, answer, offsets: () => fetched.flatMap(({ records }) => records.map(({ offset }) => offset)) };
}

describe('a partition that gets another leader while it is read', () => {
  test('nothing behind it is handed over before the stage has taken the partition over again, from where it says', async () => {
    const { client, takenOver, offsets, answer } = await reading();
    await client.deliver(0, [3, 3]);
    answer.current = { ...target, offset: 1 };
    await client.deliver(2, [4, 4]);
    expect(takenOver).toHaveLength(2);
    expect(offsets()).toEqual([0, 1]);
    expect(client.seeks.at(-1)).toBe(1);
    await client.deliver(1, [3, 4, 4]);
    expect(offsets()).toEqual([0, 1, 1, 2, 3]);
    await client.deliver(4, [4]);
    expect(takenOver).toHaveLength(2);
  });

  test('a fetch that ends with the last record of the leader before, time after time, is no reason to begin again for ever', async () => {
    const { client, takenOver, offsets, answer } = await reading();
    await client.deliver(0, [3, 3]);
    answer.current = { ...target, offset: 1 };
    await client.deliver(2, [4, 4]);
    await client.deliver(1, [3]);
    await client.deliver(2, [4, 4]);
    expect(takenOver).toHaveLength(2);
    expect(offsets()).toEqual([0, 1, 1, 2, 3]);
  });

  test('a leader after that one is another one', async () => {
    const { client, takenOver, offsets, answer } = await reading();
    await client.deliver(0, [3, 3]);
    answer.current = { ...target, offset: 1 };
    await client.deliver(2, [4, 4]);
    await client.deliver(1, [3]);
    await client.deliver(2, [5]);
    expect(takenOver).toHaveLength(3);
    expect(offsets()).toEqual([0, 1, 1]);
  });

  test('a partition that the stage stops is read no more', async () => {
    const { client, offsets, answer } = await reading();
    await client.deliver(0, [3, 3]);
    answer.current = { ...target, stopped: 'another log' };
    await client.deliver(2, [4]);
    await client.deliver(3, [4]);
    expect(offsets()).toEqual([0, 1]);
  });

  test('an answer that holds records of both leaders is one log', async () => {
    const both = await reading();
    await both.client.deliver(0, [3]);
    await both.client.deliver(1, [3, 4]);
    expect(both.offsets()).toEqual([0, 1, 2]);
  });
});

test('offsets are asked of the leader of now: a connection that knows the one before is exchanged, once for all who ask', async () => {
  let connections = 0;
  const offsets = [{ partition: 0, offset: '7', low: '0', high: '7' }];
  const admin = (number: number): object => ({
    connect: async () => { connections++; }, disconnect: async () => undefined,
    fetchTopicOffsets: async () => { if (number === 1) throw Object.assign(new Error('not the leader'), { type: 'NOT_LEADER_FOR_PARTITION' }); return offsets; },
  });
  let number = 0;
  const inspector = await KafkaInspector.connect({ admin: () => admin(++number) } as unknown as Kafka, () => { throw new Error('nothing is read'); });
  const answers = await Promise.all([inspector.offsets(countedTopic), inspector.offsets(countedTopic)]);
  expect(answers).toEqual([[{ partition: 0, start: 0, end: 7 }], [{ partition: 0, start: 0, end: 7 }]]);
  expect(connections).toBe(2);
});
