import { formatAbout, formatAge, formatClock, formatMoment, formatRecent, periodKeys } from './moments';

describe('moments', () => {
  it('are in the time zone of the authority', () => {
    expect(formatClock('2026-03-15T22:30:05.000Z', { locale: 'en-GB', timeZone: 'Africa/Kinshasa' })).toBe('23:30:05');
    expect(formatMoment('2026-03-15T23:30:05.000Z', { locale: 'en-GB', timeZone: 'Africa/Kinshasa' })).toBe('16 Mar 2026, 00:30:05');
    expect(formatMoment('never', { locale: 'en-GB', timeZone: 'UTC' })).toBe('never');
  });

  it.each([[0, '0 s'], [59_499, '59 s'], [61_000, '1 min 01 s'], [3_660_000, '1 h 01 min'], [49 * 3_600_000, '2 j 1 h'], [-5, '0 s']])('an age of %s ms', (milliseconds, text) => {
    expect(formatAge(milliseconds, 'j')).toBe(text);
  });

  it.each([[60, '1 min'], [130, '2 min'], [3_540, '59 min'], [3_700, '1 h'], [5_000, '1 h 20 min'], [7_190, '2 h'], [86_400, '24 h']])('an estimate of %s seconds', (seconds, text) => {
    expect(formatAbout(seconds)).toBe(text);
  });

  it('show the date where it is not today, in the time zone of the authority', () => {
    const clock = { locale: 'en-GB', timeZone: 'Africa/Kinshasa' };
    const nowMs = Date.parse('2026-03-15T23:30:00Z');
    expect(formatRecent('2026-03-15T23:10:05.000Z', nowMs, clock)).toBe('00:10:05');
    expect(formatRecent('2026-03-15T22:59:59.000Z', nowMs, clock)).toBe('15 Mar 2026, 23:59:59');
    expect(formatRecent('never', nowMs, clock)).toBe('never');
  });

  it('names the periods that hold an instant', () => {
    expect(periodKeys(Date.parse('2026-03-31T23:30:00Z'), 'Africa/Kinshasa')).toEqual({ year: '2026', month: '2026-04', day: '2026-04-01', hour: '2026-04-01T00', quarter: '2026-Q2' });
  });
});
