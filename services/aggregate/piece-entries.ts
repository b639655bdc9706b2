/**
 * New ledger entries of a piece, by declaration id, as bytes in one buffer: the overlay that lives only until the script has
 * answered. An object for each outlived the young generation: without them and those of `RecordInSet` the pauses of the collector in a replay are a quarter shorter.
 */
import type { CountedFacts, EntriesById, KeptFacts } from '../domain/facts';

const LEAST_BYTES = 16 * 1024;
const LENGTH_BYTES = 4;

export class PieceEntries implements EntriesById {
  private bytes = Buffer.allocUnsafe(LEAST_BYTES);
  private end = 0;
  /** Where each begins: u32 length, and as many bytes. */
  private readonly places = new Map<string, number>();

  constructor(private readonly kept: Pick<KeptFacts, 'encode'>) {}

  get size(): number { return this.places.size; }
  has(declarationId: string): boolean { return this.places.has(declarationId); }
  keys(): Iterable<string> { return this.places.keys(); }

  get(declarationId: string): Buffer | undefined {
    const place = this.places.get(declarationId);
    return place === undefined ? undefined : this.at(place);
  }

  *[Symbol.iterator](): Iterator<[string, Buffer]> {
    for (const [id, place] of this.places) yield [id, this.at(place)];
  }

  /** In the place of what was there of the declaration. */
  set(declarationId: string, facts: CountedFacts): void {
    const begin = this.end + LENGTH_BYTES;
    let end: number;
    while ((end = this.kept.encode(facts, this.bytes, begin)) < 0) this.grow(this.bytes.length - end);
    this.bytes.writeUInt32BE(end - begin, this.end);
    this.places.set(declarationId, this.end);
    this.end = end;
  }

  private at(place: number): Buffer {
    const begin = place + LENGTH_BYTES;
    return this.bytes.subarray(begin, begin + this.bytes.readUInt32BE(place));
  }

  private grow(least: number): void {
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, least));
    this.bytes.copy(larger, 0, 0, this.end);
    this.bytes = larger;
  }
}
