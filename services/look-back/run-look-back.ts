/** The look-back as a job: reads alerts and enriched declarations up to the ends they have now, and sends what is new. */
import type { PrecursorAlert } from '../domain/declaration';
import { limits } from '../limits';
import { avroType, Decoder, Encoder, frameId } from '../shell/avro/codec';
import { schemaWithout, topicSchema } from '../shell/avro/schema-files';
import { textDigest } from '../shell/definition-files';
import type { Log, SchemaSource, SourceRecord } from '../shell/ports';
import { ownSchemaId } from '../shell/stage-codec';
import { alertTopic, countedTopic, type TopicName } from '../topology';
import { monotonicMs } from '../shell/waiting';
import { LookBack, type LookBackSettings, type PastDeclaration } from './look-back';

/** Fields of enriched declarations that screening does not read. */
const unread: readonly string[] = [
  'referenceSet', 'hits.listVersion', 'hits.substance', 'hits.evidence',
  ...['definitions', 'referenceSet', 'currency', 'exponent', 'codes', 'payments', 'items.hs6', 'items.origin', 'items.value', 'items.netMassGrams', 'items.quantity', 'items.codes', 'items.taxes', 'items.expected', 'items.missing', 'items.imputed',
    'accepted.declarantToken', 'accepted.counterpartyToken', 'accepted.incoterm', 'accepted.natureOfTransaction', 'accepted.payments', 'accepted.procedure', 'accepted.transportMode',
    'accepted.items.taxes', 'accepted.items.freightAmount', 'accepted.items.insuranceAmount', 'accepted.items.invoiceAmount', 'accepted.items.supplementaryQuantity', 'accepted.items.preference', 'accepted.items.originCountry',
  ].map((field) => `standardized.${field}`),
];

export interface LookBackPorts {
  readonly log: Log;
  readonly schemas: SchemaSource;
  readonly partitions: number;
  readonly onProgress: (read: number, total: number) => void;
  /** Where past declarations come from; absent: the counted topic, as the live stages wrote it. */
  readonly past?: PastDeclarations;
}
export interface PastDeclarations {
  /** How many records there are. */
  size(): Promise<number>;
  /** Every record, those of a declaration in one partition; answers how many could not be read. */
  read(each: (record: PastDeclaration, partition: number) => void): Promise<number>;
}
export interface LookBackResult {
  /** Declarations screened, each in its highest version. */
  readonly declarations: number;
  readonly alerts: readonly PrecursorAlert[];
  readonly unreadable: number;
}

/** Sends each new alert once; what an earlier look-back found is on the topic and not found again. */
export async function runLookBack(ports: LookBackPorts, settings: Omit<LookBackSettings, 'digest'>): Promise<LookBackResult> {
  const lookBack = new LookBack({ ...settings, digest: textDigest });
  const inspector = await ports.log.inspector();
  try {
    const past = ports.past ?? countedDeclarations(inspector, ports.schemas);
    const total = await lengthOf(alertTopic, inspector) + await past.size();
    let read = 0;
    const progress = (): void => { if (++read % 1_000 === 0) ports.onProgress(read, total); };
    const alerts = await decoderOf<PrecursorAlert>(alertTopic, ports.schemas, ['traderToken', 'explanation', 'evidence', 'origin']);
    let unreadable = await readTopic(alertTopic, inspector, alerts, (alert) => { lookBack.told(alert); progress(); });
    unreadable += await past.read((record, partition) => { lookBack.add(record, partition); progress(); });
    const news = lookBack.news();
    await send(news, ports);
    return { declarations: lookBack.declarations, alerts: news, unreadable };
  } finally {
    await inspector.close();
  }
}

type Inspector = Awaited<ReturnType<Log['inspector']>>;

const countedDeclarations = (inspector: Inspector, schemas: SchemaSource): PastDeclarations => ({
  size: () => lengthOf(countedTopic, inspector),
  read: async (each) => readTopic(countedTopic, inspector, await decoderOf<PastDeclaration>(countedTopic, schemas, unread), each),
});

const lengthOf = async (topic: TopicName, inspector: Inspector): Promise<number> => (await inspector.offsets(topic)).reduce((sum, { start, end }) => sum + end - start, 0);

/** Knows the schema that this release writes: nearly all records have it. */
async function decoderOf<Value>(topic: TopicName, schemas: SchemaSource, fieldsUnread: readonly string[]): Promise<Decoder<Value>> {
  const decoder = new Decoder<Value>(avroType(schemaWithout(topicSchema(topic), fieldsUnread)), schemas);
  await decoder.prepareId(await ownSchemaId(schemas, topic), monotonicMs());
  return decoder;
}

/** Records of other schemas are read in a second pass, once those are looked up: keeping them would keep the history in memory. Answers how many could not be read. */
async function readTopic<Value>(topic: TopicName, inspector: Inspector, decoder: Decoder<Value>, each: (value: Value, partition: number, record: SourceRecord) => void): Promise<number> {
  if ((await lengthOf(topic, inspector)) === 0) return 0;
  const unknown = new Set<number>();
  let unreadable = 0;
  await inspector.readAll(topic, (partition, record) => {
    const id = frameId(record.value);
    const decoded = decoder.decode(record.value);
    if (!('failure' in decoded)) each(decoded.value, partition, record);
    else if (decoded.failure === 'E-DECODE-SCHEMA' && typeof id === 'number') unknown.add(id);
    else unreadable++;
  });
  if (unknown.size === 0) return unreadable;
  for (const id of unknown) await decoder.prepareId(id, monotonicMs());
  await inspector.readAll(topic, (partition, record) => {
    const id = frameId(record.value);
    if (typeof id !== 'number' || !unknown.has(id)) return;
    const decoded = decoder.decode(record.value);
    if ('failure' in decoded) unreadable++;
    else each(decoded.value, partition, record);
  });
  return unreadable;
}

/** To the partition of the declaration, where the stage's own alerts of it are. */
async function send(alerts: readonly PrecursorAlert[], { log, schemas, partitions }: LookBackPorts): Promise<void> {
  if (alerts.length === 0) return;
  const encoder = new Encoder(await ownSchemaId(schemas, alertTopic), avroType(topicSchema(alertTopic)));
  const sink = await log.sink();
  try {
    for (let start = 0; start < alerts.length; start += limits.recordsPerTurn) {
      await sink.send(alerts.slice(start, start + limits.recordsPerTurn).map((alert) => ({ topic: alertTopic, partition: log.partitionOf(alert.declarationId, partitions), key: alert.alertId, value: encoder.encode(alert) })));
    }
  } finally {
    await sink.close();
  }
}
