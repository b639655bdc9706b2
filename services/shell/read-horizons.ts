/** Before which moment cells of fine grains are not kept: let go by retention, or never counted by a replay that leaves them out. */
import { grains, isFine, type Grain, type Horizons } from '../domain/period';
import { horizonNote, type FigureReader } from './figure-store';

/** The part of what a namespace is made of that says so; it is there as long as the figures are. */
interface Made { readonly fineSinceMs?: number }

export async function readHorizons(reader: Pick<FigureReader, 'note' | 'manifest'>): Promise<Horizons> {
  const [manifest, ...notes] = await Promise.all([reader.manifest(), ...grains.map((grain) => reader.note(horizonNote(grain)))]);
  const { fineSinceMs = 0 } = manifest === undefined ? {} : (JSON.parse(manifest) as Made);
  const horizons = grains.map((grain, index): [Grain, number] => [grain, Math.max(Number(notes[index] ?? 0), isFine(grain) ? fineSinceMs : 0)]);
  return Object.fromEntries(horizons.filter(([, horizonMs]) => horizonMs > 0));
}
