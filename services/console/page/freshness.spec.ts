import { freshness } from './freshness';

it('calls figures stale once three ticks were missed', () => {
  const bounds = { tickMs: 5_000, missedTicks: 3 };
  expect(freshness(undefined, 100, bounds)).toBe('never');
  expect(freshness(1_000, 16_000, bounds)).toBe('live');
  expect(freshness(1_000, 16_001, bounds)).toBe('stale');
});
