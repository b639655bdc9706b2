/**
 * Figures counted again in a namespace of their own are those that the live services counted, value by value, ledger
 * entries too: from whichever topic, with however many workers, killed and begun again in between.
 */
import type { FiguresPlace } from '../../services/domain/namespace-directory';
import { answerQuery, type QueryRequest } from '../../services/query/answer-query';
import { queryContext } from '../../services/query/query-context';
import { sourceTopics } from '../../services/replay/fused/source-stages';
import { aggregateInputs } from '../../services/topology';
import { ReplayWorld, replayConfig } from '../support/replay-world';

jest.setTimeout(180_000);

let world: ReplayWorld;
beforeAll(async () => { world = await ReplayWorld.start('replay', 3_000); });
afterAll(() => world.stop());

test.each([...sourceTopics.map((source) => [source, 1] as const), ['customs.declarations.accepted.v1', 2] as const, ['customs.declarations.accepted.v1', 4] as const])('from %s with %i workers', async (source, workers) => {
  const manifest = await world.manifest(`${source.split('.')[2] ?? ''}-${workers}`, source);
  await world.replayed(manifest, workers);
  const live = world.figures('live');
  expect(live.length).toBeGreaterThan(20_000);
  expect(world.figures(manifest.name).filter((figure, index) => figure !== live[index])).toEqual([]);
  expect(world.figures(manifest.name)).toHaveLength(live.length);
  const entries = await world.ledger({ name: 'live', inputs: [] });
  expect(entries.length).toBeGreaterThan(1_000);
  expect(await world.ledger(manifest)).toEqual(entries);
});

test('minutes and hours before a day may be left out: nothing else is, and questions that need them are refused', async () => {
  /** Kinshasa has kept UTC+1 since 1920. */
  const [day, fineSinceMs] = ['2026-05-10', Date.UTC(2026, 4, 9, 23)];
  const manifest = await world.manifest('coarse', 'customs.declarations.accepted.v1', { fineSinceMs });
  await world.replayed(manifest, 2);
  const leftOut = (figure: string): boolean => { const [, , grain = '', period = ''] = (figure.split(' ')[0] as string).split('/'); return (grain === 'minute' || grain === 'hour') && period.slice(0, 10) < day; };
  const live = world.figures('live');
  expect(live.filter(leftOut).length).toBeGreaterThan(1_000);
  expect(live.filter((figure) => !leftOut(figure) && /\/minute\//.test(figure)).length).toBeGreaterThan(1_000);
  expect(world.figures('coarse')).toEqual(live.filter((figure) => !leftOut(figure)));
  const { neighbours } = world.system;
  const ask = async (place: FiguresPlace, view: 'revenue' | 'operations', period: QueryRequest['period']): Promise<unknown> => {
    const outcome = await answerQuery({ view, by: [], where: {}, period }, queryContext(replayConfig), neighbours.figures(place), neighbours.closed(place));
    return 'totals' in outcome ? outcome.totals : outcome;
  };
  expect(await ask(manifest, 'operations', { kind: 'minute', value: '2026-05-09T10:05' })).toEqual({ refused: expect.stringContaining('minute cells') as string });
  for (const period of [{ kind: 'minute', value: '2026-05-12T10:05' }, { kind: 'day', value: '2026-05-09' }] as const) expect(await ask(manifest, 'operations', period)).toEqual(await ask({ name: 'live', inputs: aggregateInputs }, 'operations', period));
});
