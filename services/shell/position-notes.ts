import type { PositionState } from '../domain/figure-status';
import { CONFIRMED_NOTE, PUBLISHED_NOTE, type NamespaceNotes } from './figure-store';

/** What publish has noted of how far figures can be trusted. `notes`: read before the figures, which can only be newer. */
export function positionNotesOf({ notes }: NamespaceNotes): Omit<PositionState, 'positions'> {
  return { confirmedThroughMs: Number(notes.get(CONFIRMED_NOTE) ?? 0), publishedPositions: JSON.parse(notes.get(PUBLISHED_NOTE) ?? '{}') as Record<string, number> };
}
