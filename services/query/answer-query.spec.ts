import type { Cubes } from '../domain/cubes';
import { Calendar } from '../domain/period';
import { formatPosition } from '../domain/position';
import type { ClosedStore } from '../shell/closed-store';
import type { FigureReader } from '../shell/figure-store';
import { sealText } from '../closing/closed-records';
import { answerQuery, type LastKnown, type QueryContext, type QueryOutcome, type QueryRequest } from './answer-query';

const cubes = { operations: { view: 'operations', combinations: [{ id: 'office-stage', dimensions: ['office', 'stage'], grains: ['minute', 'hour', 'day', 'month'] }] } } as unknown as Cubes;
const context: QueryContext = { cubes, calendar: new Calendar('Africa/Kinshasa'), currency: 'CDF', minorUnits: 2, graceMs: 0, definitionsAt: () => 'imts2010@1.0.0', nowMs: Date.parse('2026-06-01T00:00Z') };
const streamTimeMs = Date.parse('2026-03-15T10:05:30Z');

function reader(cells: Record<string, Record<string, string>>, notes: Record<string, string> = {}): FigureReader {
  const said = { manifest: undefined, notes: new Map(Object.entries(notes)) };
  return {
    readFigures: async (hashes: readonly string[]) => ({
      positions: [{ topic: 'customs.declarations.enriched.v1', partition: 0, position: formatPosition({ next: 7, marks: {}, streamTimeMs, target: 0, last: '' }) }],
      hashes: hashes.map((hash) => ({ hash, fields: new Map(Object.entries(cells[hash] ?? {})) })), notes: { before: said, since: said },
    }),
    readNotes: async () => said,
  } as unknown as FigureReader;
}

/** Months that were signed off with these cells. */
function signedOff(months: Record<string, Record<string, Record<string, string>>>): ClosedStore {
  const seal = (period: string): string => sealText({ period, closeId: 'c', closedBy: 'N. Mbala', closedAtMs: Date.parse('2026-05-01T08:00Z'), digest: 'd', definitions: 'imts2010@0.9', hashes: 1, fields: 1, streamTimeMs, sourceOffsets: { 'customs.declarations.enriched.v1/0': 5 } });
  return {
    seals: async () => new Map(Object.keys(months).map((period) => [period, seal(period)])),
    readClosed: async (period: string, hashes: readonly string[]) => hashes.map((hash) => ({ hash, fields: new Map(Object.entries(months[period]?.[hash] ?? {})) })),
  } as unknown as ClosedStore;
}
const ask = (request: QueryRequest, given: QueryContext, figures: FigureReader, closed = signedOff({})): Promise<QueryOutcome> => answerQuery(request, given, figures, closed);

test('answers in the form of the contract', async () => {
  const answer = await ask({ view: 'operations', by: ['office'], where: { stage: 'aggregate' }, period: { kind: 'month', value: '2026-03' } }, context,
    reader({ 'operations/office-stage/month/2026-03': { 'KIN01|aggregate:declarations': '3', 'KIN01|enrich:alerts': '1' } }, { 'confirmed-through': String(Date.parse('2026-04-01T00:00Z')) }));
  expect(JSON.stringify(answer)).toBe('{"view":"operations","period":{"kind":"month","from":"2026-02-28T23:00:00.000Z","to":"2026-03-31T23:00:00.000Z"},"by":["office"],"where":{"stage":"aggregate"},"currency":"CDF","status":"final","definitions":"imts2010@1.0.0","asOf":{"streamTime":"2026-03-15T10:05:30.000Z","offsets":{"customs.declarations.enriched.v1/0":"7"}},"rows":[{"office":"KIN01","accepted":0,"amended":0,"cancelled":0,"refused":0,"alerts":0,"declarations":3}],"totals":{"accepted":0,"amended":0,"cancelled":0,"refused":0,"alerts":0,"declarations":3}}');
});

