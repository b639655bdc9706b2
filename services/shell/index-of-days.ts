/** What the index of days keeps of a declaration: u32 bucket of the ledger, u8 length and UTF-8 id. The bucket spares a script the hashing. */
import { bucketOf } from './figure-store';

const HEAD_BYTES = 5;

export function packIndex(declarationIds: readonly string[], buckets: number): Buffer {
  return Buffer.concat(declarationIds.map((id) => {
    const packed = Buffer.alloc(HEAD_BYTES + Buffer.byteLength(id));
    packed.writeUInt32BE(bucketOf(id, buckets));
    packed.writeUInt8(packed.length - HEAD_BYTES, HEAD_BYTES - 1);
    packed.write(id, HEAD_BYTES);
    return packed;
  }));
}

/** Ids in the order in which they came; one may come more than once. */
export function* unpackIndex(packed: Buffer): Generator<string> {
  for (let at = 0; at < packed.length; ) {
    const end = at + HEAD_BYTES + packed.readUInt8(at + HEAD_BYTES - 1);
    yield packed.toString('utf8', at + HEAD_BYTES, end);
    at = end;
  }
}
