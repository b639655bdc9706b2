/** Lines to a stream, as fast as it takes them. */
import { once } from 'node:events';
import type { Writable } from 'node:stream';

const CHUNK_CHARACTERS = 256 * 1024;

/** Writes every line with its end; does not close the stream. `onChunk` hears how many lines have gone out. */
export async function writeLines(lines: Iterable<string>, output: Writable, onChunk: (written: number) => void = () => undefined): Promise<void> {
  let chunk = '';
  let written = 0;
  for (const line of lines) {
    chunk += line;
    chunk += '\n';
    written++;
    if (chunk.length < CHUNK_CHARACTERS) continue;
    if (!output.write(chunk)) await once(output, 'drain');
    chunk = '';
    onChunk(written);
  }
  if (chunk !== '' && !output.write(chunk)) await once(output, 'drain');
  onChunk(written);
}
