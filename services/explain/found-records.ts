/** Raw bytes of the records that explanations look for, in any topic that is counted. */
import { limits } from '../limits';
import type { LogInspector, LogStretch, SourceRecord } from '../shell/ports';
import type { TopicName } from '../topology';
import type { RecordPlace } from './decided-records';

export interface FoundRecord { readonly partition: number; readonly record: SourceRecord }
type Reader = Pick<LogInspector, 'offsets' | 'readStretches'>;

/** What the log does not have is not there. */
export async function recordsAt(topic: TopicName, places: readonly RecordPlace[], inspector: Reader, onProgress: (read: number) => void = () => undefined): Promise<FoundRecord[]> {
  const wanted = new Set(places.map(({ partition, offset }) => `${partition}/${offset}`));
  const found: FoundRecord[] = [];
  await inspector.readStretches(topic, stretchesOf(places), (partition, record) => {
    if (!wanted.has(`${partition}/${record.offset}`)) return;
    found.push({ partition, record });
    onProgress(found.length);
  });
  return found;
}

/** In order, by the key that they were written under. */
export async function recordsOf(topic: TopicName, declarationId: string, partition: number, inspector: Reader, onProgress: (read: number, total: number) => void = () => undefined): Promise<FoundRecord[]> {
  const range = (await inspector.offsets(topic)).find((each) => each.partition === partition);
  if (!range || range.start >= range.end) return [];
  const key = Buffer.from(declarationId);
  const found: FoundRecord[] = [];
  await inspector.readStretches(topic, [{ partition, from: range.start, to: range.end }], (_, record) => {
    if (record.key?.equals(key)) found.push({ partition, record });
    onProgress(record.offset - range.start, range.end - range.start);
  });
  return found;
}

/** Records of a partition that have to be looked through for all of one declaration. */
export async function recordsHeld(topic: TopicName, partition: number, inspector: Reader): Promise<number> {
  const range = (await inspector.offsets(topic)).find((each) => each.partition === partition);
  return range ? Math.max(0, range.end - range.start) : 0;
}

/** Records that lie near each other are read in one go. */
function stretchesOf(places: readonly RecordPlace[]): LogStretch[] {
  const stretches: { partition: number; from: number; to: number }[] = [];
  for (const { partition, offset } of [...places].sort((a, b) => a.partition - b.partition || a.offset - b.offset)) {
    const last = stretches.at(-1);
    if (last && last.partition === partition && offset < last.to + limits.recordsReadOver) last.to = Math.max(last.to, offset + 1);
    else stretches.push({ partition, from: offset, to: offset + 1 });
  }
  return stretches;
}