test('definitions are those that decided the events of the period', async () => {
  const asked = (value: string, definitions: Record<string, string>) => ask({ view: 'operations', by: [], where: {}, period: { kind: value.length > 4 ? 'month' : 'year', value } }, context, reader({ definitions }));
  const applied = { '2026-02|imts2010@2': '5', '2026-03|imts2010@3': '1', '2026-03|imts2010@2': '9', '2026-04|imts2010@4': '1' };
  expect(await asked('2026-03', applied)).toMatchObject({ definitions: 'imts2010@2, imts2010@3' });
  expect(await asked('2026', applied)).toMatchObject({ definitions: 'imts2010@2, imts2010@3, imts2010@4' });
  expect(await asked('2026-05', applied)).toMatchObject({ definitions: 'imts2010@1.0.0' });
});

test('a rolling window ends at the newest event seen, its minute included', async () => {
  const answer = await ask({ view: 'operations', by: [], where: {}, period: { kind: 'rolling', value: '1h' } }, context,
    reader({ 'operations/office-stage/minute/2026-03-15T11:05': { 'A|aggregate:declarations': '2' }, 'operations/office-stage/minute/2026-03-15T10:05': { 'A|aggregate:declarations': '100' }, 'operations/office-stage/minute/2026-03-15T10:06': { 'A|aggregate:declarations': '30' } }));
  expect(answer).toMatchObject({ period: { kind: 'rolling', length: '1h', from: '2026-03-15T09:05:00.000Z', to: '2026-03-15T10:05:00.000Z' }, totals: { declarations: 32 }, status: 'provisional' });
});

test('refuses what has been let go, also when it goes between planning and reading', async () => {
  const [kept, gone] = [reader({}), reader({}, { 'horizon-month': String(Date.parse('2027-01-01T00:00Z')), 'horizon-day': String(Date.parse('2027-01-01T00:00Z')), 'horizon-hour': String(Date.parse('2027-01-01T00:00Z')), 'horizon-minute': String(Date.parse('2027-01-01T00:00Z')) })];
  const answer = await ask({ view: 'operations', by: [], where: {}, period: { kind: 'month', value: '2026-03' } }, context, { ...kept, readFigures: (hashes, most) => gone.readFigures(hashes, most) });
  expect(answer).toEqual({ refused: 'operations: the month cells that this period needs are not there; they are kept from 2027-01-01T00:00:00.000Z on' });
});

describe('who asks again', () => {
  const cells = { 'operations/office-stage/minute/2026-03-15T11:05': { 'A|aggregate:declarations': '2' }, 'operations/office-stage/minute/2026-03-15T11:06': { 'A|aggregate:declarations': '5' } };
  const hour: QueryRequest = { view: 'operations', by: [], where: {}, period: { kind: 'rolling', value: '1h' } };
  const month: QueryRequest = { ...hour, period: { kind: 'month', value: '2026-03' } };
  /** Counts its calls; `at`: the newest event from now on. */
  function counted(): { readonly figures: FigureReader; readonly calls: string[]; atMs: number } {
    const calls: string[] = [];
    const world = { calls, atMs: streamTimeMs, figures: undefined as unknown as FigureReader };
    const plain = reader(cells);
    world.figures = {
      readNotes: async () => { calls.push('notes'); return plain.readNotes(); },
      readFigures: async (hashes: readonly string[]) => {
        calls.push(`figures ${hashes.length}`);
        return { ...(await plain.readFigures(hashes, 0)), positions: [{ topic: 'customs.declarations.enriched.v1', partition: 0, position: formatPosition({ next: 7, marks: {}, streamTimeMs: world.atMs, target: 0, last: '' }) }] };
      },
    } as unknown as FigureReader;
    return world;
  }

  test('is answered with one call, by what the last answer found', async () => {
    const world = counted();
    const last: LastKnown = {};
    await answerQuery(month, context, world.figures, signedOff({}), last);
    world.calls.length = 0;
    expect(await answerQuery(hour, context, world.figures, signedOff({}), last)).toMatchObject({ totals: { declarations: 2 } });
    expect(await answerQuery(month, context, world.figures, signedOff({}), last)).toMatchObject({ status: 'provisional' });
    expect(world.calls).toEqual(['figures 61', 'figures 2']);
  });

  test('is answered as of now all the same: the window has moved on', async () => {
    const world = counted();
    const last: LastKnown = {};
    await answerQuery(hour, context, world.figures, signedOff({}), last);
    world.atMs += 60_000;
    expect(await answerQuery(hour, context, world.figures, signedOff({}), last)).toMatchObject({ period: { to: '2026-03-15T10:06:00.000Z' }, totals: { declarations: 7 } });
  });

  test('is answered as of now all the same: the month was closed, or its cells have gone', async () => {
    const world = counted();
    const last: LastKnown = {};
    await answerQuery(month, context, world.figures, signedOff({}), last);
    expect(await answerQuery(month, context, world.figures, signedOff({ '2026-03': { 'operations/office-stage/month/2026-03': { 'A|aggregate:declarations': '9' } } }), last)).toMatchObject({ status: 'closed', totals: { declarations: 9 } });
    const gone = reader({}, { 'horizon-minute': String(Date.parse('2027-01-01T00:00Z')) });
    expect(await answerQuery({ ...hour, atMs: streamTimeMs }, context, gone, signedOff({}), last)).toEqual({ refused: expect.stringContaining('kept from 2027') as string });
    /** Of a namespace made anew under the same name. */
    expect(await answerQuery(hour, context, world.figures, signedOff({}), last)).toMatchObject({ totals: { declarations: 2 } });
  });
});

