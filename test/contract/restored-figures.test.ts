/** Figures restored from the aggregate topics alone: exact, compared with the live ones, with what was signed off, and shown for what they are. */
import { ClosedRecords } from '../../services/closing/closed-records';
import { cubesOfRestored, parseRestored } from '../../services/domain/restored-namespace';
import { Calendar } from '../../services/domain/period';
import { ExpectedFigures } from '../../services/generate/expected';
import { emptyTally, generate } from '../../services/generate/generate';
import { readNdjsonLine } from '../../services/feed/ndjson';
import type { RawDeclaration } from '../../services/domain/declaration';
import { limits } from '../../services/limits';
import { InMemorySystem } from '../../services/local/in-memory-system';
import { answerQuery, type QueryOutcome } from '../../services/query/answer-query';
import type { PeriodRequest } from '../../services/query/period-request';
import { NotRestorable, type RestoreResult, type RestoredTopic } from '../../services/rebuild/restore-published';
import { avroType, Encoder } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import { readConfig } from '../../services/shell/config';
import { readCubes, readProfile } from '../../services/shell/definition-files';
import { MemoryLog } from '../../services/shell/memory/memory-log';
import { MemoryStore } from '../../services/shell/memory/memory-store';
import { ownSchemaId } from '../../services/shell/stage-codec';
import { rawTopic, type TopicName, type View } from '../../services/topology';
import { PublishingWorld, revenueCell, revenueHash, revenueTopic } from '../support/publishing-world';
import { independentRows } from '../support/recount';
import { cellsOf, differencesOf, expectedCells } from '../support/redis-cells';
import { restore, restoredPlace } from '../support/restored-world';
import { APRIL, signOff } from '../support/signed-off-month';
import { until } from '../support/until';

const profile = readProfile('CD');
const calendar = new Calendar(profile.timeZone);
const cubes = readCubes();
const published = ['revenue', 'statistics', 'precursors'];
jest.setTimeout(120_000);

let known: typeof limits;
beforeEach(() => { known = { ...limits }; Object.assign(limits, { restoredLookMs: 20, changeOverWaitMs: 100 }); });
afterEach(() => { Object.assign(limits, known); });

const liveOf = (result: RestoreResult, topic: TopicName = revenueTopic): RestoredTopic['live'] | undefined => result.topics.find((row) => row.topic === topic)?.live;

