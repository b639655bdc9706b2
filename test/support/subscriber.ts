/** A subscriber of the aggregate topics as others would write one: from the start, the highest revision per key, tombstones withdraw. */
import type { Type } from 'avsc';
import { avroType, FRAME_BYTES } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import type { Log } from '../../services/shell/ports';
import type { TopicName } from '../../services/topology';

export interface AggregateRecord { readonly kind: string; readonly revision: number; readonly combination: string; readonly grain: string; readonly period: string; readonly [field: string]: unknown }
export interface Subscription { readonly cells: ReadonlyMap<string, AggregateRecord>; readonly fallenRevisions: readonly string[] }

/**
 * Reads a topic once, up to its end. `fallenRevisions`: keys for which a revision was not above the one before, but for
 * records that were there before, to the byte: a send whose answer was lost with its broker is repeated.
 */
export async function subscribe(log: Log, topic: TopicName): Promise<Subscription> {
  const type: Type = avroType(topicSchema(topic));
  const cells = new Map<string, AggregateRecord>();
  const highest = new Map<string, number>();
  const seen = new Map<string, Buffer>();
  const fallenRevisions: string[] = [];
  const inspector = await log.inspector();
  await inspector.readAll(topic, (_partition, { key, value }) => {
    const name = key?.toString('utf8') ?? '';
    if (value === null) { cells.delete(name); return; }
    const record = type.fromBuffer(value.subarray(FRAME_BYTES)) as AggregateRecord;
    const place = `${name} ${record.revision}`;
    if (seen.get(place)?.equals(value)) return;
    seen.set(place, value);
    if (record.revision <= (highest.get(name) ?? -1)) fallenRevisions.push(name);
    highest.set(name, Math.max(record.revision, highest.get(name) ?? -1));
    if (record.kind === 'CELL') cells.set(name, record);
  });
  await inspector.close();
  return { cells, fallenRevisions };
}
