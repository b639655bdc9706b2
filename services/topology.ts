/**
 * The topology, as data: which topic feeds which stage, what it may emit, how topics are kept.
 * `validateTopology` runs before anything connects; emitting to an undeclared topic is a crash.
 */

export type TopicName =
  | 'customs.declarations.raw.v1'
  | 'customs.declarations.accepted.v1'
  | 'customs.declarations.standardized.v1'
  | 'customs.declarations.enriched.v1'
  | 'customs.declarations.rejected.v1'
  | 'customs.alerts.precursors.v1'
  | 'customs.alerts.decisions.v1'
  | 'customs.aggregates.revenue.v1'
  | 'customs.aggregates.statistics.v1'
  | 'customs.aggregates.precursors.v1'
  | 'customs.reference.v1'
  | 'customs.periods.closed.v1'
  | 'customs.audit.v1';

export type StageName = 'ingest' | 'standardize' | 'enrich' | 'aggregate' | 'publish';
/** The console moves no declarations: it is a service, and no stage. A replay counts into a namespace of its own, and is begun by a person. */
export type ServiceName = StageName | 'console' | 'replay';
export type UpstreamStageName = 'ingest' | 'standardize' | 'enrich';

export interface TopicDeclaration {
  readonly name: TopicName;
  /** What the record key is. */
  readonly key: 'declarationId' | 'cell' | 'alertId' | 'rejectId' | 'documentId@version' | 'period' | 'auditId';
  /** `setting`: TIDEWAITER_PARTITIONS; a number: fixed. */
  readonly partitions: 'setting' | 1;
  readonly cleanup: 'delete' | 'compact';
  /** Raw and aggregates are stamped by the broker: future dates and period ends are judged by that clock. */
  readonly timestamps: 'CreateTime' | 'LogAppendTime';
  readonly doc: string;
}

const forever = { cleanup: 'delete', timestamps: 'CreateTime' } as const;

export const topics: readonly TopicDeclaration[] = [
  { name: 'customs.declarations.raw.v1', key: 'declarationId', partitions: 'setting', cleanup: 'delete', timestamps: 'LogAppendTime', doc: 'Declarations as gateways send them.' },
  { name: 'customs.declarations.accepted.v1', key: 'declarationId', partitions: 'setting', ...forever, doc: 'Usable declarations, party ids replaced by keyed tokens.' },
  { name: 'customs.declarations.standardized.v1', key: 'declarationId', partitions: 'setting', ...forever, doc: 'Declarations with value, quantity, partner, coverage by the standard definitions.' },
  { name: 'customs.declarations.enriched.v1', key: 'declarationId', partitions: 'setting', ...forever, doc: 'Standardized declarations with their watchlist hits.' },
  { name: 'customs.declarations.rejected.v1', key: 'rejectId', partitions: 'setting', ...forever, doc: 'What a stage refused, with code, message and the original bytes.' },
  { name: 'customs.alerts.precursors.v1', key: 'alertId', partitions: 'setting', ...forever, doc: 'Items that match a precursor watchlist at level 3 or higher.' },
  { name: 'customs.alerts.decisions.v1', key: 'alertId', partitions: 'setting', ...forever, doc: 'What officers decided on alerts: an event each, the newest of an alert is its state.' },
  { name: 'customs.aggregates.revenue.v1', key: 'cell', partitions: 'setting', cleanup: 'compact', timestamps: 'LogAppendTime', doc: 'Customs revenue by cell.' },
  { name: 'customs.aggregates.statistics.v1', key: 'cell', partitions: 'setting', cleanup: 'compact', timestamps: 'LogAppendTime', doc: 'Trade statistics by cell.' },
  { name: 'customs.aggregates.precursors.v1', key: 'cell', partitions: 'setting', cleanup: 'compact', timestamps: 'LogAppendTime', doc: 'Precursors on the move by cell; enforcement-sensitive.' },
  { name: 'customs.reference.v1', key: 'documentId@version', partitions: 1, cleanup: 'compact', timestamps: 'CreateTime', doc: 'Definition packs, watchlists, tariffs, rates, manifests; a version is immutable.' },
  { name: 'customs.periods.closed.v1', key: 'period', partitions: 1, cleanup: 'compact', timestamps: 'CreateTime', doc: 'Periods that were signed off: frozen cells, and a seal with digest, name and source positions.' },
  { name: 'customs.audit.v1', key: 'auditId', partitions: 1, ...forever, doc: 'Privileged acts of people: who, when, what, on what, with which outcome.' },
];

