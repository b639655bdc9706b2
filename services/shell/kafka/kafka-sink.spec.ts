import { EventEmitter } from 'node:events';
import type { Kafka } from 'kafkajs';
import pino from 'pino';
import type { OutgoingRecord } from '../ports';
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
