/** Sends the raw records of refusals again, and says which could not be. */
import { limits } from '../limits';
import { originText } from '../domain/position';
import type { LogInspector, OutgoingRecord, Sink, SourceRecord } from '../shell/ports';
import { rawTopic } from '../topology';
import type { RedriveCandidate } from './selection';

export interface RedrivePorts {
  readonly inspector: Pick<LogInspector, 'readAll'>;
  readonly sink: Pick<Sink, 'send'>;
  readonly partitionOf: (key: string) => number;
}
export interface Redriven {
  readonly sent: number;
  /** Content that was refused more than once goes once. */
  readonly alike: number;
  /** Raw records that the log does not hold any more, by rejectId. */
  readonly missing: readonly string[];
}

export const REDRIVE_HEADER = 'redrive-of';

/**
 * One pass over the raw topic, as it may hold millions and the client reads single records slowly. `onSent` hears
 * how many are through.
 */
export async function redrive(candidates: readonly RedriveCandidate[], { inspector, sink, partitionOf }: RedrivePorts, onSent: (sent: number) => void = () => undefined): Promise<Redriven> {
  const records = await rawRecords(candidates, inspector);
  const outgoing: OutgoingRecord[] = [];
  const missing: string[] = [];
  const contents = new Set<string>();
  for (const { rejectId, origin } of candidates) {
    const record = records.get(originText(origin));
    if (!record) { missing.push(rejectId); continue; }
    const content = record.value?.toString('latin1') ?? '';
    if (contents.has(content)) continue;
    contents.add(content);
    outgoing.push(again(record, rejectId, record.key === null ? origin.partition : partitionOf(record.key.toString('utf8'))));
  }
  for (let start = 0; start < outgoing.length; start += limits.recordsPerRedriveSend) {
    await sink.send(outgoing.slice(start, start + limits.recordsPerRedriveSend));
    onSent(Math.min(outgoing.length, start + limits.recordsPerRedriveSend));
  }
  return { sent: outgoing.length, alike: candidates.length - missing.length - outgoing.length, missing };
}

async function rawRecords(candidates: readonly RedriveCandidate[], inspector: RedrivePorts['inspector']): Promise<Map<string, SourceRecord>> {
  const wanted = new Set(candidates.map(({ origin }) => originText(origin)));
  const found = new Map<string, SourceRecord>();
  if (wanted.size > 0) await inspector.readAll(rawTopic, (partition, record) => {
    const place = originText({ partition, offset: record.offset });
    if (wanted.has(place)) found.set(place, record);
  });
  return found;
}

/** The same bytes under the same key; the header of an earlier redrive is replaced. */
function again({ key, value, headers }: SourceRecord, rejectId: string, partition: number): OutgoingRecord {
  const kept = headers.filter((header) => header.key !== REDRIVE_HEADER);
  return { topic: rawTopic, partition, key: key ?? Buffer.alloc(0), value, headers: [...kept, { key: REDRIVE_HEADER, value: Buffer.from(rejectId) }] };
}
