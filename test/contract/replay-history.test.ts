/**
 * Where history comes from: the log, an archive of what the log does not have any more, either of them alone, all of it or
 * a part. What is counted from an archive is what the live services counted from the log before it was let go.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { readdir, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { openArchive, readArchive } from '../../services/archive/read-archive';
import { archiveTopic } from '../../services/archive/run-archive';
import type { RawDeclaration } from '../../services/domain/declaration';
import type { ManifestArchive } from '../../services/domain/namespace-directory';
import { avroType, FRAME_BYTES } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import type { SourceRecord } from '../../services/shell/ports';
import { runLookBack } from '../../services/look-back/run-look-back';
import type { ReferenceDocument } from '../../services/reference/documents';
import { historyInspector } from '../../services/replay/history/history-log';
import { archivedHistory } from '../../services/replay/history/manifest-history';
import { pastDeclarations } from '../../services/replay/past-declarations';
import { referenceOf } from '../../services/replay/replay-manifest';
import { sourceReader } from '../../services/replay/fused/source-reader';
import { readCatalogue, readProfile } from '../../services/shell/definition-files';
import { StateReporter } from '../../services/shell/service-state';
import { rawTopic, rejectedTopic, type TopicName } from '../../services/topology';
import { collected } from '../support/archive-world';
import { ReplayWorld, replayConfig } from '../support/replay-world';
import { until } from '../support/until';

const accepted: TopicName = 'customs.declarations.accepted.v1';
const sources = [rawTopic, accepted] as const;
const profile = readProfile('CD');
const LET_GO = 0.66;
const partitions = Array.from({ length: replayConfig.TIDEWAITER_PARTITIONS }, (_, partition) => partition);
jest.setTimeout(60_000);

let world: ReplayWorld;
let folder: string;
const archive = (alone = false): ManifestArchive => ({ folder, alone, leaveOut: false });
const startOf = (topic: TopicName, partition: number): number => world.system.broker.partition({ topic, partition }).start;
const endOf = (topic: TopicName, partition: number): number => world.system.broker.partition({ topic, partition }).end;
/** `topic/partition` → offset behind the last one that is archived. */
const archivedEnds = new Map<string, number>();

async function archiveAll(): Promise<void> {
  const inspector = await world.system.neighbours.log().inspector();
  for (const topic of [rawTopic, accepted, rejectedTopic]) {
    for (const partition of partitions) archivedEnds.set(`${topic}/${partition}`, endOf(topic, partition));
    await archiveTopic(topic, false, { files: openArchive(folder), inspector, registry: world.system.neighbours.registry(), onProgress: () => undefined });
  }
  await inspector.close();
}

/** Two thirds of each partition. */
function letGo(): void {
  for (const topic of [rawTopic, accepted, rejectedTopic]) for (const partition of partitions) world.system.broker.deleteBefore({ topic, partition, offset: Math.floor(endOf(topic, partition) * LET_GO) });
}

