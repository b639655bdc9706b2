/** Counted facts as the store keeps them: read with the position that they belong to, written where the caller says. */
import type { Type } from 'avsc';
import type { CountedFacts, KeptFacts } from '../domain/facts';
import { limits } from '../limits';
import type { PartitionOwner } from './partition-owner';

export class LedgerEntries {
  constructor(private readonly facts: Type) {}

  /** What the ledger keeps of some declarations; undefined when the store is not where the owner left it. */
  async read(owner: PartitionOwner, declarationIds: readonly string[]): Promise<Map<string, Buffer> | undefined> {
    const found = new Map<string, Buffer>();
    for (let start = 0; start < declarationIds.length; start += limits.ledgerEntriesPerRead) {
      const some = declarationIds.slice(start, start + limits.ledgerEntriesPerRead);
      const { position, entries } = await owner.readLedger(some);
      if (!owner.standsAt(position)) return undefined;
      for (let index = 0; index < entries.length; index++) {
        const entry = entries[index];
        if (entry) found.set(some[index] as string, entry);
      }
    }
    return found;
  }

  decode(entry: Buffer): CountedFacts { return this.facts.fromBuffer(entry) as CountedFacts; }

  /** `entryOf`: where entries are kept. */
  keptBy(entryOf: (declarationId: string) => Buffer | undefined): KeptFacts {
    return {
      of: (declarationId) => {
        const entry = entryOf(declarationId);
        return entry && this.decode(entry);
      },
      encode: (facts, target, at) => this.facts.encode(facts, target, at),
      decode: (entry) => this.decode(entry),
    };
  }
}
