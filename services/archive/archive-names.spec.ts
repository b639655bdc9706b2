import { dayFolder, dayNumber, dayOf, schemaFile, schemaIdOf, spanName, spanOf } from './archive-names';

test('days are of UTC, and begin at midnight there', () => {
  expect(dayOf(Date.UTC(2026, 10, 25, 23, 59, 59, 999))).toBe('2026-11-25');
  expect(dayOf(Date.UTC(2026, 10, 26))).toBe('2026-11-26');
  expect(dayNumber(Date.UTC(2026, 10, 26)) - dayNumber(Date.UTC(2026, 10, 26) - 1)).toBe(1);
  expect(dayOf(-1)).toBe('1969-12-31');
});

test('a time that no calendar has is no day, and no crash', () => {
  for (const ms of [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, Date.UTC(10_000, 0, 1), Date.UTC(1899, 11, 31)]) expect(dayOf(ms)).toBe('undated');
});

test('names sort as offsets do, and give them back', () => {
  const spans = [{ from: 9, next: 10 }, { from: 10, next: 99 }, { from: 99, next: 100_000 }, { from: 100_000, next: Number.MAX_SAFE_INTEGER }];
  const names = spans.map(spanName);
  expect([...names].sort()).toEqual(names);
  expect(names.map((name) => spanOf(`${name}.parquet`, '.parquet'))).toEqual(spans);
  expect(dayFolder('customs.declarations.raw.v1', 3, '2026-11-26')).toBe('customs.declarations.raw.v1/3/2026-11-26');
});

test.each(['0000000000000000-0000000000000010.json.unfinished', '0-10.parquet', '12.unfinished', 'readme.json'])('%s is no name of an archived file', (name) => {
  expect(spanOf(name, '.json') ?? spanOf(name, '.parquet')).toBeUndefined();
});

test('schemas are named by their id', () => {
  expect(schemaIdOf(schemaFile(4_294_967_295).replace('schemas/', ''))).toBe(4_294_967_295);
  expect(schemaIdOf('7.avsc.unfinished')).toBeUndefined();
});
