/**
 * Hashes as they were read last: most of those that pages ask for again have not changed, and to compare their bytes costs a
 * tenth of taking them apart. What has not changed is the same map as before, for those who keep what they made of it.
 */
import { unpackPairs } from './unpacking';

export interface UnpackedLimits {
  /** Of all that is kept, as it came; 0: nothing is. */
  readonly bytes: number;
  /** Of one hash: larger ones change all the time. */
  readonly bytesOfHash: number;
  /** Of one reading: more of them would push out what is asked for again and again. */
  readonly hashesAtOnce: number;
}
interface Kept { readonly packed: Buffer; readonly fields: ReadonlyMap<string, string> }

export class UnpackedHashes {
  /** The longest unread first. */
  private readonly kept = new Map<string, Kept>();
  private bytes = 0;

  constructor(private readonly limits: UnpackedLimits) {}

  /** `key`: of the hash, whole; `among`: how many are read together. */
  of(key: string, packed: Buffer, among: number): ReadonlyMap<string, string> {
    const known = this.kept.get(key);
    if (known) this.letGo(key, known);
    if (known?.packed.equals(packed)) return this.keep(key, known);
    const fields = new Map<string, string>();
    unpackPairs(packed, (field, value) => fields.set(field, value));
    if (packed.length > Math.min(this.limits.bytesOfHash, this.limits.bytes) || among > this.limits.hashesAtOnce) return fields;
    /** A copy: the reply is part of a larger buffer, which it would hold. */
    return this.keep(key, { packed: Buffer.from(packed), fields });
  }

  private keep(key: string, kept: Kept): ReadonlyMap<string, string> {
    this.kept.set(key, kept);
    this.bytes += kept.packed.length;
    for (const [oldest, { packed }] of this.kept) {
      if (this.bytes <= this.limits.bytes) break;
      this.kept.delete(oldest);
      this.bytes -= packed.length;
    }
    return kept.fields;
  }

  private letGo(key: string, { packed }: Kept): void {
    this.kept.delete(key);
    this.bytes -= packed.length;
  }
}
