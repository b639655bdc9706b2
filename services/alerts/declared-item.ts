/** What was declared of the item that an alert is about. Alerts carry no mass: it is read from the raw record, of which nothing else is kept. */
import { COUNTED_MEASURE_SCALE, formatDecimal, MEASURE_SCALE, rescale } from '../domain/decimal';
import type { PrecursorAlert, RawDeclaration } from '../domain/declaration';
import { avroType, Decoder } from '../shell/avro/codec';
import { topicSchema } from '../shell/avro/schema-files';
import type { LogInspector, SchemaSource } from '../shell/ports';
import { monotonicMs } from '../shell/waiting';
import { rawTopic } from '../topology';

export interface DeclaredItem { readonly netMassKg: string; readonly quantity: { readonly value: string; readonly unit: string } | null }
export type AlertPlace = Pick<PrecursorAlert, 'origin' | 'declarationId' | 'version' | 'itemNumber'>;

/** Null: the record is gone from the log, is another one, or cannot be read. Rejects while broker or registry are away. */
export async function declaredItem({ origin, declarationId, version, itemNumber }: AlertPlace, inspector: LogInspector, schemas: SchemaSource): Promise<DeclaredItem | null> {
  const [record] = await inspector.read({ topic: rawTopic, partition: origin.partition, offset: origin.offset }, 1);
  if (!record || record.offset !== origin.offset) return null;
  const decoder = new Decoder<RawDeclaration>(avroType(topicSchema(rawTopic)), schemas);
  await decoder.prepare([record.value], monotonicMs());
  const decoded = decoder.decode(record.value);
  if ('failure' in decoded || decoded.value.declarationId !== declarationId || decoded.value.version !== version) return null;
  const item = decoded.value.items.find((one) => one.itemNumber === itemNumber);
  if (!item) return null;
  const { netMassKg, supplementaryQuantity: quantity } = item;
  return { netMassKg: thousandths(netMassKg), quantity: quantity ? { value: thousandths(quantity.value), unit: quantity.unit } : null };
}

const thousandths = (value: bigint): string => formatDecimal(rescale(value, MEASURE_SCALE, COUNTED_MEASURE_SCALE), COUNTED_MEASURE_SCALE);
