/** How far the brokers' clocks are from this machine's. No request asks a broker the time: it tells only by stamping a record. */
import { randomUUID } from 'node:crypto';
import type { Kafka, Producer } from 'kafkajs';
import { CLOCK_PROBE_TOPICS } from '../../topology';

export interface BrokerClock { readonly broker: string; readonly apartMs: number }

/** The first send looks up where the topic is, and takes long: its answer says little. */
const PROBES = 3;

/** Least difference between a clock read at `theirs` (ms) and ours, read before and after. */
export const leastApartMs = (theirs: number, before: number, after: number): number => Math.round(theirs < before ? before - theirs : Math.max(0, theirs - after));

/** A topic for the while, with one partition led by each broker. Rejects where such a topic may not be made. */
export async function brokerClocks(client: Kafka): Promise<BrokerClock[]> {
  const admin = client.admin();
  const producer = client.producer({ allowAutoTopicCreation: false });
  const topic = `${CLOCK_PROBE_TOPICS}${randomUUID()}`;
  await Promise.all([admin.connect(), producer.connect()]);
  try {
    const { brokers } = await admin.describeCluster();
    const replicaAssignment = brokers.map(({ nodeId }, partition) => ({ partition, replicas: [nodeId] }));
    await admin.createTopics({ waitForLeaders: true, topics: [{ topic, replicaAssignment, configEntries: [{ name: 'message.timestamp.type', value: 'LogAppendTime' }] }] });
    try {
      const clocks: BrokerClock[] = [];
      for (const [partition, { host, port }] of brokers.entries()) clocks.push({ broker: `${host}:${port}`, apartMs: await apartOf(producer, topic, partition) });
      return clocks;
    } finally {
      await admin.deleteTopics({ topics: [topic] });
    }
  } finally {
    await Promise.allSettled([admin.disconnect(), producer.disconnect()]);
  }
}

async function apartOf(producer: Producer, topic: string, partition: number): Promise<number> {
  let apartMs = 0;
  for (let probe = 0; probe < PROBES; probe++) {
    const before = Date.now();
    const [answer] = await producer.send({ topic, messages: [{ partition, value: Buffer.from('what time is it') }] });
    const after = Date.now();
    apartMs = Math.max(apartMs, leastApartMs(Number(answer?.logAppendTime), before, after));
  }
  return apartMs;
}
