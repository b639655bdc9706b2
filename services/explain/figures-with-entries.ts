/**
 * Figures as `query` reads them, and beside them the ledger entries of all declarations that may make them up. In small
 * pieces first, which hold nobody up: right for whatever does not move meanwhile. Or as of one moment.
 */
import { limits } from '../limits';
import type { FiguresSource } from '../query/answer-query';
import type { FigureReader, FiguresAnswer, NamespaceNotes, HashOfFigures, LedgerEntry, LedgerStore } from '../shell/figure-store';
import { countedTopic } from '../topology';

export interface StorePorts {
  readonly reader: Pick<FigureReader, 'readFigures' | 'readNotes' | 'inputs'>;
  readonly ledger: Pick<LedgerStore, 'readIndex' | 'readLedger' | 'readMoment'>;
  readonly partitions: number;
  /** Declarations of the period that are looked through at most; absent: however many there are. */
  readonly mostDeclarations?: number;
}

/** More declarations of the period than whoever asks may look through. */
export class TooWide extends Error {
  constructor(most: number) { super(`more than ${most} declarations have a date in this period, and all of them would have to be looked through: narrow it to a shorter period, or ask "tidewaiter explain" on the server, which has no such bound`); }
}

/** What was read last. */
export interface Reading { readonly figures: Exclude<FiguresAnswer, { tooManyFields: number }>; readonly hashes: readonly HashOfFigures[]; readonly entries: readonly LedgerEntry[] }

export class FiguresWithEntries implements FiguresSource {
  reading: Reading | undefined;
  private indexed = 0;

  constructor(private readonly ports: StorePorts, private readonly days: readonly string[], private readonly atOnce: boolean) {}

  readNotes(): Promise<NamespaceNotes> { return this.ports.reader.readNotes(); }

  async readFigures(hashes: readonly string[], maxFields: number): Promise<FiguresAnswer> {
    const { positions, counted } = this.partitions();
    this.indexed = 0;
    const before = await this.readNotes();
    const moment = this.atOnce ? await this.ports.ledger.readMoment({ positions, counted, days: this.days, hashes, maxIndexBytes: limits.indexBytesAtOnce }) : { tooLarge: true };
    if ('entries' in moment) {
      const figures = { ...moment, notes: { before, since: await this.readNotes() } };
      this.reading = { figures, hashes: moment.hashes, entries: moment.entries };
      return figures;
    }
    const indexed = await Promise.all(counted.map(async ({ partition }) => ({ partition, ids: await this.idsOf(partition) })));
    const entries = (await Promise.all(indexed.map(({ partition, ids }) => this.inPieces(partition, ids)))).flat();
    const figures = await this.ports.reader.readFigures(hashes, maxFields);
    this.reading = 'hashes' in figures ? { figures, hashes: figures.hashes, entries } : undefined;
    return figures;
  }

  private partitions(): { positions: Parameters<LedgerStore['readMoment']>[0]['positions']; counted: { topic: typeof countedTopic; partition: number }[] } {
    const all = Array.from({ length: this.ports.partitions }, (_, partition) => partition);
    return { positions: this.ports.reader.inputs.flatMap((topic) => all.map((partition) => ({ topic, partition }))), counted: all.map((partition) => ({ topic: countedTopic, partition })) };
  }

  /** A few weeks at a time: what is too wide is not read to its end. */
  private async idsOf(partition: number): Promise<readonly string[]> {
    const { ledger, mostDeclarations = Infinity } = this.ports;
    const ids = new Set<string>();
    for (let start = 0; start < this.days.length; start += limits.indexDaysPerRead) {
      const before = ids.size;
      for (const id of await ledger.readIndex({ topic: countedTopic, partition }, this.days.slice(start, start + limits.indexDaysPerRead))) ids.add(id);
      this.indexed += ids.size - before;
      if (this.indexed > mostDeclarations) throw new TooWide(mostDeclarations);
    }
    return [...ids];
  }

  private async inPieces(partition: number, ids: readonly string[]): Promise<LedgerEntry[]> {
    const { ledger } = this.ports;
    const target = { topic: countedTopic, partition };
    const found: LedgerEntry[] = [];
    for (let start = 0; start < ids.length; start += limits.entriesPerExplainRead) {
      const piece = ids.slice(start, start + limits.entriesPerExplainRead);
      const { entries } = await ledger.readLedger(target, piece);
      entries.forEach((entry, index) => { if (entry) found.push({ partition, declarationId: piece[index] as string, entry }); });
    }
    return found;
  }
}
