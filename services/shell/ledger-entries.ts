/** Counted facts as the store keeps them: read with the position that they belong to, written many into one buffer. */
import type { Type } from 'avsc';
import type { CountedFacts } from '../domain/facts';
import { limits } from '../limits';
import { Encoder } from './avro/codec';
import type { PartitionOwner } from './partition-owner';

export class LedgerEntries {
  private readonly encoder: Encoder;

  constructor(private readonly facts: Type) { this.encoder = new Encoder(undefined, facts); }

  /** What the ledger keeps of some declarations; undefined when the store is not where the owner left it. */
  async read(owner: PartitionOwner, declarationIds: readonly string[]): Promise<Map<string, CountedFacts> | undefined> {
    const found = new Map<string, CountedFacts>();
    const asked = declarationIds.filter((id) => owner.mayKnow(id));
    for (let start = 0; start < asked.length; start += limits.ledgerEntriesPerRead) {
      const some = asked.slice(start, start + limits.ledgerEntriesPerRead);
      const { position, entries } = await owner.readLedger(some);
      if (!owner.standsAt(position)) return undefined;
      for (let index = 0; index < entries.length; index++) {
        const entry = entries[index];
        if (entry) found.set(some[index] as string, this.decode(entry));
      }
    }
    return found;
  }

  decode(entry: Buffer): CountedFacts { return this.facts.fromBuffer(entry) as CountedFacts; }

  encode(entries: ReadonlyMap<string, CountedFacts>): Map<string, Buffer> {
    const encoded = new Map<string, Buffer>();
    for (const [id, facts] of entries) encoded.set(id, this.encoder.encode(facts));
    return encoded;
  }
}
