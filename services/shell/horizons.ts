/** Before which moment cells of fine grains are not kept: let go by retention, or never counted by a replay that leaves them out. */
import { grains, isFine, type Grain, type Horizons } from '../domain/period';
import { horizonNote, type NamespaceNotes } from './figure-store';

/** The part of what a namespace is made of that says so; it is there as long as the figures are. */
interface Made { readonly fineSinceMs?: number }

/** Retention notes a horizon before it lets cells go: what was read before these notes, and lies behind them, was whole. */
export function horizonsOf({ manifest, notes }: NamespaceNotes): Horizons {
  const { fineSinceMs = 0 } = manifest === undefined ? {} : (JSON.parse(manifest) as Made);
  const horizons = grains.map((grain): [Grain, number] => [grain, Math.max(Number(notes.get(horizonNote(grain)) ?? 0), isFine(grain) ? fineSinceMs : 0)]);
  return Object.fromEntries(horizons.filter(([, horizonMs]) => horizonMs > 0));
}
