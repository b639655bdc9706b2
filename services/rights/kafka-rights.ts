/**
 * Who may do what at Kafka, and nothing more: made from the topology, so that a stage that is added has its rights.
 * DESCRIBE comes with READ, WRITE and DELETE, and DESCRIBE_CONFIGS with ALTER_CONFIGS, as Kafka has it.
 */
import { auditTopic, CLOCK_PROBE_TOPICS, closedTopic, consumerGroup, aggregateInputs, decisionTopic, flow, publishedTopics, rawTopic, READER_GROUPS, referenceTopic, rejectedTopic, stageNames, topics, type ServiceName, type StageName, type TopicName, type UpstreamStageName } from '../topology';

export type Operation = 'READ' | 'WRITE' | 'CREATE' | 'DELETE' | 'ALTER' | 'DESCRIBE' | 'DESCRIBE_CONFIGS' | 'ALTER_CONFIGS';
export interface Right {
  readonly resource: 'topic' | 'group' | 'cluster';
  readonly name: string;
  /** `prefixed`: of everything whose name begins so. */
  readonly pattern: 'literal' | 'prefixed';
  readonly operations: readonly Operation[];
}
/** Beside the services: `operator` runs the command line, `archive` runs `tidewaiter archive` by the clock, `gateway` sends declarations, `subscriber` reads what is published for everybody. */
export type Holder = ServiceName | 'operator' | 'archive' | 'gateway' | 'subscriber';
export const holders: readonly Holder[] = [...stageNames, 'replay', 'console', 'operator', 'archive', 'gateway', 'subscriber'];

const CLUSTER = 'kafka-cluster';

const topic = (name: TopicName, ...operations: readonly Operation[]): Right => ({ resource: 'topic', name, pattern: 'literal', operations });
const everything = (resource: 'topic' | 'group', prefix: string, ...operations: readonly Operation[]): Right => ({ resource, name: prefix, pattern: 'prefixed', operations });
/** Its own group, and those of the same stage that count into other namespaces. */
const groupOf = (stage: StageName): Right => everything('group', consumerGroup(stage), 'READ');
const lookAt = (stage: StageName): Right => ({ resource: 'group', name: consumerGroup(stage), pattern: 'literal', operations: ['DESCRIBE'] });
const readers = everything('group', READER_GROUPS, 'READ', 'DELETE');

const upstream = Object.fromEntries(flow.map(({ name, input, outputs }) => [name, [
  topic(input, 'READ', ...(input === rawTopic ? ['DESCRIBE_CONFIGS' as const] : [])),
  ...outputs.map((output) => topic(output, 'WRITE')),
  topic(referenceTopic, 'READ'),
  groupOf(name),
  readers,
]])) as unknown as Readonly<Record<UpstreamStageName, readonly Right[]>>;

const published = Object.values(publishedTopics);
const sensitive = publishedTopics.precursors;

/** What each holder needs. */
export const kafkaRights: Readonly<Record<Holder, readonly Right[]>> = {
  ...upstream,
  aggregate: [
    ...aggregateInputs.map((input) => topic(input, 'READ', ...(input === rejectedTopic ? ['WRITE' as const] : []))),
    groupOf('aggregate'),
    readers,
  ],
  /** Whatever history is read from, into groups of its own; party ids only by the operator, whose workers run under their own name. */
  replay: [
    ...[...flow.map(({ input }) => input).filter((input) => input !== rawTopic), ...aggregateInputs, referenceTopic].map((input) => topic(input, 'READ')),
    /** How far the live figures are behind what was sent. */
    topic(rawTopic, 'DESCRIBE'),
    lookAt('ingest'),
    groupOf('aggregate'),
    readers,
  ],
  publish: [
    ...published.map((name) => topic(name, 'READ', 'WRITE')),
    topic(closedTopic, 'READ'),
    /** Which namespace is live. */
    topic(referenceTopic, 'READ'),
    /** The books: how many records were received, and whether any is on its way. */
    ...[...flow.map(({ input }) => input), ...aggregateInputs].map((input) => topic(input, 'DESCRIBE')),
    ...flow.map(({ name }) => lookAt(name)),
    readers,
  ],
  console: [
    ...topics.map(({ name }) => topic(name, 'READ', ...([rawTopic, decisionTopic, auditTopic, closedTopic].includes(name) ? ['WRITE' as const] : []))),
    ...stageNames.map(lookAt),
    /** Whether anybody counts into a namespace that was promoted. */
    everything('group', consumerGroup('aggregate'), 'DESCRIBE'),
    readers,
  ],
  operator: [
    ...topics.map(({ name }) => topic(name, 'READ', 'WRITE', 'CREATE', 'ALTER_CONFIGS')),
    everything('topic', CLOCK_PROBE_TOPICS, 'READ', 'WRITE', 'CREATE', 'DELETE'),
    everything('group', 'tidewaiter.', 'READ', 'DELETE'),
    /** Lets `rights check` see what is given. */
    { resource: 'cluster', name: CLUSTER, pattern: 'literal', operations: ['DESCRIBE'] },
  ],
  archive: [...topics.map(({ name }) => topic(name, 'READ')), readers],
  gateway: [topic(rawTopic, 'WRITE')],
  subscriber: published.filter((name) => name !== sensitive).map((name) => topic(name, 'READ')),
};
