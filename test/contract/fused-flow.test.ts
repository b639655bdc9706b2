/**
 * Stages that decide one behind the other, without topics between them, come to the same bytes as stages that hand over
 * through topics: every generated event, faults and damaged records too, read from any topic of the flow.
 */
import pino from 'pino';
import type { RefusalEvent } from '../../services/aggregate/piece';
import type { AcceptedDeclaration, RawDeclaration } from '../../services/domain/declaration';
import { readNdjsonLine } from '../../services/feed/ndjson';
import { emptyTally, generate } from '../../services/generate/generate';
import { InMemorySystem } from '../../services/local/in-memory-system';
import { FusedReader } from '../../services/replay/fused/fused-reader';
import { fusedSteps, sourceTopics } from '../../services/replay/fused/source-stages';
import { avroType, Decoder, Encoder, FRAME_BYTES } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import { readConfig } from '../../services/shell/config';
import { readProfile, readReferenceSet } from '../../services/shell/definition-files';
import type { SourceRecord } from '../../services/shell/ports';
import { ownSchemaId } from '../../services/shell/stage-codec';
import { countedTopic, rawTopic, rejectedTopic, type TopicName } from '../../services/topology';

const EVENTS = 2_000;
const profile = readProfile('CD');
const reference = readReferenceSet(profile);
const enrichedType = avroType(topicSchema(countedTopic));
const placeText = ({ partition, offset }: { readonly partition: number; readonly offset: number }): string => `${partition}/${offset}`;
const types = new Map([...sourceTopics, rejectedTopic].map((topic) => [topic, avroType(topicSchema(topic))]));
const valueOf = <Value>(topic: TopicName, { value }: SourceRecord): Value => types.get(topic)?.fromBuffer((value as Buffer).subarray(FRAME_BYTES)) as Value;
jest.setTimeout(120_000);

const system = { log: undefined as never as InMemorySystem };
const records = new Map<TopicName, { readonly partition: number; readonly record: SourceRecord }[]>();
const tokens = new Map<string, string>();

beforeAll(async () => {
  const config = readConfig({ TIDEWAITER_PROFILE: 'CD', TIDEWAITER_REFUSAL_SHARE: '1' });
  system.log = await InMemorySystem.start(config);
  const { neighbours } = system.log;
  const encoder = new Encoder(await ownSchemaId(neighbours.registry(), rawTopic), avroType(topicSchema(rawTopic)));
  const log = neighbours.log();
  const sink = await log.sink();
  const lines = [...generate({ profile, seed: 'fused', count: EVENTS, days: 60, untilMs: Date.UTC(2026, 5, 1), withFaults: true }, emptyTally())];
  const values = lines.map((line, index) => readNdjsonLine(line, index + 1)?.declaration as RawDeclaration)
    .map((declaration) => ({ topic: rawTopic, partition: log.partitionOf(declaration.declarationId, config.TIDEWAITER_PARTITIONS), key: declaration.declarationId, value: encoder.encode(declaration) }));
  const damaged = [null, Buffer.from('no frame'), Buffer.concat([(values[0] as { value: Buffer }).value, Buffer.from([1])])].map((value, index) => ({ topic: rawTopic, partition: index, key: 'damaged', value }));
  await sink.send([...values, ...damaged]);
  await system.log.drained();
  const inspector = await log.inspector();
  for (const topic of [...sourceTopics, rejectedTopic]) {
    const all: { readonly partition: number; readonly record: SourceRecord }[] = [];
    await inspector.readAll(topic, (partition, record) => { all.push({ partition, record }); });
    records.set(topic, all);
  }
  await inspector.close();
  const raws = new Map((records.get(rawTopic) ?? []).map(({ partition, record }) => [placeText({ partition, offset: record.offset }), record]));
  for (const { record } of records.get('customs.declarations.accepted.v1') ?? []) {
    const accepted = valueOf<AcceptedDeclaration>('customs.declarations.accepted.v1', record);
    const { declarantId, traderId, counterpartyId } = valueOf<RawDeclaration>(rawTopic, raws.get(placeText(accepted.origin)) as SourceRecord);
    tokens.set(`declarant ${declarantId}`, accepted.declarantToken).set(`trader ${traderId}`, accepted.traderToken).set(`counterparty ${counterpartyId}`, accepted.counterpartyToken ?? '');
  }
});
afterAll(() => system.log.stop());

test.each(sourceTopics)('from %s', async (topic) => {
  const steps = fusedSteps(topic, { reference, profile, pseudonymise: (purpose, id) => tokens.get(`${purpose} ${id}`) ?? 'unknown' });
  const reader = new FusedReader({ topic, decoder: new Decoder(avroType(topicSchema(topic)), system.log.neighbours.registry()), stepsAt: () => steps, logger: pino({ level: 'silent' }) });
  const source = records.get(topic) ?? [];
  await reader.prepare(source.map(({ record }) => record.value), 0);
  const [written, refused] = [new Map<string, Buffer>(), new Map<string, RefusalEvent>()];
  for (const { partition, record } of source) {
    const event = reader.read(partition, record);
    if (!event) throw new Error(`${placeText({ partition, offset: record.offset })} cannot be read`);
    if ('standardized' in event) written.set(placeText(event.standardized.accepted.origin), enrichedType.toBuffer(event));
    else refused.set(placeText(event.origin), event);
  }
  const deciding = steps.map(({ stage }) => stage.declaration.name as string);
  const rejected = (records.get(rejectedTopic) ?? []).map(({ record }) => valueOf<RefusalEvent>(rejectedTopic, record)).filter(({ stage }) => deciding.includes(stage));
  const enriched = records.get(countedTopic) ?? [];
  expect(enriched.length).toBeGreaterThan(EVENTS / 2);
  expect(written.size).toBe(enriched.length);
  for (const { record } of enriched) {
    const { origin } = valueOf<{ standardized: { accepted: AcceptedDeclaration } }>(countedTopic, record).standardized.accepted;
    if (!written.get(placeText(origin))?.equals((record.value as Buffer).subarray(FRAME_BYTES))) throw new Error(`raw record ${placeText(origin)} came to something else`);
  }
  expect(refused.size).toBe(rejected.length);
  for (const { origin, stage, code, office, occurredAt } of rejected) expect(refused.get(placeText(origin))).toEqual({ origin, stage, code, office, occurredAt });
});
