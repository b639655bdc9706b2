/** A cluster of three brokers loses one that leads. */
import { countedTopic, rawTopic, type TopicName } from '../../services/topology';
import { pause, until } from '../support/until';
import { BROKERS, ClusterSystem } from '../support/broker-cluster';
import type { Fault } from './fault';

const AWAY_MS = 14_000;
const IN_SYNC_MS = 60_000;

/** kill -9 of the broker that leads a partition; the two others go on, and it comes back behind them. */
const leaderKilled = (topic: TopicName): Fault => ({ surroundings: 'three brokers', act: async ({ system, random, strike }) => {
  if (!(system instanceof ClusterSystem)) throw new Error('this fault needs three brokers');
  const { leader } = random.pick(await system.partitionsOf(topic));
  await strike();
  system.killBroker(leader);
  await pause(AWAY_MS);
  system.startBroker(leader);
  await system.answers(leader);
  await until('all three brokers are in sync', async () => (await system.partitionsOf(topic)).every(({ inSync }) => inSync === BROKERS.length), IN_SYNC_MS);
} });

export const clusterFaults: Readonly<Record<string, Fault>> = { 'leader-killed': leaderKilled(countedTopic), 'raw-leader-killed': leaderKilled(rawTopic) };
