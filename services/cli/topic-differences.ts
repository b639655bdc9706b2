/** What the broker has against what the repo declares, topic by topic. */
import { limits } from '../limits';
import type { KafkaLog } from '../shell/kafka/kafka-log';
import { rawTopic, topics, type TopicDeclaration, type TopicName } from '../topology';

type Admin = ReturnType<KafkaLog['client']['admin']>;

export interface TopicSettings { readonly partitions: number; readonly replication: number }
export interface TopicDifference {
  readonly topic: TopicName;
  /** In words; empty: as declared. */
  readonly differences: readonly string[];
  readonly missing: boolean;
  /** Settings that `apply` would correct. */
  readonly wrongConfigs: Readonly<Record<string, string>>;
  /** Settings that were changed on the topic itself, kept when others are corrected. */
  readonly ownConfigs: Readonly<Record<string, string>>;
}

const TOPIC_RESOURCE = 2;
/** describeConfigs: the value was set on the topic, not inherited. */
const SET_ON_TOPIC = 1;

export const declaredPartitions = ({ partitions }: TopicDeclaration, setting: number): number => (partitions === 'setting' ? setting : partitions);

/** Replicas that must have a record before it counts as written, where there are enough to lose one. */
const LEAST_IN_SYNC = 2;
const REPLICAS_THAT_MAY_LOSE_ONE = 3;

/** The log is the record of what was declared: nothing is let go by time or size. Only raw has writers that are not ours, and of what they may compress with our client reads only some: the broker unpacks it. */
export const declaredConfigs = ({ name, cleanup, timestamps }: TopicDeclaration, replication: number): Record<string, string> => ({
  'cleanup.policy': cleanup,
  'retention.ms': '-1',
  'retention.bytes': '-1',
  'message.timestamp.type': timestamps,
  'compression.type': name === rawTopic ? 'uncompressed' : 'producer',
  ...(replication >= REPLICAS_THAT_MAY_LOSE_ONE ? { 'min.insync.replicas': String(LEAST_IN_SYNC) } : {}),
  // A record grows on its way: what raw has taken, no later topic may refuse.
  ...(name === rawTopic ? {} : { 'max.message.bytes': String(limits.derivedRecordBytes) }),
});

export async function topicDifferences(admin: Admin, settings: TopicSettings): Promise<TopicDifference[]> {
  const existing = new Set(await admin.listTopics());
  const present = topics.filter(({ name }) => existing.has(name));
  const counts = await partitionCounts(admin, present);
  const configs = await configsOf(admin, present);
  return topics.map((declaration) => {
    const { name } = declaration;
    if (!existing.has(name)) return { topic: name, differences: ['does not exist'], missing: true, wrongConfigs: {}, ownConfigs: {} };
    const found = configs.get(name) ?? new Map<string, { value: string; own: boolean }>();
    const wrong = Object.entries(declaredConfigs(declaration, settings.replication)).filter(([key, value]) => found.get(key)?.value !== value);
    const differences = wrong.map(([key, value]) => `${key} is ${found.get(key)?.value ?? 'unknown'}, declared ${value}`);
    const partitions = counts.get(name) ?? 0;
    const declared = declaredPartitions(declaration, settings.partitions);
    if (partitions !== declared) differences.unshift(`has ${partitions} partitions, declared ${declared}`);
    return { topic: name, differences, missing: false, wrongConfigs: Object.fromEntries(wrong), ownConfigs: Object.fromEntries([...found].filter(([, { own }]) => own).map(([key, { value }]) => [key, value])) };
  });
}

async function partitionCounts(admin: Admin, present: readonly TopicDeclaration[]): Promise<Map<string, number>> {
  if (present.length === 0) return new Map();
  const metadata = await admin.fetchTopicMetadata({ topics: present.map(({ name }) => name) });
  return new Map(metadata.topics.map(({ name, partitions }) => [name, partitions.length]));
}

async function configsOf(admin: Admin, present: readonly TopicDeclaration[]): Promise<Map<string, Map<string, { value: string; own: boolean }>>> {
  if (present.length === 0) return new Map();
  const described = await admin.describeConfigs({ includeSynonyms: false, resources: present.map(({ name }) => ({ type: TOPIC_RESOURCE, name })) });
  return new Map(described.resources.map(({ resourceName, configEntries }) => [
    resourceName,
    new Map(configEntries.map(({ configName, configValue, configSource }) => [configName, { value: configValue, own: Number(configSource) === SET_ON_TOPIC }])),
  ]));
}

/** Creates what is missing and corrects settings. Never changes a partition count: that would move declarations between owners. */
export async function applyTopics(admin: Admin, found: readonly TopicDifference[], settings: TopicSettings): Promise<void> {
  const missing = found.filter((difference) => difference.missing).map(({ topic }) => topics.find(({ name }) => name === topic) as TopicDeclaration);
  if (missing.length > 0) {
    await admin.createTopics({
      waitForLeaders: true,
      topics: missing.map((declaration) => ({
        topic: declaration.name,
        numPartitions: declaredPartitions(declaration, settings.partitions),
        replicationFactor: settings.replication,
        configEntries: Object.entries(declaredConfigs(declaration, settings.replication)).map(([name, value]) => ({ name, value })),
      })),
    });
  }
  const wrong = found.filter(({ wrongConfigs }) => Object.keys(wrongConfigs).length > 0);
  if (wrong.length === 0) return;
  await admin.alterConfigs({
    validateOnly: false,
    resources: wrong.map(({ topic, ownConfigs, wrongConfigs }) => ({ type: TOPIC_RESOURCE, name: topic, configEntries: Object.entries({ ...ownConfigs, ...wrongConfigs }).map(([name, value]) => ({ name, value })) })),
  });
}
