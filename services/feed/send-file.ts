/**
 * From lines to the raw topic: batches, one outstanding send. While one batch is on its way the next is
 * read and encoded; nothing further is read, so a slow broker slows the reading.
 */
import { limits } from '../limits';
import type { OutgoingRecord, Sink } from '../shell/ports';
import type { FeedLine } from './feed-line';
import { rawRecord, type EncodeDeclaration } from './raw-record';

const BATCHES_PER_SECOND = 50;

export interface SendFilePorts {
  readonly sink: Sink;
  readonly encode: EncodeDeclaration;
  partitionOf(declarationId: string): number;
  now(): number;
  delay(milliseconds: number): Promise<void>;
}
export interface SendFileOptions {
  /** Declarations per second; undefined: as fast as the broker takes them. */
  readonly rate?: number;
  stopped(): boolean;
  onFaults(line: FeedLine): void;
  onProgress(result: Readonly<SendFileResult>): void;
}
export interface SendFileResult { sent: number; faulty: number; unknownFields: number }

export async function sendFile(lines: AsyncIterable<FeedLine>, ports: SendFilePorts, options: SendFileOptions): Promise<SendFileResult> {
  const result: SendFileResult = { sent: 0, faulty: 0, unknownFields: 0 };
  const size = options.rate === undefined ? limits.recordsPerFeedSend : Math.max(1, Math.min(limits.recordsPerFeedSend, Math.floor(options.rate / BATCHES_PER_SECOND)));
  const startMs = ports.now();
  let sending: Promise<void> = Promise.resolve();
  let batch: OutgoingRecord[] = [];
  const flush = async (): Promise<void> => {
    await sending;
    if (batch.length === 0 || options.stopped()) return;
    const records = batch;
    batch = [];
    if (options.rate !== undefined) await paced(startMs, (result.sent / options.rate) * 1_000, ports, options);
    sending = ports.sink.send(records).then(() => { result.sent += records.length; options.onProgress(result); });
    sending.catch(() => undefined);
  };
  for await (const line of lines) {
    if (options.stopped()) break;
    result.unknownFields += line.unknownFields.length;
    if (line.declaration === undefined) {
      result.faulty++;
      options.onFaults(line);
      continue;
    }
    batch.push(rawRecord(line.declaration, ports.partitionOf(line.declaration.declarationId), ports.encode));
    if (batch.length >= size) await flush();
  }
  await flush();
  await sending;
  return result;
}

/** Waits in short steps, so that a stop is heard. */
async function paced(startMs: number, dueAfterMs: number, ports: SendFilePorts, options: SendFileOptions): Promise<void> {
  for (let waitMs = startMs + dueAfterMs - ports.now(); waitMs > 0 && !options.stopped(); waitMs = startMs + dueAfterMs - ports.now()) await ports.delay(Math.min(waitMs, 200));
}
