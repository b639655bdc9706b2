import { parseMoment, parseScientific } from './exact-text';

test.each([
  ['372254.4', 4, 3722544000n], ['1.2E7', 4, 120000000000n], ['1.2e-3', 4, 12n], ['241.58000000000004', 4, 2415800n],
  ['0.00005', 4, 1n], ['0.00004999', 4, 0n], ['-0.00005', 4, -1n], ['108.', 6, 108000000n], ['9007199254740993', 0, 9007199254740993n], ['+7', 1, 70n], [' 8.0 ', 4, 80000n],
])('%s at scale %i', (text, scale, expected) => {
  expect(parseScientific(text, scale)).toBe(expected);
});

test.each(['', '.5', '1,5', 'NaN', 'Infinity', '0x10', '1e999', '1e50', '1 2'])('"%s" is no number', (text) => {
  expect(parseScientific(text, 4)).toBeUndefined();
});

test.each([
  ['2026-03-15T10:05:00.000Z', Date.UTC(2026, 2, 15, 10, 5)], ['2026-03-15T10:05Z', Date.UTC(2026, 2, 15, 10, 5)], ['2026-03-15T10:05:07.5Z', Date.UTC(2026, 2, 15, 10, 5, 7, 500)],
  ['2026-03-15T10:05:00+09:00', Date.UTC(2026, 2, 15, 1, 5)], ['2026-03-15T22:05:00-03:30', Date.UTC(2026, 2, 16, 1, 35)], ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
])('%s is a moment', (text, ms) => {
  expect(parseMoment(text)).toBe(ms);
});

test.each(['2026-03-15', '2026-03-15T10:05:00', '2026-02-29T00:00:00Z', '2026-13-01T00:00:00Z', '2026-03-15T24:00:00Z', '2026-03-15T10:60:00Z', '2026-03-15T10:05:61Z', '2026-03-15T10:05:00.0001Z', '1773568800000'])('%s is none', (text) => {
  expect(parseMoment(text)).toBeUndefined();
});
