/** One event a line, in the JSON form of design §3. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { readEvent } from './event-form';
import type { FeedLine } from './feed-line';

const BYTE_ORDER_MARK = '\uFEFF';

/** Undefined for an empty line. */
export function readNdjsonLine(content: string, line: number): FeedLine | undefined {
  const trimmed = content.trim();
  if (trimmed === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(trimmed);
  } catch {
    return { line, faults: [{ field: '(line)', problem: 'is not JSON' }], unknownFields: [] };
  }
  return { line, ...readEvent(value) };
}

/** Reads as fast as it is asked, never the whole file. */
export async function* readNdjson(input: Readable): AsyncIterable<FeedLine> {
  let line = 0;
  for await (const content of createInterface({ input, crlfDelay: Infinity })) {
    line++;
    const read = readNdjsonLine(line === 1 && content.startsWith(BYTE_ORDER_MARK) ? content.slice(1) : content, line);
    if (read) yield read;
  }
}
