import { commaSeparated, dayOrMoment, dimensionValue, moment, positiveInteger, seconds } from './arguments';

test('moments, days as midnight UTC', () => {
  expect(moment('2026-03-15')).toBe(Date.UTC(2026, 2, 15));
  expect(moment('2026-03-15T10:05+01:00')).toBe(Date.UTC(2026, 2, 15, 9, 5));
  expect(() => moment('yesterday')).toThrow('Expected a moment');
});

test('days as they begin in the authority’s zone', () => {
  expect(dayOrMoment('2026-03-15')('Asia/Seoul')).toBe(Date.UTC(2026, 2, 14, 15));
  expect(dayOrMoment('2026-03-15T10:05Z')('Asia/Seoul')).toBe(Date.UTC(2026, 2, 15, 10, 5));
  expect(() => dayOrMoment('2026-02-30')).toThrow('Expected a moment');
});

test('numbers', () => {
  expect(positiveInteger('20')).toBe(20);
  for (const text of ['0', '-1', '1.5', '', '1e3', '99999999999999999']) expect(() => positiveInteger(text)).toThrow('whole number');
  expect(seconds('0.5')).toBe(0.5);
  for (const text of ['', 'x', '-1', 'Infinity']) expect(() => seconds(text)).toThrow('seconds');
});

test('dimensions', () => {
  expect(commaSeparated('office, taxType,')).toEqual(['office', 'taxType']);
  expect(dimensionValue('office=A=B', { flow: 'IMPORT' })).toEqual({ flow: 'IMPORT', office: 'A=B' });
  expect(dimensionValue('office=', {})).toEqual({ office: '' });
  expect(() => dimensionValue('=x', {})).toThrow('dimension=value');
  expect(() => dimensionValue('office=1', { office: '2' })).toThrow('given twice');
});
