import type { PositionState } from '../domain/figure-status';
import type { FigureReader } from './figure-store';

/** What publish has noted of how far figures can be trusted. Read before the figures, which can only be newer. */
export async function readPositionNotes(reader: Pick<FigureReader, 'note'>): Promise<Omit<PositionState, 'positions'>> {
  const [confirmed, published] = await Promise.all([reader.note('confirmed-through'), reader.note('published-positions')]);
  return { confirmedThroughMs: Number(confirmed ?? 0), publishedPositions: JSON.parse(published ?? '{}') as Record<string, number> };
}