/** The last sixth is in no archive, and the sixth in front of that in both. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tidewaiter-history-'));
  world = await ReplayWorld.start('history', 2_000);
  await archiveAll();
  await world.feed('later', 400);
  letGo();
});
afterAll(async () => {
  await world.stop();
  rmSync(folder, { recursive: true });
});

function expectLive(namespace: string): void {
  const live = world.figures('live');
  expect(live.length).toBeGreaterThan(20_000);
  expect(world.figures(namespace).filter((figure, index) => figure !== live[index])).toEqual([]);
  expect(world.figures(namespace)).toHaveLength(live.length);
}

test('what the log has let go is missing without the archive: the replay stops at the hole and counts nothing', async () => {
  const manifest = await world.manifest('hole', accepted);
  const state = new StateReporter(world.system.home, 'aggregate');
  const worker = await world.worker(manifest, state);
  await until('it has stopped', async () => Object.keys(state.stoppedPartitions).filter((key) => key.startsWith(accepted)).length === partitions.length);
  await worker.stop();
  expect(world.figures('hole').filter((figure) => figure.startsWith('statistics'))).toEqual([]);
});

test.each(sources.flatMap((source) => [[source, 1] as const, [source, 3] as const]))('from the archive and on with the log: %s, %i workers', async (source, workers) => {
  const manifest = await world.manifest(`both-${source === rawTopic ? 'raw' : 'accepted'}-${workers}`, source, { archive: archive() });
  await world.replayed(manifest, workers);
  expectLive(manifest.name);
});

test('a namespace that loses its figures on the way begins in the archive once more', async () => {
  const manifest = await world.manifest('lost', accepted, { archive: archive() });
  const worker = await world.worker(manifest);
  await until('history is counted', () => world.counted(manifest), 60_000);
  await world.system.neighbours.figures(manifest).drop();
  await until('counted again', () => world.counted(manifest), 60_000);
  await worker.stop();
  expectLive('lost');
});

test('the archive alone: to its end, exactly', async () => {
  const manifest = await world.manifest('alone', accepted, { archive: archive(true) });
  expect(manifest.bounded).toBe(true);
  await world.replayed(manifest, 2);
  expect(await world.offsets(manifest)).toEqual(manifest.historyUntil);
  expect(manifest.historyUntil).toEqual(Object.fromEntries([accepted, rejectedTopic].flatMap((topic) => partitions.map((partition) => [`${topic}/${partition}`, archivedEnds.get(`${topic}/${partition}`)]))));
  expect(booksOf('alone')).toBe(sum(partitions.map((partition) => archivedEnds.get(`${accepted}/${partition}`) as number)) + (await refusedByIngest((partition) => [0, archivedEnds.get(`${rejectedTopic}/${partition}`) as number])));
});

test('until some offsets: not one record more, while the log goes on', async () => {
  const offsets = shareOf(0.95);
  const manifest = await world.manifest('until', accepted, { archive: archive(), until: { offsets } });
  await world.replayed(manifest, 2);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await world.offsets(manifest)).toEqual(Object.fromEntries([...partitions.map((partition) => [`${accepted}/${partition}`, offsets.get(partition)]), ...partitions.map((partition) => [`${rejectedTopic}/${partition}`, endOf(rejectedTopic, partition)])]));
  expect(booksOf('until')).toBe(sum([...offsets.values()]) + (await refusedByIngest((partition) => [0, endOf(rejectedTopic, partition)])));
});

test('since some offsets: what lies before them is not counted', async () => {
  const offsets = shareOf(0.95);
  await world.replayed(await world.manifest('since', accepted, { since: { offsets } }));
  const refused = await refusedByIngest((partition) => [startOf(rejectedTopic, partition), endOf(rejectedTopic, partition)]);
  expect(booksOf('since')).toBe(sum(partitions.map((partition) => endOf(accepted, partition) - (offsets.get(partition) as number))) + refused);
});

test('since a time: from the first record of that time on, in the archive and in the log', async () => {
  const all = await Promise.all(partitions.map((partition) => recordsOf(accepted, partition)));
  for (const [share, name] of [[0.3, 'archive'], [0.9, 'log']] as const) {
    const timestampMs = all[0]?.[Math.floor(all[0].length * share)]?.timestamp as number;
    const manifest = await world.manifest(`time-${name}`, accepted, { archive: archive(), since: { timestampMs } });
    expect(partitions.map((partition) => manifest.historyFrom?.[`${accepted}/${partition}`])).toEqual(all.map((records, partition) => records.find(({ timestamp }) => timestamp >= timestampMs)?.offset ?? endOf(accepted, partition)));
  }
});

test('a list of the replay finds in archive and log what nobody was told: each once, marked as look-back', async () => {
  const standing = await standingOf('live');
  const numbers = [...new Set(standing.flatMap(({ items }) => items.flatMap(({ casNumber }) => casNumber ?? [])))];
  const list = { kind: 'watchlist', id: 'NEW', version: '1', validFrom: null, validTo: null, source: 'a test', rows: [{ rowId: 'N-1', substance: 'a novelty', synonyms: [], cas: numbers, hs: [], mixtureHs: [], familyKeywords: [], concentrationLimitPercent: null, validFrom: null, validTo: null, status: 'confirmed' }] } as unknown as ReferenceDocument;
  const reference = referenceOf(readCatalogue(profile).documents().map(({ document }) => document), [list], profile);
  const manifest = await world.manifest('novelty', accepted, { archive: archive() });
  const { neighbours } = world.system;
  const inspector = historyInspector(await neighbours.log().inspector(), { archive: archivedHistory(manifest.archive), until: undefined });
  const past = pastDeclarations(manifest, inspector, sourceReader(manifest, [reference], { config: replayConfig, profile, registry: neighbours.registry(), logger: pino({ level: 'silent' }) }));
  const screened = (): ReturnType<typeof runLookBack> => runLookBack({ log: neighbours.log(), schemas: neighbours.registry(), partitions: partitions.length, onProgress: () => undefined, past }, { reference, listsAtMs: Date.now(), sinceMs: 0, lists: new Set(['NEW']) });
  const { alerts, unreadable } = await screened();
  const expected = standing.flatMap(({ declarationId, items }) => items.flatMap(({ itemNumber, casNumber, description }) => (numbers.some((cas) => casNumber === cas || description?.includes(cas)) ? [`${declarationId} ${itemNumber}`] : [])));
  expect(expected.length).toBeGreaterThan(4);
  expect(alerts.map(({ declarationId, itemNumber }) => `${declarationId} ${itemNumber}`).sort()).toEqual(expected.sort());
  expect(new Set(alerts.map(({ lookBack, listId }) => `${lookBack} ${listId}`))).toEqual(new Set(['true NEW']));
  expect(unreadable).toBe(0);
  expect((await screened()).alerts).toEqual([]);
  await inspector.close();
});

test('a file of the archive that is away is waited for, and said so', async () => {
  const manifest = await world.manifest('away', accepted, { archive: archive() });
  const day = join(folder, accepted, '0');
  const [name = ''] = (await readdir(day, { recursive: true })).filter((each) => each.endsWith('.parquet'));
  await rename(join(day, name), join(day, `${name}.away`));
  const state = new StateReporter(world.system.home, 'aggregate');
  const worker = await world.worker(manifest, state);
  await until('it says what is missing', async () => (state.waitingFor ?? '').includes('cannot be opened'));
  expect(state.waitingFor).toContain(`${accepted}/0 cannot be read from the archive yet`);
  await rename(join(day, `${name}.away`), join(day, name));
  await until('history is counted', () => world.counted(manifest), 60_000);
  await worker.stop();
  expectLive('away');
});

/** Records that a namespace has an account of. */
function booksOf(namespace: string): number {
  const books = world.system.fields().filter(({ key, field }) => key.startsWith(`{tw:${namespace}:`) && key.endsWith('cell/books') && !field.includes(':'));
  return books.reduce((sum, { value }) => sum + Number(value), 0);
}