describe('a closed month', () => {
  const month = (value: string): string => `operations/office-stage/month/${value}`;
  const current = reader({ [month('2026-02')]: { 'A|aggregate:declarations': '5', 'B|aggregate:declarations': '1' }, [month('2026-03')]: { 'A|aggregate:declarations': '10' } });
  const february = signedOff({ '2026-02': { [month('2026-02')]: { 'A|aggregate:declarations': '7', 'C|aggregate:declarations': '2' } } });
  const request = (kind: 'month' | 'quarter', value: string, adjustments = false): QueryRequest => ({ view: 'operations', by: ['office'], where: {}, period: { kind, value }, adjustments });
  const declarations = (answer: QueryOutcome): unknown => 'rows' in answer && answer.rows.map(({ office, declarations: count }) => [office, count]);

  test('shows what was signed off, by whom, and that something came since', async () => {
    const answer = await ask(request('month', '2026-02'), context, current, february);
    expect(declarations(answer)).toEqual([['A', 7], ['C', 2]]);
    expect(answer).not.toHaveProperty('onlyAdjustments');
    expect(answer).toMatchObject({ status: 'closed', definitions: 'imts2010@0.9', adjusted: true, closed: [{ period: '2026-02', closedBy: 'N. Mbala', closedAt: '2026-05-01T08:00:00.000Z', digest: 'd', offsets: { 'customs.declarations.enriched.v1/0': '5' } }] });
  });

  test('its adjustments are what lies between, over the cells of both', async () => {
    const answer = await ask(request('month', '2026-02', true), context, current, february);
    expect(declarations(answer)).toEqual([['A', -2], ['B', 1], ['C', -2]]);
    expect(answer).toMatchObject({ status: 'final', onlyAdjustments: true });
  });

  test('a quarter adds what its months show, and is not closed while one of them is open', async () => {
    const answer = await ask(request('quarter', '2026-Q1'), context, current, february);
    expect(declarations(answer)).toEqual([['A', 17], ['C', 2]]);
    expect(answer).toMatchObject({ status: 'provisional', adjusted: true });
    expect(declarations(await ask(request('quarter', '2026-Q1', true), context, current, february))).toEqual([['A', -2], ['B', 1], ['C', -2]]);
  });

  test('an open month has no adjustments', async () => {
    expect(await ask(request('month', '2026-03', true), context, current, february)).toEqual({ refused: 'no month of this period is closed: there are no adjustments' });
  });

  test('while the store catches up, what was signed off stands, and whether something came since is not known', async () => {
    const lagging = reader({ [month('2026-02')]: { 'A|aggregate:declarations': '1' } }, { 'published-positions': JSON.stringify({ 'customs.declarations.enriched.v1/0': 99 }) });
    const answer = await ask(request('month', '2026-02'), context, lagging, february);
    expect(declarations(answer)).toEqual([['A', 7], ['C', 2]]);
    expect(answer).toMatchObject({ status: 'closed' });
    expect(answer).not.toHaveProperty('adjusted');
  });
});
