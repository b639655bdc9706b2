import { connection, freshness } from './freshness';

it('calls figures stale once three ticks were missed', () => {
  const bounds = { tickMs: 5_000, missedTicks: 3 };
  expect(freshness(undefined, 100, bounds)).toBe('never');
  expect(freshness(1_000, 16_000, bounds)).toBe('live');
  expect(freshness(1_000, 16_001, bounds)).toBe('stale');
});

it.each([
  ['open', true, 'never', 'connecting'], ['open', true, 'live', 'live'], ['open', true, 'stale', 'stale'], ['lost', true, 'live', 'lost'],
  ['open', false, 'never', 'live'], ['connecting', false, 'never', 'connecting'], ['lost', false, 'never', 'lost'], ['none', false, 'never', 'none'],
] as const)('says of a stream that is %s (ticks %s, %s): %s', (state, ticks, fresh, said) => { expect(connection(state, ticks, fresh)).toBe(said); });