/** Of the whole topic, whoever has them. */
async function recordsOf(topic: TopicName, partition: number): Promise<readonly SourceRecord[]> {
  const archived = await collected(readArchive(openArchive(folder), { topic, partition, offset: 0 }));
  const log = world.system.broker.partition({ topic, partition });
  return [...archived, ...(log.fetch(Math.max(log.start, archived.length === 0 ? 0 : (archived.at(-1)?.offset ?? 0) + 1), Infinity)?.records ?? [])];
}

/** Stages behind the source decide once more: their refusals on the topic are not counted. */
async function refusedByIngest(span: (partition: number) => readonly [from: number, next: number]): Promise<number> {
  const type = avroType(topicSchema(rejectedTopic));
  let refused = 0;
  for (const partition of partitions) {
    const [from, next] = span(partition);
    for (const { offset, value } of await recordsOf(rejectedTopic, partition)) {
      if (offset >= from && offset < next && (type.fromBuffer((value as Buffer).subarray(FRAME_BYTES)) as { stage: string }).stage === 'ingest') refused++;
    }
  }
  return refused;
}

/** What stands of each declaration that is not cancelled, as it was fed. */
async function standingOf(namespace: string): Promise<RawDeclaration[]> {
  const facts = await world.facts({ name: namespace, inputs: [] });
  return facts.flatMap(({ eventId, status }) => (status === 'CANCELLED' ? [] : [world.fed.get(eventId) as RawDeclaration]));
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
const shareOf = (share: number): Map<number, number> => new Map(partitions.map((partition) => [partition, Math.floor(endOf(accepted, partition) * share)]));
