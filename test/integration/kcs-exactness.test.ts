/**
 * All of the Korean open data through the real system, aggregate killed in the middle: every cell of revenue,
 * statistics and quality by day and month equals SQL over the file, the books balance, and a subscriber that reads
 * the aggregate topics from the start ends with what `query` says. The six-digit table of that year is loaded.
 */
import { kcsOracle, kcsUnitValues } from '../oracle/kcs';
import { cellsOf, differencesOf, expectedCells } from '../support/redis-cells';
import { RunningSystem, sharedData, withShared } from '../support/running-system';
import { subscribe } from '../support/subscriber';

const suite = withShared ? describe : describe.skip;
const tariff = sharedData('hs2017.csv');
jest.setTimeout(300_000);

suite('the Korean year', () => {
  const system = new RunningSystem(1, { TIDEWAITER_PROFILE: 'KR' });
  beforeAll(async () => {
    await system.start();
    system.done('reference', 'load', 'tariff', tariff);
    const feeding = system.begin('feed', sharedData('kcs-train.csv'), '--format', 'kcs-csv', '--rate', '8000');
    await new Promise((next) => setTimeout(next, 2_500));
    const pid = system.pidOf('aggregate');
    process.kill(pid, 'SIGKILL');
    await system.until('aggregate runs again', () => system.status().services.some(({ name, pid: now, state }) => name === 'aggregate' && now !== pid && state === 'running'));
    expect(await feeding).toBe(0);
    system.drain(180);
  });
  afterAll(() => system.stop());

  test('every cell of revenue, statistics and quality by day and month is that of the oracle', async () => {
    const oracle = await kcsOracle(sharedData('kcs-train.csv'), tariff);
    const reader = system.figures();
    const actual = await cellsOf(reader, ['revenue', 'statistics', 'quality']);
    await reader.close();
    const byDayAndMonth = new Map([...actual].filter(([key]) => /\/(day|month)\//.test(key) && !/:delay\.\d+$/.test(key)));
    const expected = expectedCells(oracle.rows);
    expect(differencesOf(expected, byDayAndMonth)).toEqual([]);
    expect(expected.size).toBeGreaterThan(150_000);
  });

  test.each(['2020-03', '2020-12'])('unit values of %s that stand out are those of the oracle', async (month) => {
    const expected = await kcsUnitValues(sharedData('kcs-train.csv'), tariff, month);
    const { rows, absent } = JSON.parse(system.done('query', 'quality', '--period', `month:${month}`, '--by', 'hs6', '--json')) as { rows: { hs6: string; unitValues: number; unitValueOutliers: number }[]; absent: { family: string }[] };
    expect(rows.map(({ hs6, unitValues, unitValueOutliers }) => ({ hs6, compared: unitValues, outliers: unitValueOutliers }))).toEqual(expected);
    expect(expected.filter(({ outliers }) => outliers > 0).length).toBeGreaterThan(20);
    expect(absent.map(({ family }) => family)).toEqual(['arrival', 'content']);
  });

  test('the books balance: 37,385 received, 358 of them without a value, 3 with a code that HS 2017 lacks', () => {
    expect(system.status()).toMatchObject({ books: { raw: 37_385, counted: 37_024, leftOut: 0, refused: 361, ignored: 0, balanced: true }, drained: true });
  });

  test('each refused declaration is listed once, with its code', async () => {
    const { refused } = await kcsOracle(sharedData('kcs-train.csv'), tariff);
    const listed = system.done('rejects', 'list', '--json').trim().split('\n').map((line) => JSON.parse(line) as { declarationId: string; code: string });
    for (const code of ['E-VAL-NONPOSITIVE', 'E-HS-UNKNOWN'] as const) expect(listed.filter((reject) => reject.code === code).map(({ declarationId }) => declarationId).sort()).toEqual([...refused[code]].sort());
    expect(refused['E-HS-UNKNOWN']).toHaveLength(3);
    expect(listed).toHaveLength(361);
  });

  test('a subscriber that reads from the start ends with what query says, and no revision ever falls', async () => {
    const log = system.log();
    const { cells, fallenRevisions } = await subscribe(log, 'customs.aggregates.revenue.v1');
    await log.close();
    expect(fallenRevisions).toEqual([]);
    for (const month of ['2020-01', '2020-06', '2020-12']) {
      const { rows } = JSON.parse(system.done('query', 'revenue', '--period', `month:${month}`, '--by', 'office,taxType,chapter', '--json')) as { rows: { office: string; taxType: string; chapter: string; assessed: string; lines: number }[] };
      const published = [...cells.values()].filter(({ combination, period, lines }) => combination === 'office-taxType-chapter' && period === month && lines !== 0);
      expect(published.map((record) => [record['office'], record['taxType'], record['chapter'], (record['assessed'] as bigint) / 10_000n, record['lines']].join(' ')).sort())
        .toEqual(rows.map(({ office, taxType, chapter, assessed, lines }) => [office, taxType, chapter, assessed, lines].join(' ')).sort());
      expect(rows.length).toBeGreaterThan(100);
    }
  });
});
