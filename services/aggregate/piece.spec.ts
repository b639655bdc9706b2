import { Calendar } from '../domain/period';
import { initialPosition } from '../domain/position';
import { readCubes } from '../shell/definition-files';
import { congo, enriched, origin, raw, time } from '../../test/support/declarations';
import { nothingKept } from '../../test/support/kept-facts';
import { Piece } from './piece';

const streamTimeAfter = (occurredAt: string, arrivedAt: string): string => {
  const piece = new Piece(readCubes(), new Calendar(congo.timeZone), () => 0, initialPosition(0, 0), nothingKept);
  piece.add(enriched(raw({ occurredAt: time(occurredAt) }), origin({ timestamp: time(arrivedAt) })), 0);
  return new Date(piece.positionAfter(1).streamTimeMs).toISOString();
};

/** Ingest lets dates through that lie a day ahead: one of them made a month final 24 hours before it ended. */
test('an event moves stream time to when it occurred, and never beyond its arrival at the broker', () => {
  expect(streamTimeAfter('2026-03-31T22:10:00Z', '2026-03-31T22:15:00Z')).toBe('2026-03-31T22:10:00.000Z');
  expect(streamTimeAfter('2026-04-01T20:00:00Z', '2026-03-31T22:15:00Z')).toBe('2026-03-31T22:15:00.000Z');
});
