/** One figures server in memory and the two ports to it, for one namespace; other namespaces may share the server. */
import { aggregateInputs } from '../../topology';
import { Keys } from '../redis/keys';
import { MemoryClosedStore } from './memory-closed-store';
import { MemoryFigureReader } from './memory-figure-reader';
import { MemoryFigures, type FiguresState } from './memory-figures';
import { MemoryLedgerStore } from './memory-ledger-store';

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
  ledger(): MemoryLedgerStore { return new MemoryLedgerStore(this.figures, this.keys, this.settings.buckets ?? 16); }
  reader(): MemoryFigureReader { return new MemoryFigureReader(this.figures, this.keys, aggregateInputs, this.settings.partitions); }
  closed(): MemoryClosedStore { return new MemoryClosedStore(this.figures, this.keys, aggregateInputs, this.settings.partitions); }

  /** See MemoryFigures: everything goes back to one moment, claims and tokens too. */
  snapshot(): FiguresState { return this.figures.snapshot(); }
  restore(snapshot: FiguresState): void { this.figures.restore(snapshot); }
}
