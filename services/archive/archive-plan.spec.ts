import type { FileManifest } from './archive-manifest';
import { manifestText, parseManifest } from './archive-manifest';
import { gapsOf } from './archive-chain';
import { planPartition } from './archive-plan';

const digest = 'a'.repeat(64);
const file = (firstOffset: number, nextOffset: number, leftOut?: { from: number; next: number }): FileManifest => ({
  form: 1, topic: 'customs.declarations.raw.v1', partition: 0, day: '2026-11-26', firstOffset, nextOffset, records: 1, bytes: 1, sha256: digest,
  lastRecord: { offset: nextOffset - 1, digest }, schemas: { 12: digest, 7: digest }, unknownSchemas: [99], ...(leftOut ? { leftOut } : {}),
});

test('an archive begins where its log does', () => {
  expect(planPartition(undefined, { start: 5, end: 9 }, false)).toEqual({ from: 5, readFrom: 5, next: 9, recognise: undefined, leftOut: undefined });
});

test('it goes on behind its last offset, after the last record was read again', () => {
  expect(planPartition(file(0, 10), { start: 0, end: 30 }, false)).toEqual({ from: 10, readFrom: 9, next: 30, recognise: { offset: 9, digest }, leftOut: undefined });
  expect(planPartition(file(0, 10), { start: 9, end: 10 }, false)).toMatchObject({ from: 10, readFrom: 9, next: 10 });
});

test('where retention has taken the last record and nothing else, nothing is missing', () => {
  expect(planPartition(file(0, 10), { start: 10, end: 12 }, false)).toEqual({ from: 10, readFrom: 10, next: 12, recognise: undefined, leftOut: undefined });
});

test('what is in neither is refused, and left out only at a word', () => {
  expect(planPartition(file(0, 10), { start: 11, end: 12 }, false)).toEqual({ refused: expect.stringContaining('offsets 10 to 10 are neither in the archive nor in the log') });
  expect(planPartition(file(0, 10), { start: 11, end: 12 }, true)).toEqual({ from: 11, readFrom: 11, next: 12, recognise: undefined, leftOut: { from: 10, next: 11 } });
});

test('a log that ends before the archive does is refused, whatever the word', () => {
  for (const word of [true, false]) expect(planPartition(file(0, 10), { start: 0, end: 9 }, word)).toEqual({ refused: expect.stringContaining('made anew') });
});

test('files join; gaps, overlaps and what was left out are told apart', () => {
  expect(gapsOf([file(3, 10), file(10, 20), file(25, 30, { from: 20, next: 25 })])).toEqual([]);
  expect(gapsOf([file(0, 10), file(12, 20)])).toMatchObject([{ offset: 10, fault: 'offsets 10 to 11 in front of it are missing' }]);
  expect(gapsOf([file(0, 10), file(8, 20)])).toMatchObject([{ offset: 8, fault: 'offsets 8 to 9 are in the file before it too' }]);
  expect(gapsOf([file(0, 10), file(25, 30, { from: 20, next: 25 })])).toMatchObject([{ offset: 10 }]);
  expect(gapsOf([file(0, 10), file(25, 30, { from: 10, next: 24 })])).toMatchObject([{ offset: 25 }]);
  expect(gapsOf([file(25, 30, { from: 10, next: 25 })])).toMatchObject([{ offset: 10, fault: 'the files in front of what was left out are missing' }]);
});

test('a manifest is read as it was written, and what is no manifest is said to be none', () => {
  for (const manifest of [file(0, 10), file(20, 30, { from: 10, next: 20 })]) {
    expect(parseManifest(manifestText(manifest))).toEqual(manifest);
    expect(manifestText(parseManifest(manifestText(manifest)) as FileManifest)).toBe(manifestText(manifest));
  }
  expect(parseManifest('{"form":1')).toBe('the manifest is no JSON');
  expect(parseManifest(JSON.stringify({ ...file(0, 10), form: 2 }))).toContain('form');
  expect(parseManifest(JSON.stringify({ ...file(0, 10), more: 1 }))).toContain('more');
});
