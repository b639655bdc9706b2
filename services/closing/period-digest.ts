/**
 * One SHA-256 over a period: its name, the source positions that its figures reflect, and every value that is
 * not zero, in the byte order of hash and field. Lines, so that anyone can make it again with sort and sha256sum:
 *
 *   period<TAB>2026-03
 *   offset<TAB><topic>/<partition><TAB><next offset>        in order
 *   <hash><TAB><field><TAB><value>                          in order
 */
import { createHash } from 'node:crypto';

export class PeriodDigest {
  private readonly hash = createHash('sha256');
  private before = '';
  fields = 0;
  hashes = 0;

  constructor(period: string, sourceOffsets: Readonly<Record<string, number>>) {
    this.hash.update(`period\t${period}\n`);
    for (const place of Object.keys(sourceOffsets).sort()) this.hash.update(`offset\t${place}\t${sourceOffsets[place]}\n`);
  }

  /** Hashes must come in order; zeros change nothing. @throws when they do not come in order. */
  add(hash: string, fields: ReadonlyMap<string, string>): void {
    if (hash <= this.before) throw new Error(`${hash} comes behind ${this.before}: a digest takes hashes in order`);
    this.before = hash;
    const names = [...fields.keys()].filter((name) => fields.get(name) !== '0').sort(byBytes);
    for (const name of names) this.hash.update(`${hash}\t${name}\t${fields.get(name)}\n`);
    this.fields += names.length;
    if (names.length > 0) this.hashes++;
  }

  hex(): string { return this.hash.digest('hex'); }
}

/** The digest of all cells of a period, by hash and field. */
export function digestOfCells(period: string, sourceOffsets: Readonly<Record<string, number>>, cells: ReadonlyMap<string, ReadonlyMap<string, string>>): string {
  const digest = new PeriodDigest(period, sourceOffsets);
  for (const [hash, fields] of [...cells].sort(([a], [b]) => (a < b ? -1 : 1))) digest.add(hash, fields);
  return digest.hex();
}

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
