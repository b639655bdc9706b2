import { createHash } from 'node:crypto';
import type { SourceRecord } from '../shell/ports';

/** SHA-256 over place, time and content of a record, each part with its length in front: two records have the same only when they are the same. */
export function recordDigest({ offset, timestamp, key, value, headers }: SourceRecord): string {
  const hash = createHash('sha256').update(`${offset} ${timestamp} ${headers.length} `);
  for (const part of [key, value, ...headers.flatMap((header) => [Buffer.from(header.key), header.value])]) {
    hash.update(`${part?.length ?? -1} `);
    if (part) hash.update(part);
  }
  return hash.digest('hex');
}