export const rawTopic: TopicName = 'customs.declarations.raw.v1';
export const rejectedTopic: TopicName = 'customs.declarations.rejected.v1';
export const alertTopic: TopicName = 'customs.alerts.precursors.v1';
export const decisionTopic: TopicName = 'customs.alerts.decisions.v1';
export const auditTopic: TopicName = 'customs.audit.v1';
export const referenceTopic: TopicName = 'customs.reference.v1';
export const closedTopic: TopicName = 'customs.periods.closed.v1';

export interface UpstreamStageDeclaration {
  readonly name: UpstreamStageName;
  readonly input: TopicName;
  readonly output: TopicName;
  readonly outputs: readonly TopicName[];
  /** `by-key`: murmur2 of the declaration id decides; `same`: the input's partition is kept. Only ingest may choose. */
  readonly partitioning: 'by-key' | 'same';
}

export const upstreamStages: Readonly<Record<UpstreamStageName, UpstreamStageDeclaration>> = {
  ingest: {
    name: 'ingest', input: rawTopic, output: 'customs.declarations.accepted.v1', partitioning: 'by-key',
    outputs: ['customs.declarations.accepted.v1', rejectedTopic],
  },
  standardize: {
    name: 'standardize', input: 'customs.declarations.accepted.v1', output: 'customs.declarations.standardized.v1', partitioning: 'same',
    outputs: ['customs.declarations.standardized.v1', rejectedTopic],
  },
  enrich: {
    name: 'enrich', input: 'customs.declarations.standardized.v1', output: 'customs.declarations.enriched.v1', partitioning: 'same',
    outputs: ['customs.declarations.enriched.v1', rejectedTopic, 'customs.alerts.precursors.v1'],
  },
};

/** The upstream stages in the order of the flow, each reading what the one before it writes: there are no side branches, as what they refused would be in the books twice. */
export const flow: readonly UpstreamStageDeclaration[] = Object.values(upstreamStages);

/** What the last upstream stage writes is counted. */
export const countedTopic: TopicName = (flow.at(-1) as UpstreamStageDeclaration).output;

/** `aggregate` reads declarations and refusals; both are fenced by positions in Redis. */
export const aggregateInputs: readonly TopicName[] = [countedTopic, rejectedTopic];

/** Declarations move event time; refusals carry none. */
export const carriesEventTime = (topic: TopicName): boolean => topic !== rejectedTopic;

export type View = 'revenue' | 'statistics' | 'precursors' | 'operations' | 'quality';
export const publishedTopics: Readonly<Partial<Record<View, TopicName>>> = {
  revenue: 'customs.aggregates.revenue.v1',
  statistics: 'customs.aggregates.statistics.v1',
  precursors: 'customs.aggregates.precursors.v1',
};

export const stageNames: readonly StageName[] = [...flow.map(({ name }) => name), 'aggregate', 'publish'];

/** Every service, in the order of the flow; whatever only looks on comes last. */
export const allServices: readonly ServiceName[] = [...stageNames, 'console'];

export const LIVE_NAMESPACE = 'live';
/** Consumer group of a stage: the stage's name is also its label in logs, metrics and refusals. Who counts into another namespace reads everything too. */
export const consumerGroup = (stage: StageName, namespace = LIVE_NAMESPACE): string => (namespace === LIVE_NAMESPACE ? `tidewaiter.${stage}` : `tidewaiter.${stage}.${namespace}`);

/** Readers outside the lasting groups have a group of their own each, with a name that begins so; they delete it afterwards. */
export const READER_GROUPS = 'tidewaiter.reader.';
/** `doctor` makes such a topic, and deletes it, to learn what time it is at a broker. */
export const CLOCK_PROBE_TOPICS = 'tidewaiter.clock-probe.';

/** Registry subject of a topic's values (TopicNameStrategy). */
export const subjectOf = (topic: TopicName): string => `${topic}-value`;

/** Throws where the data above contradicts itself; called before anything connects. */
export function validateTopology(stages: readonly UpstreamStageDeclaration[] = flow): void {
  const known = new Set(topics.map((topic) => topic.name));
  for (const stage of stages) {
    for (const topic of [stage.input, ...stage.outputs]) {
      if (!known.has(topic)) throw new Error(`topology: ${stage.name} names an undeclared topic ${topic}`);
    }
    if (!stage.outputs.includes(stage.output)) throw new Error(`topology: ${stage.name} may not emit to its own output`);
  }
  stages.forEach((stage, index) => {
    const before = index === 0 ? rawTopic : stages[index - 1]?.output;
    if (!stage.outputs.includes(rejectedTopic)) throw new Error(`topology: ${stage.name} must be able to refuse`);
    if (before !== stage.input) throw new Error(`topology: ${stage.name} does not read what the stage before it writes`);
  });
}
