import type { ExplainRequest, FigureExplanation } from '../../explain/explain-figure';
import type { LiveStores } from '../../shell/live-namespace';
import { KeptExplanations } from './kept-explanations';

const request: ExplainRequest = { view: 'revenue', where: {}, period: { kind: 'month', value: '2026-03' } };
const figure = { declarations: 3 } as FigureExplanation;
const live = { live: { name: 'live' } } as LiveStores;

it('keeps what may be paged on in, each under a name of its own', () => {
  const kept = new KeptExplanations({ most: 2, keepMs: 10 }, () => 0);
  const [one, other] = [kept.keep(request, figure, live), kept.keep(request, figure, live)];
  expect(one.token).not.toBe(other.token);
  expect(kept.of(one.token)).toMatchObject({ request, figure });
  expect(kept.of('none')).toBeUndefined();
});

it('lets the oldest go when there are too many, and all when their time is over', () => {
  let nowMs = 0;
  const kept = new KeptExplanations({ most: 2, keepMs: 10 }, () => nowMs);
  const tokens = [1, 2, 3].map(() => kept.keep(request, figure, live).token);
  expect(tokens.map((token) => kept.of(token) !== undefined)).toEqual([false, true, true]);
  nowMs = 11;
  expect(tokens.map((token) => kept.of(token) !== undefined)).toEqual([false, false, false]);
});
