import { fewAtOnce, stepKind, stepsOf } from './series';

const ever = () => '9999';

describe('steps of a line', () => {
  it('cuts periods into the next smaller one', () => {
    expect(stepsOf('year:2026', '', ever)).toHaveLength(12);
    expect(stepsOf('quarter:2026-Q4', '', ever).map(({ period }) => period)).toEqual(['month:2026-10', 'month:2026-11', 'month:2026-12']);
    expect(stepsOf('month:2028-02', '', ever)).toHaveLength(29);
    expect(stepsOf('day:2026-03-15', '', ever)[7]).toEqual({ period: 'hour:2026-03-15T07', label: '2026-03-15T07' });
    expect(stepsOf('hour:2026-03-15T07', '', ever)).toEqual([]);
    expect(stepKind('rolling:1h')).toBeUndefined();
  });

  it('asks for nothing that has not begun', () => {
    expect(stepsOf('month:2026-03', '', () => '2026-03-04').map(({ label }) => label)).toEqual(['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04']);
  });

  it('cuts a rolling window backwards from its end', () => {
    const steps = stepsOf('rolling:7d', '2026-03-15T10:05:00.000Z', ever);
    expect(steps).toHaveLength(7);
    expect(steps[0]).toEqual({ period: 'rolling:24h', label: '2026-03-09T10:05:00.000Z', at: '2026-03-09T10:05:00.000Z' });
    expect(steps[6]?.at).toBe('2026-03-15T10:05:00.000Z');
  });

  it('keeps to a few questions at once', async () => {
    let running = 0;
    let most = 0;
    const task = (value: number) => async () => {
      most = Math.max(most, ++running);
      await new Promise((done) => setTimeout(done, 1));
      running--;
      return value;
    };
    expect(await fewAtOnce([1, 2, 3, 4, 5].map(task), 2)).toEqual([1, 2, 3, 4, 5]);
    expect(most).toBe(2);
  });
});