describe('one cell and its publisher', () => {
  let world: PublishingWorld;
  beforeEach(async () => { world = new PublishingWorld(); await world.open(); });
  afterEach(() => world.close());

  const restored = (liveGeneration = 0): Promise<RestoreResult> => restore({ log: new MemoryLog(world.broker), registry: world.registry, live: world.store.reader(), liveGeneration, store: world.store });
  /** A zero is as good as none. */
  const fieldsOf = async (hash = revenueHash): Promise<Record<string, string>> => {
    const answer = await world.store.reader(restoredPlace).readFigures([hash], 1_000);
    return 'hashes' in answer ? Object.fromEntries([...(answer.hashes[0]?.fields ?? [])].filter(([, value]) => value !== '0')) : {};
  };
  async function asked(view: View, by: readonly string[], period: PeriodRequest = { kind: 'month', value: '2026-03' }): Promise<QueryOutcome> {
    const reader = world.store.reader(restoredPlace);
    const made = parseRestored(await reader.manifest());
    if (!made) throw new Error('not restored');
    return answerQuery({ view, by, where: {}, period }, { cubes: cubesOfRestored(cubes, made), restored: made, calendar, currency: 'CDF', minorUnits: 2, graceMs: 0, definitionsAt: () => 'none', nowMs: APRIL }, reader, world.store.closed(restoredPlace));
  }
  /** Everything is counted, published, and confirmed. */
  async function told(...amounts: (number | bigint)[]): Promise<void> {
    await world.publish();
    for (const amount of amounts) await world.add(amount);
    await until('all is published', async () => world.records().length > 0 && (await world.store.reader().changesLength()) === 0);
  }

  test('an amount that no double holds comes back to the last digit, also below zero; the live figures are the same', async () => {
    await told(9_007_199_254_740_993n, 2);
    await world.add(-123_456_789_012_345_678n, 'KIN02|VAT|22');
    await until('it is told', () => world.cellsTold().includes('KIN02|VAT|22'));
    await world.stop();
    const result = await restored();
    expect(await fieldsOf()).toEqual({ [`${revenueCell}:assessed`]: '9007199254740995', 'KIN02|VAT|22:assessed': '-123456789012345678' });
    expect(result).toMatchObject({ sound: true, generation: 0, closed: [], unreadable: [], topics: [{ topic: revenueTopic, cells: 2, values: 2, live: { compared: 2, moving: 0, differences: [] } }, {}, {}] });
  });

  test('after FLUSHALL there is nothing to compare, and queries are answered: as restored, as of what the topics reflect', async () => {
    await told(12_345);
    await world.stop();
    world.store.figures.flush();
    const result = await restored();
    expect(result).toMatchObject({ sound: true, asOf: { streamTime: '2026-03-15T10:00:00.000Z', offsets: { 'customs.declarations.enriched.v1/0': '1' } } });
    expect(result.topics.map(({ live }) => live)).toEqual(published.map(() => ({ notCompared: 'empty' })));
    expect(await asked('revenue', ['office', 'taxType'])).toMatchObject({
      status: 'restored', currency: 'CDF', rows: [{ office: 'KIN01', taxType: 'CUD', assessed: '123.45' }], totals: { assessed: '123.45' }, asOf: { streamTime: '2026-03-15T10:00:00.000Z' }, definitions: 'imts2010@1.0.0',
    });
  });

  test('what is not on the topics is refused, and never zero', async () => {
    await told(100);
    await restored();
    expect(await asked('revenue', ['taxType'])).toMatchObject({ rows: [{ taxType: 'CUD', assessed: '1.00' }] });
    expect(await asked('revenue', ['origin'])).toMatchObject({ refused: expect.stringContaining('revenue by origin is not kept. Kept are:\n  office, taxType, chapter  (by month)') as string });
    expect(await asked('revenue', ['office'], { kind: 'day', value: '2026-03-15' })).toMatchObject({ refused: expect.stringContaining('by month only') as string });
    expect(await asked('operations', ['office'])).toMatchObject({ refused: expect.stringContaining('none') as string });
  });

  test('a live cell that says otherwise is named, both values with it; so is one that was never published', async () => {
    await told(100);
    await world.stop();
    world.store.figures.increment(`{tw:live:0}:cell/${revenueHash}`, `${revenueCell}:assessed`, '7');
    world.store.figures.increment(`{tw:live:0}:cell/${revenueHash}`, 'GOM01|CUD|87:lines', '1');
    const result = await restored();
    expect(result.sound).toBe(false);
    expect(liveOf(result)).toEqual({ compared: 2, moving: 0, differences: [
      { hash: revenueHash, field: 'GOM01|CUD|87:lines', live: '1', restored: '0' }, { hash: revenueHash, field: `${revenueCell}:assessed`, live: '107', restored: '100' },
    ] });
  });

  test('what waits in the change list is on its way, and no difference; published meanwhile, it is taken over, zeros too', async () => {
    await told(100);
    await world.add(5, 'GOM01|CUD|87');
    await until('it is told', () => world.cellsTold().includes('GOM01|CUD|87'));
    await world.stop();
    await world.add(50);
    await world.add(-5, 'GOM01|CUD|87');
    expect(liveOf(await restored())).toEqual({ compared: 2, moving: 2, differences: [] });
    Object.assign(limits, { restoredLookMs: 400 });
    const meanwhile = restored();
    await world.publish();
    expect(liveOf(await meanwhile)).toEqual({ compared: 2, moving: 0, differences: [] });
    expect(await fieldsOf()).toEqual({ [`${revenueCell}:assessed`]: '150' });
  });

  test('live figures that are being rebuilt are not compared', async () => {
    await told(100, 50);
    await until('positions are told', () => world.records().at(-1)?.assessed === 150);
    await world.stop();
    world.store.figures.flush();
    await world.store.ledger().claim({ topic: 'customs.declarations.enriched.v1', partition: 0 }, 'me', '{"made":"of this"}');
    expect(liveOf(await restored())).toEqual({ notCompared: 'catching-up' });
  });

  test('a cell that was withdrawn is not restored, and one whose send came late keeps its highest revision', async () => {
    await told(60);
    await world.add(40);
    await world.told(100);
    await world.add(70, 'GOM01|CUD|87');
    await until('it is told', () => world.cellsTold().includes('GOM01|CUD|87'));
    await world.stop();
    world.store.figures.increment(`{tw:live:0}:cell/${revenueHash}`, 'GOM01|CUD|87:assessed', '-70');
    await world.append(`${revenueHash}|GOM01|CUD|87`, null);
    await world.append(`${revenueHash}|${revenueCell}`, await record(revenueTopic, { ...cellOf('office-taxType-chapter', '2026-03', (world.last()?.revision ?? 0) - 1), office: 'KIN01', taxType: 'CUD', chapter: '87', assessed: 6_000n, relief: 0n, collected: 0n, refunded: 0n, deposits: 0n, lines: 0 }));
    const result = await restored();
    expect(await fieldsOf()).toEqual({ [`${revenueCell}:assessed`]: '100' });
    expect(liveOf(result)).toMatchObject({ differences: [] });
  });

  /** A record as the schema says it: by hand, not by the publisher. */
  const cellOf = (combination: string, period: string, revision: number): Record<string, unknown> => ({
    kind: 'CELL', revision, generation: 0, writer: 'somebody', status: 'PROVISIONAL', definitions: 'imts2010@1.0.0', combination, grain: 'month', period,
    periodFrom: Date.parse(`${period}-01T00:00:00+01:00`), periodTo: Date.parse('2026-04-01T00:00:00+01:00'), currency: 'CDF', adjustments: [], streamTime: 5, sourceOffsets: { 'customs.declarations.enriched.v1/0': 3 },
  });
  const record = async (topic: TopicName, value: Record<string, unknown>): Promise<Buffer> => new Encoder(await ownSchemaId(world.registry, topic), avroType(topicSchema(topic))).encode(value);

  test('money, masses, quantities and counts come back as the store has them; a unit that has gone is gone', async () => {
    const topic: TopicName = 'customs.aggregates.statistics.v1';
    const hash = 'statistics/flow-chapter-partner/month/2026-03';
    const row = { ...cellOf('flow-chapter-partner', '2026-03', 0), flow: 'IMPORT', hs6: null, chapter: '87', partner: 'JP', office: null, transportMode: null };
    await world.append(`${hash}|IMPORT|87|JP`, await record(topic, { ...row, value: 123_456_700n, netMassKg: 9_007_199_254_740_993n, quantities: [{ unit: 'NMB', value: 12_500n }], items: 3 }), topic);
    await restored();
    /** 12,345.67 CDF, 9,007,199,254,740.993 kg, 12.5 pieces. */
    expect(await fieldsOf(hash)).toEqual({ 'IMPORT|87|JP:value': '1234567', 'IMPORT|87|JP:netMassKg': '9007199254740993', 'IMPORT|87|JP:quantity.NMB': '12500', 'IMPORT|87|JP:items': '3' });
    /** Signed off at 3 items, and since then 1.5 kg less, 0.40 CDF and 2 items more. */
    const adjustments = [{ measure: 'netMassKg', amount: -15_000n }, { measure: 'value', amount: 4_000n }, { measure: 'items', amount: 20_000n }, { measure: 'quantity.KGM', amount: 5_000n }];
    await world.append(`${hash}|IMPORT|87|JP`, await record(topic, { ...row, revision: 1, status: 'CLOSED', value: 123_456_700n, netMassKg: 2_000n, quantities: [], items: 3, adjustments }), topic);
    await restored();
    expect(await fieldsOf(hash)).toEqual({ 'IMPORT|87|JP:value': '1234607', 'IMPORT|87|JP:netMassKg': '500', 'IMPORT|87|JP:quantity.KGM': '500', 'IMPORT|87|JP:items': '5' });
  });

  test('records of another currency, of another zone, and damaged ones are named, and left out', async () => {
    const row = { ...cellOf('office-taxType-chapter', '2026-03', 0), office: 'KIN01', taxType: 'CUD', chapter: '87', assessed: 990_000n, relief: 0n, collected: 0n, refunded: 0n, deposits: 0n, lines: 0 };
    await world.append(`${revenueHash}|A|B|1`, await record(revenueTopic, { ...row, currency: 'KRW' }));
    await world.append(`${revenueHash}|A|B|2`, await record(revenueTopic, { ...row, periodTo: Date.parse('2026-04-01T00:00:00+09:00') }));
    await world.append(`${revenueHash}|A|B|3`, Buffer.from('no frame'));
    const result = await restored();
    expect(result.unreadable.map(({ offset, why }) => `${offset} ${why}`)).toEqual([
      '0 its amounts are in KRW, this profile counts in CDF', '1 its period is cut in another time zone than that of this profile', expect.stringContaining('2 ') as string,
    ]);
    expect(result.sound).toBe(false);
    expect(await fieldsOf()).toEqual({});
  });

  test('a change-over whose end does not come is not restored, and what it changes to is not mixed in; with its end it is', async () => {
    await told(100);
    await world.stop();
    const marker = async (kind: string): Promise<Buffer> => record(revenueTopic, { ...cellOf('', '', 50), kind, generation: 1, period: '', periodFrom: 0, grain: '', sourceOffsets: {}, office: null, taxType: null, chapter: null, assessed: 0n, relief: 0n, collected: 0n, refunded: 0n, deposits: 0n, lines: 0 });
    await world.append('@generation', await marker('GENERATION_BEGIN'));
    await expect(restored()).rejects.toThrow(NotRestorable);
    await world.append('@generation', await marker('GENERATION_END'));
    await expect(restored(1)).rejects.toThrow('other figures have gone live meanwhile');
    for (const topic of ['customs.aggregates.statistics.v1', 'customs.aggregates.precursors.v1'] as const) {
      const empty = { ...cellOf('', '', 51), kind: 'GENERATION_END', generation: 1, period: '', periodFrom: 0, grain: '', sourceOffsets: {}, flow: null, hs6: null, chapter: null, partner: null, office: null, transportMode: null, list: null, substance: null, level: null, value: 0n, netMassKg: 0n, quantities: [], items: 0 };
      await world.append('@generation', await record(topic, empty), topic);
    }
    expect(await restored(1)).toMatchObject({ generation: 1, sound: true, topics: [{ live: { differences: [] } }, {}, {}] });
    expect(liveOf(await restored(0))).toEqual({ notCompared: 'changed-over' });
    expect(parseRestored(await world.store.reader(restoredPlace).manifest())).toMatchObject({ complete: true, generation: 1 });
  });

  describe('a month that was signed off', () => {
    beforeEach(async () => {
      await world.add(100);
      await world.timePasses(APRIL);
      await world.publish();
      await world.told(100);
      await signOff(world);
      await until('the closing is told', () => world.last()?.status === 'CLOSED');
    });

    test('is compared with its topic, as far as the aggregate topics carry it; the figure now is both together', async () => {
      await world.add(-30);
      await until('the adjustment is told', () => world.last()?.adjusted === -30);
      await world.stop();
      const result = await restored();
      const [closed] = result.closed;
      expect(closed).toMatchObject({ period: '2026-03', closedBy: 'N. Mbala', values: 5, compared: 1, notTold: 0, differences: [] });
      expect(closed?.digestOnTopic).toBe(closed?.digest);
      expect(result.sound).toBe(true);
      expect(await fieldsOf()).toEqual({ [`${revenueCell}:assessed`]: '70' });
      expect(liveOf(result)).toMatchObject({ differences: [] });
    });

    test('a published cell that is not what was signed off is named', async () => {
      await world.stop();
      const row = { ...cellOf('office-taxType-chapter', '2026-03', 1_000), office: 'KIN01', taxType: 'CUD', chapter: '87', relief: 0n, collected: 0n, refunded: 0n, deposits: 0n, lines: 0 };
      await world.append(`${revenueHash}|${revenueCell}`, await record(revenueTopic, { ...row, status: 'CLOSED', assessed: 10_100n, adjustments: [{ measure: 'assessed', amount: -100n }] }));
      const result = await restored();
      expect(result.closed[0]?.differences).toEqual([{ hash: revenueHash, field: `${revenueCell}:assessed`, signedOff: '100', published: '101' }]);
      expect(liveOf(result)).toMatchObject({ differences: [] });
      expect(result.sound).toBe(false);
    });

    test('whose topic does not have its digest is named', async () => {
      await world.stop();
      const records = await ClosedRecords.create(world.registry);
      const seal = (await records.readSeals(await new MemoryLog(world.broker).inspector())).get('2026-03');
      const sink = await new MemoryLog(world.broker).sink();
      await sink.send(records.pieces('2026-03', seal?.closeId ?? '', 'revenue/taxType-origin/month/2026-03', new Map([['CUD|DE:assessed', '1']])));
      const result = await restored();
      expect(result.closed).toMatchObject([{ digest: seal?.digest, compared: 1, differences: [] }]);
      expect(result.closed[0]?.digestOnTopic).not.toBe(seal?.digest);
      expect(result.sound).toBe(false);
    });
  });

  test('a month that publish has not called closed yet is not held against it', async () => {
    await world.add(100);
    await world.timePasses(APRIL);
    await world.publish();
    await world.told(100);
    await world.stop();
    await signOff(world);
    expect(await restored()).toMatchObject({ sound: true, closed: [{ values: 5, compared: 0, notTold: 1, differences: [] }] });
  });
});

