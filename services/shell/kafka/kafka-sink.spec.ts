import { EventEmitter } from 'node:events';
import type { Kafka } from 'kafkajs';
import pino from 'pino';
import type { OutgoingRecord } from '../ports';
import { limits } from '../../limits';
import { KafkaSink } from './kafka-sink';

const topic = 'customs.declarations.accepted.v1';
const record = (partition: number, key: string): OutgoingRecord => ({ topic, partition, key, value: Buffer.from(key) });
interface Sent { readonly topicMessages: readonly { readonly topic: string; readonly messages: readonly { readonly partition: number }[] }[] }

/** A cluster whose client leaves out what `leaves` names, and answers as if it had sent everything. */
function cluster(leaves: readonly (readonly number[])[]): { kafka: Kafka; sent: number[][] } {
  const sent: number[][] = [];
  const producer = Object.assign(new EventEmitter(), {
    connect: async () => undefined, disconnect: async () => undefined,
    sendBatch: async ({ topicMessages }: Sent) => {
      const all = [...new Set(topicMessages.flatMap(({ messages }) => [...messages].map(({ partition }) => partition)))];
      const partitions = all.filter((partition) => !(leaves[sent.length] ?? []).includes(partition));
      sent.push(partitions);
      return partitions.map((partition) => ({ topicName: topic, partition, baseOffset: '7', logAppendTime: '-1' }));
    },
  });
  return { kafka: { producer: () => producer } as unknown as Kafka, sent };
}

test('what nobody acknowledged is sent again, although the client answered: a leader that died would have cost its records', async () => {
  const { kafka, sent } = cluster([[1, 2], [2]]);
  const troubles: (string | undefined)[] = [];
  const sink = new KafkaSink(kafka, pino({ level: 'silent' }), (trouble) => { troubles.push(trouble); });
  const acknowledgements = await sink.send([record(0, 'a'), record(1, 'b'), record(2, 'c'), record(1, 'd')]);
  expect(sent).toEqual([[0], [1], [2]]);
  expect(acknowledgements.map(({ partition }) => partition)).toEqual([0, 1, 2]);
  expect(troubles).toEqual(['broker does not take records: 3 records were not sent', 'broker does not take records: 1 records were not sent', undefined]);
});

test('one answer for everything is one send', async () => {
  const { kafka, sent } = cluster([]);
  await new KafkaSink(kafka, pino({ level: 'silent' }), () => undefined).send([record(0, 'a'), record(3, 'b')]);
  expect(sent).toEqual([[0, 3]]);
});

test.each(['connect', 'sendBatch', 'disconnect'] as const)('a client whose %s never answers is given up, and the records go out with another one', async (silent) => {
  Object.assign(limits, { clientAnswerMs: 20, sessionTimeoutMs: 20 });
  const { kafka: well, sent } = cluster([]);
  let made = 0;
  const producer = (): object => {
    const answers = (well as unknown as { producer(): object }).producer();
    if (made++ > 0) return answers;
    const never = (): Promise<never> => new Promise(() => undefined);
    return { ...answers, sendBatch: never, [silent]: never };
  };
  const troubles: (string | undefined)[] = [];
  const acknowledgements = await new KafkaSink({ producer } as unknown as Kafka, pino({ level: 'silent' }), (trouble) => { troubles.push(trouble); }).send([record(0, 'a')]);
  expect([made, sent, acknowledgements.length]).toEqual([2, [[0]], 1]);
  expect(troubles).toEqual(['broker does not take records: no answer within 0.02 s', undefined]);
});
