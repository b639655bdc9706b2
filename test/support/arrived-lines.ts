/**
 * What of a file lies on the raw topic: a sender whose broker dies with the answer sends again, so that a delivery may lie
 * there twice. That is a repeat like any other, counted as one; a line that lies nowhere was lost.
 */
import { writeFileSync } from 'node:fs';
import { readNdjsonLine } from '../../services/feed/ndjson';
import { avroType, FRAME_BYTES } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import type { Log } from '../../services/shell/ports';
import { rawTopic } from '../../services/topology';

/** Writes the lines as often as they arrived; throws when one did not, or when something else lies there. */
export async function writeArrivedLines(log: Log, lines: readonly string[], file: string): Promise<void> {
  const raw = avroType(topicSchema(rawTopic));
  const sent = new Map<string, { readonly line: string; due: number }>();
  for (const [index, line] of lines.entries()) {
    const bytes = raw.toBuffer(readNdjsonLine(line, index + 1)?.declaration).toString('latin1');
    const known = sent.get(bytes);
    if (known) known.due++;
    else sent.set(bytes, { line, due: 1 });
  }
  const arrived: string[] = [];
  const inspector = await log.inspector();
  await inspector.readAll(rawTopic, (partition, { offset, value }) => {
    const event = sent.get((value as Buffer).toString('latin1', FRAME_BYTES));
    if (!event) throw new Error(`nobody sent what lies at ${partition}/${offset}`);
    event.due--;
    arrived.push(event.line);
  });
  await inspector.close();
  const lost = [...sent.values()].filter(({ due }) => due > 0);
  if (lost.length > 0) throw new Error(`${lost.length} lines did not arrive, among them ${lost[0]?.line}`);
  writeFileSync(file, arrived.map((line) => `${line}\n`).join(''));
}
