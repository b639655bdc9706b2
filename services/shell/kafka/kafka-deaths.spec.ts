/** Clients that die of what kafkajs does not restart after: the adapters begin anew, or say it. On a client that is made up: a real one dies of what no test can order. */
import { EventEmitter } from 'node:events';
import type { Kafka } from 'kafkajs';
import pino from 'pino';
import { KafkaSource } from './kafka-source';
import { followTopics } from './kafka-tail';

const events = { GROUP_JOIN: 'join', REBALANCING: 'rebalancing', CRASH: 'crash', END_BATCH_PROCESS: 'end', DISCONNECT: 'disconnect', COMMIT_OFFSETS: 'commit' };
class MadeUpConsumer extends EventEmitter {
  readonly events = events;
  disconnected = false;
  /** What a running client tells of a commit; one that does not run resolves and tells nothing. */
  running = true;
  async connect(): Promise<void> { /* nobody is there */ }
  async subscribe(): Promise<void> { /* nothing is read */ }
  async run(): Promise<void> { this.emit('join', { payload: { memberAssignment: {} } }); }
  async disconnect(): Promise<void> { this.disconnected = true; }
  override on(name: string, listener: (...given: unknown[]) => void): never {
    super.on(name, listener);
    return (() => super.off(name, listener)) as never;
  }
  async commitOffsets(positions: { topic: string; partition: number; offset: string }[]): Promise<void> {
    if (this.running) this.emit('commit', { payload: { topics: positions.map(({ topic, ...position }) => ({ topic, partitions: [position] })) } });
  }
  die(restart: boolean): void { this.emit('crash', { payload: { error: new Error('Snappy compression not implemented'), restart } }); }
}

function madeUp(prepare: (consumer: MadeUpConsumer, number: number) => void = () => undefined): { kafka: Kafka; consumers: MadeUpConsumer[]; admins: { open: number } } {
  const consumers: MadeUpConsumer[] = [];
  const admins = { open: 0 };
  const consumer = (): MadeUpConsumer => {
    const made = new MadeUpConsumer();
    prepare(made, consumers.push(made));
    return made;
  };
  const admin = () => ({ connect: async () => { admins.open++; }, disconnect: async () => { admins.open--; }, fetchTopicOffsets: async () => [{ partition: 0, low: '0', high: '1' }], deleteGroups: async () => undefined });
  return { kafka: { consumer, admin } as unknown as Kafka, consumers, admins };
}
const topic = 'customs.declarations.raw.v1';
const handlers = { revoked: () => undefined, assigned: async () => [], fetched: async () => undefined };
const logger = pino({ level: 'silent' });
const until = async (condition: () => boolean): Promise<void> => { while (!condition()) await new Promise((next) => setTimeout(next, 5)); };

test('a member whose client dies for good goes on with another client', async () => {
  const { kafka, consumers } = madeUp();
  const troubles: (string | undefined)[] = [];
  const source = new KafkaSource(kafka, 'group', [topic], logger, (trouble) => troubles.push(trouble));
  await source.start(handlers);
  consumers[0]!.die(true);
  expect(consumers).toHaveLength(1);
  consumers[0]!.die(false);
  await until(() => consumers.length === 2);
  expect([consumers[0]!.disconnected, troubles.at(-1)]).toEqual([true, 'consumer restarts: Snappy compression not implemented']);
  consumers[1]!.die(false);
  await until(() => consumers.length === 3);
  await source.stop();
  expect(consumers[2]!.disconnected).toBe(true);
});

test('a client that dies of the start is an error of the start', async () => {
  const { kafka } = madeUp((consumer) => { consumer.run = async () => consumer.die(false); });
  await expect(new KafkaSource(kafka, 'group', [topic], logger, () => undefined).start(handlers)).rejects.toThrow('Snappy');
});

test('a reader whose client dies before it has caught up rejects, and leaves nothing open', async () => {
  const { kafka, consumers, admins } = madeUp((consumer) => { consumer.run = async () => { setTimeout(() => consumer.die(false), 5); }; });
  await expect(followTopics(kafka, [topic], () => undefined)).rejects.toThrow('Snappy');
  expect([consumers[0]!.disconnected, admins.open]).toEqual([true, 0]);
});

test('a reader that cannot start leaves nothing open', async () => {
  const { kafka, admins } = madeUp((consumer) => { consumer.connect = async () => { throw new Error('no broker'); }; });
  await expect(followTopics(kafka, [topic], () => undefined)).rejects.toThrow('no broker');
  expect(admins.open).toBe(0);
});

test('a reader whose client dies later goes on with another one, and says so', async () => {
  const { kafka, consumers, admins } = madeUp((consumer) => { consumer.run = async () => { setTimeout(() => consumer.emit('end', { payload: { topic, partition: 0, lastOffset: '0' } }), 5); }; });
  const troubles: (string | undefined)[] = [];
  const tail = await followTopics(kafka, [topic], () => undefined, (trouble) => troubles.push(trouble));
  consumers[0]!.die(false);
  await until(() => consumers.length === 2);
  expect(troubles).toEqual(['reader restarts: Snappy compression not implemented']);
  await tail.stop();
  expect([consumers[1]!.disconnected, admins.open]).toEqual([true, 0]);
});

test('a commit that the client takes without sending it is rejected', async () => {
  const { kafka, consumers } = madeUp();
  const source = new KafkaSource(kafka, 'group', [topic], logger, () => undefined);
  await source.start(handlers);
  const positions = [{ topic, partition: 0, offset: 4, metadata: '' }, { topic, partition: 1, offset: 9, metadata: '' }] as const;
  await source.commit(positions);
  consumers[0]!.running = false;
  await expect(source.commit(positions)).rejects.toThrow('not sent');
  expect(consumers[0]!.listenerCount(events.COMMIT_OFFSETS)).toBe(0);
  await source.stop();
});
