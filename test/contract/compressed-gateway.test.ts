/** A gateway that compresses with a codec that our client does not know (Snappy): its declarations must be read. On the real broker. */
import { randomUUID } from 'node:crypto';
import { CompressionCodecs, CompressionTypes, Kafka, logLevel } from 'kafkajs';
import { declaredConfigs } from '../../services/cli/topic-differences';
import { KafkaLog } from '../../services/shell/kafka/kafka-log';
import { createLogger } from '../../services/shell/log';
import { rawTopic, topics, type StageName, type TopicDeclaration, type TopicName } from '../../services/topology';
import { RecordingHandlers } from '../support/recording-handlers';
import { describeOnStack, requireStack } from '../support/test-stack';
import { until } from '../support/until';

const LONGEST_LITERAL = 60;

/** Snappy without any compression: the length, then literals. The broker can unpack it, and our client cannot. */
function asSnappy(bytes: Buffer): Buffer {
  const parts: Buffer[] = [];
  const length: number[] = [];
  for (let rest = bytes.length; ; rest >>>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) break;
  }
  parts.push(Buffer.from(length));
  for (let start = 0; start < bytes.length; start += LONGEST_LITERAL) {
    const literal = bytes.subarray(start, start + LONGEST_LITERAL);
    parts.push(Buffer.from([(literal.length - 1) << 2]), literal);
  }
  return Buffer.concat(parts);
}

describeOnStack('kafka', () => {
  test('what it sends to raw is delivered', async () => {
    const { brokers } = requireStack();
    const topic = `contract.${randomUUID()}.compressed` as TopicName;
    const kafka = new Kafka({ clientId: 'gateway', brokers: [...brokers], logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    const declared = declaredConfigs(topics.find(({ name }) => name === rawTopic) as TopicDeclaration, 1);
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic, numPartitions: 1, replicationFactor: 1, configEntries: Object.entries(declared).map(([name, value]) => ({ name, value })) }] });
    /** Before our own adapter: it exchanges how batches are written in this process. */
    CompressionCodecs[CompressionTypes.Snappy] = () => ({ compress: async ({ buffer }: { buffer: Buffer }) => asSnappy(buffer), decompress: async () => { throw new Error('Snappy is not known here'); } });
    const producer = kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    await producer.send({ topic, compression: CompressionTypes.Snappy, messages: [{ partition: 0, key: 'k', value: 'compressed '.repeat(50) }] });
    await producer.disconnect();
    const handlers = new RecordingHandlers();
    const source = new KafkaLog({ brokers, clientId: 'contract' }, createLogger('contract', 'silent')).source(`contract-${randomUUID()}` as StageName, [topic]);
    await source.start(handlers);
    try {
      await until('delivery', () => handlers.covered(0) === 1);
      expect(handlers.values(0)).toEqual(['compressed '.repeat(50)]);
    } finally {
      await source.stop();
      await admin.deleteTopics({ topics: [topic] });
      await admin.disconnect();
    }
  }, 60_000);
});
