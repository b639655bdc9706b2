import type { Type } from 'avsc';
import { avroType, Decoder, Encoder, FRAME_BYTES } from '../shell/avro/codec';
import { schemaHead, schemaWithout, topicSchema } from '../shell/avro/schema-files';
import type { SchemaSource } from '../shell/ports';
import { ownSchemaId } from '../shell/stage-codec';
import { monotonicMs } from '../shell/waiting';
import { publishedTopics, type TopicName, type View } from '../topology';
import { AMOUNT_SCALE, powerOfTen } from '../domain/decimal';
import { viewShapes } from '../domain/cubes';
import { adjustmentUnit, cellDigest, measuresOf, unitsOf, type CellState } from './cells';

export interface ReadBack {
  readonly kind: string;
  readonly revision: number;
  readonly generation: number;
  readonly writer: string;
  readonly sourceOffsets: Readonly<Record<string, number>>;
  readonly streamTimeMs: number;
  readonly currency: string;
  readonly definitions: string;
  readonly status: CellState['status'];
  /** Values as Redis keeps them, and what has come to a closed period since, in the order of the measures. */
  readonly measures: readonly string[];
  readonly values: readonly bigint[];
  readonly adjustments: readonly bigint[];
  readonly digest: string;
  readonly units: readonly string[];
  readonly final: boolean;
  readonly periodTo: number;
}
type AggregateRecord = Record<string, unknown> & { kind: string; revision: number; generation: number; writer: string; status: CellState['status']; definitions: string; currency: string; streamTime: number; sourceOffsets: Record<string, number>; periodTo: number; quantities?: { unit: string; value: bigint }[]; adjustments: { measure: string; amount: bigint }[] };

const LAST_FIELD = 'sourceOffsets';
const offsetsType = avroType({ type: 'map', values: 'long' });

/** Writes aggregate records and reads the publisher's own ones back. */
export class PublishCodec {
  private offsets: unknown;
  private offsetsBytes: Buffer | undefined;

  private constructor(private readonly encoders: ReadonlyMap<TopicName, Encoder>, private readonly decoders: ReadonlyMap<TopicName, Decoder<AggregateRecord>>, private readonly heads: ReadonlyMap<TopicName, Type>, private readonly exponent: number) {}

  static async create(schemas: SchemaSource, exponent: number): Promise<PublishCodec> {
    const encoders = new Map<TopicName, Encoder>();
    const decoders = new Map<TopicName, Decoder<AggregateRecord>>();
    const heads = new Map<TopicName, Type>();
    for (const topic of Object.values(publishedTopics)) {
      const type = avroType(topicSchema(topic));
      const id = await ownSchemaId(schemas, topic);
      const decoder = new Decoder<AggregateRecord>(type, schemas);
      await decoder.prepareId(id, monotonicMs());
      decoders.set(topic, decoder);
      heads.set(topic, avroType(schemaHead(topicSchema(topic), 'revision')));
      encoders.set(topic, new Encoder(id, avroType(schemaWithout(topicSchema(topic), [LAST_FIELD]))));
    }
    return new PublishCodec(encoders, decoders, heads, exponent);
  }

  /** All records of a batch carry the same positions, the last field: its bytes are made once. */
  encode(topic: TopicName, record: Record<string, unknown>): Buffer {
    if (record['sourceOffsets'] !== this.offsets) {
      this.offsets = record['sourceOffsets'];
      this.offsetsBytes = offsetsType.toBuffer(this.offsets);
    }
    return (this.encoders.get(topic) as Encoder).encode(record, undefined, this.offsetsBytes);
  }

  /** Of a record that this program wrote: the rest of it is not read. */
  revisionOf(topic: TopicName, framed: Buffer): number {
    return ((this.heads.get(topic) as Type).decode(framed, FRAME_BYTES).value as { revision: number }).revision;
  }

  /** Looks up the schemas of records that other releases wrote. */
  async prepare(topic: TopicName, values: readonly Buffer[]): Promise<void> { await this.decoders.get(topic)?.prepare(values, monotonicMs()); }

  /** `unprepared`: written with a schema that was not looked up yet. A failure says why the bytes are no record of this topic. */
  decode(topic: TopicName, framed: Buffer): ReadBack | 'unprepared' | { readonly failure: string } {
    const decoded = (this.decoders.get(topic) as Decoder<AggregateRecord>).decode(framed);
    if ('failure' in decoded) return decoded.failure === 'E-DECODE-SCHEMA' ? 'unprepared' : { failure: decoded.detail };
    const record = decoded.value;
    const view = (Object.entries(publishedTopics) as [View, TopicName][]).find(([, name]) => name === topic)?.[0] as View;
    const units = [...new Set([...(record.quantities ?? []).map(({ unit }) => unit), ...unitsOf(record.adjustments.map(({ measure }) => measure))])];
    const measures = measuresOf(view, units);
    const values = measures.map((measure) => this.stored(view, record, measure));
    const adjustments = measures.map((measure) => (record.adjustments.find((adjustment) => adjustment.measure === measure)?.amount ?? 0n) / adjustmentUnit(view, measure, this.exponent));
    const digest = cellDigest({ address: { view, combination: '', grain: 'day', period: '', name: '' }, measures, values, status: record.status, adjustments });
    const { kind, revision, generation, writer, sourceOffsets, streamTime, currency, definitions, status, periodTo } = record;
    return { kind, revision, generation, writer, sourceOffsets, streamTimeMs: streamTime, currency, definitions, status, measures, values, adjustments, digest, units, final: status !== 'PROVISIONAL', periodTo };
  }

  /** A measure as Redis keeps it. */
  private stored(view: View, record: AggregateRecord, measure: string): bigint {
    if (measure.startsWith('quantity.')) return record.quantities?.find(({ unit }) => `quantity.${unit}` === measure)?.value ?? 0n;
    const value = record[measure] as bigint | number;
    return viewShapes[view].measures[measure] === 'money' ? (value as bigint) / powerOfTen(AMOUNT_SCALE - this.exponent) : BigInt(value);
  }
}