/** The whole flow on generated declarations; expected is what the generator's own arithmetic comes to. */
describe('a generated history', () => {
  const config = readConfig({ TIDEWAITER_PROFILE: 'CD', TIDEWAITER_REFUSAL_SHARE: '1', TIDEWAITER_LEDGER_BUCKETS: '16' });
  let system: InMemorySystem;
  const figures = new ExpectedFigures(profile);

  beforeAll(async () => {
    system = await InMemorySystem.start(config);
    const { neighbours } = system;
    const encoder = new Encoder(await ownSchemaId(neighbours.registry(), rawTopic), avroType(topicSchema(rawTopic)));
    const log = neighbours.log();
    const sink = await log.sink();
    const lines = [...generate({ profile, seed: 'restored', count: 2_000, days: 60, untilMs: Date.UTC(2026, 5, 1), withFaults: false }, emptyTally(), (events) => figures.add(events))];
    const declarations = lines.map((line, index) => readNdjsonLine(line, index + 1)?.declaration as RawDeclaration);
    await sink.send(declarations.map((declaration) => ({ topic: rawTopic, partition: log.partitionOf(declaration.declarationId, config.TIDEWAITER_PARTITIONS), key: declaration.declarationId, value: encoder.encode(declaration) })));
    await system.drained();
  });
  afterAll(() => system.stop());

  test.each([[1], [3]])('every published cell comes back, on %i shards; what the topics have is what the live figures are', async (shards) => {
    const { neighbours } = system;
    const store = new MemoryStore({ partitions: config.TIDEWAITER_PARTITIONS, shards });
    const progress: [number, number][] = [];
    const result = await restore({ log: neighbours.log(), registry: neighbours.registry(), live: neighbours.figures(), store, onProgress: (offsets, total) => progress.push([offsets, total]) });
    const isPublished = (key: string): boolean => /^(revenue\/office-taxType-chapter\/month|statistics\/flow-chapter-partner\/month|precursors\/list-substance-flow-partner-level\/(day|month))\//.test(key);
    const expected = new Map([...expectedCells(independentRows(figures))].filter(([key]) => isPublished(key)));
    expect(differencesOf(expected, await cellsOf(store.reader(restoredPlace), [...published, 'operations', 'quality']))).toEqual([]);
    expect(expected.size).toBeGreaterThan(3_000);
    expect(result).toMatchObject({ sound: true, unreadable: [] });
    for (const { live } of result.topics) expect(live).toMatchObject({ moving: 0, differences: [] });
    expect(progress.at(-1)).toEqual([progress.at(-1)?.[1], progress.at(-1)?.[1]]);
    expect(new Set([...store.figures.data.hashes.keys()].map((key) => key.slice(0, key.indexOf('}')))).size).toBe(shards);
  });
});
