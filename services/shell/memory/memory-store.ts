/** One figures server in memory and the two ports to it, for one namespace; other namespaces may share the server. */
import type { FiguresPlace } from '../../domain/namespace-directory';
import { aggregateInputs } from '../../topology';
import { Keys } from '../redis/keys';
import { MemoryClosedStore } from './memory-closed-store';
import { MemoryDirectoryStore } from './memory-directory-store';
import { MemoryFigureReader } from './memory-figure-reader';
import { MemoryFigures, type FiguresState } from './memory-figures';
import { MemoryLedgerStore } from './memory-ledger-store';
import { MemoryRestoredStore } from './memory-restored-store';

export interface MemoryStoreSettings {
  readonly partitions: number;
  readonly shards?: number;
  readonly buckets?: number;
  readonly namespace?: string;
  /** The server's clock, ms. */
  readonly now?: () => number;
}

export class MemoryStore {
  readonly figures: MemoryFigures;
  readonly keys: Keys;

  constructor(private readonly settings: MemoryStoreSettings, figures?: MemoryFigures) {
    this.figures = figures ?? new MemoryFigures(settings.now);
    this.keys = new Keys(settings.namespace ?? 'live', settings.shards ?? 1);
  }

  /** A store for one process: closing it closes nothing else. */
  ledger(place = this.place): MemoryLedgerStore { return new MemoryLedgerStore(this.figures, this.keysOf(place), this.settings.buckets ?? 16); }
  reader(place = this.place): MemoryFigureReader { return new MemoryFigureReader(this.figures, this.keysOf(place), place.inputs, this.settings.partitions); }
  closed(place = this.place): MemoryClosedStore { return new MemoryClosedStore(this.figures, this.keysOf(place), place.inputs, this.settings.partitions); }
  restored(place = this.place): MemoryRestoredStore { return new MemoryRestoredStore(this.figures, this.keysOf(place)); }
  directory(): MemoryDirectoryStore { return new MemoryDirectoryStore(this.figures); }

  private get place(): FiguresPlace { return { name: this.keys.namespace, inputs: aggregateInputs }; }
  private keysOf({ name }: FiguresPlace): Keys { return new Keys(name, this.keys.shards); }

  /** See MemoryFigures: everything goes back to one moment, claims and tokens too. */
  snapshot(): FiguresState { return this.figures.snapshot(); }
  restore(snapshot: FiguresState): void { this.figures.restore(snapshot); }
}
