/**
 * Figures of periods that were signed off, as readers find them quickly. They lie outside namespaces, as another
 * namespace may go live over them; the truth of them is customs.periods.closed.v1, from which they are restored.
 */
import type { CellRequest, HashOfFigures, PositionOf } from './figure-store';

export interface ClosedStore {
  /** Copies those of the hashes of cells that exist, each shard as of one moment; answers the positions that the copies reflect. An earlier copy for the period is replaced. */
  copy(period: string, hashes: readonly string[]): Promise<readonly PositionOf[]>;
  /** Fields of a copied hash, shards added up. */
  copied(period: string, hash: string): Promise<ReadonlyMap<string, string>>;
  discardCopies(period: string, hashes: readonly string[]): Promise<void>;

  /** Adds fields to a frozen hash; readers see nothing of it before the period is sealed. */
  put(period: string, hash: string, fields: ReadonlyMap<string, string>): Promise<void>;
  /** Text of the seal: written last, so whoever finds it finds all cells. */
  seal(period: string, text: string): Promise<void>;
  /** Takes seal and frozen hashes away again, the seal first. */
  unseal(period: string, hashes: readonly string[]): Promise<void>;
  /** Texts of all seals by period. */
  seals(): Promise<ReadonlyMap<string, string>>;
  /** Whole frozen hashes; undefined where the period has no seal. */
  readClosed(period: string, hashes: readonly string[], maxFields: number): Promise<readonly HashOfFigures[] | { readonly tooManyFields: number } | undefined>;
  /** Frozen values in the order asked (null: no such field); undefined where the period has no seal. */
  readClosedCells(period: string, cells: readonly CellRequest[]): Promise<readonly (string | null)[] | undefined>;
  /** How many frozen fields hashes have, in the order asked; undefined where the period has no seal. */
  frozenSizes(period: string, hashes: readonly string[]): Promise<readonly number[] | undefined>;
  /** Names of the frozen hashes of a period. */
  frozenNames(period: string): Promise<readonly string[]>;
  close(): Promise<void>;
}
