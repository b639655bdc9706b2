/** Confluent wire format: byte 0 is zero, four bytes of schema id, then Avro. Types and resolvers are built once. */
import { Type } from 'avsc';
import { limits } from '../../limits';
import type { SchemaSource } from '../ports';
import { boundBlocks } from './bounded-blocks';
import { DecimalType } from './decimal-type';

boundBlocks();

export const FRAME_BYTES = 5;

/** A type with our decimals; timestamps stay integers. */
export function avroType(schema: unknown): Type {
  return Type.forSchema(schema as never, { logicalTypes: { decimal: DecimalType } as never });
}

/** The schema id of a framed value, or why there is none. */
export function frameId(value: Buffer | null): number | 'empty' | 'frame' {
  if (value === null || value.length === 0) return 'empty';
  if (value.length < FRAME_BYTES || value[0] !== 0) return 'frame';
  return value.readUInt32BE(1);
}

export type DecodeFailure = 'E-DECODE-EMPTY' | 'E-DECODE-FRAME' | 'E-DECODE-SCHEMA' | 'E-DECODE-CONTENT';
export type Decoded<Value> = { readonly value: Value; readonly writerId: number } | { readonly failure: DecodeFailure; readonly detail: string };

interface WriterSchema { readonly type: Type; readonly resolver: unknown; readonly misfit?: string }

/**
 * Decodes values of one topic into the reader's shape. `prepare` looks up the writer schemas of a batch
 * (and waits for the registry if it must), after which `decode` is synchronous. An id that the registry
 * has confirmed not to know is remembered for a while: without that a flood of such records stalls the
 * partition 0.7 s each.
 */
export class Decoder<Value> {
  private readonly writers = new Map<number, WriterSchema>();
  private readonly unknownUntil = new Map<number, number>();

  constructor(private readonly reader: Type, private readonly schemas: SchemaSource) {}

  /** Loads what `values` need; rejects when the registry cannot be reached. */
  async prepare(values: readonly (Buffer | null)[], nowMs: number): Promise<void> {
    const ids = new Set(values.map(frameId));
    for (const id of ids) if (typeof id === 'number') await this.prepareId(id, nowMs);
  }

  /** The same for one writer schema, before there is a value. */
  async prepareId(id: number, nowMs: number): Promise<void> {
    if (!this.writers.has(id) && (this.unknownUntil.get(id) ?? 0) <= nowMs) await this.load(id, nowMs);
  }

  private async load(id: number, nowMs: number): Promise<void> {
    const text = await this.schemas.byId(id);
    if (text === undefined) {
      if (this.unknownUntil.size > limits.unknownSchemasRemembered) this.unknownUntil.clear();
      this.unknownUntil.set(id, nowMs + limits.unknownSchemaRetryMs);
      return;
    }
    this.unknownUntil.delete(id);
    this.writers.set(id, this.writerSchema(text));
  }

  private writerSchema(text: string): WriterSchema {
    try {
      const type = avroType(JSON.parse(text));
      return { type, resolver: this.reader.createResolver(type) };
    } catch (error) {
      return { type: this.reader, resolver: undefined, misfit: (error as Error).message };
    }
  }

  decode(framed: Buffer | null): Decoded<Value> {
    const id = frameId(framed);
    if (id === 'empty') return { failure: 'E-DECODE-EMPTY', detail: 'the record has no value' };
    if (id === 'frame') return { failure: 'E-DECODE-FRAME', detail: 'the value does not begin with a zero byte and a schema id' };
    const writer = this.writers.get(id);
    if (!writer) return { failure: 'E-DECODE-SCHEMA', detail: `the registry does not know schema id ${id}` };
    if (writer.misfit !== undefined) return { failure: 'E-DECODE-SCHEMA', detail: `schema id ${id} cannot be read as this topic's schema` };
    try {
      const decoded = this.reader.decode(framed as Buffer, FRAME_BYTES, writer.resolver as never);
      const { offset } = decoded;
      if (offset < 0) return { failure: 'E-DECODE-CONTENT', detail: 'the value ends before its last field' };
      if (offset !== (framed as Buffer).length) return { failure: 'E-DECODE-CONTENT', detail: 'bytes remain behind the last field' };
      return { value: decoded.value as Value, writerId: id };
    } catch (error) {
      return { failure: 'E-DECODE-CONTENT', detail: `the value does not fit its schema: ${shapeOnly((error as Error).message)}` };
    }
  }
}

/** avsc quotes the offending value in its messages; a refusal must not. */
const shapeOnly = (message: string): string => message.replace(/:.*/s, '').slice(0, 120);

const CHUNK_BYTES = 256 * 1024;

/** Encodes values into shared chunks, framed: one allocation for hundreds of records. */
export class Encoder {
  private chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  private position = 0;

  /** `type` holds what follows `inner` (the unframed bytes of the embedded record), which is copied unchanged; `suffix` follows it. */
  constructor(private readonly schemaId: number, private readonly type: Type) {}

  encode(value: unknown, inner?: Buffer, suffix?: Buffer): Buffer {
    const innerBytes = inner?.length ?? 0;
    const suffixBytes = suffix?.length ?? 0;
    for (let room = innerBytes + suffixBytes + 1024; ; ) {
      if (this.chunk.length - this.position < FRAME_BYTES + room) this.grow(FRAME_BYTES + room);
      const start = this.position;
      const body = start + FRAME_BYTES;
      if (inner) inner.copy(this.chunk, body);
      const end = this.type.encode(value, this.chunk, body + innerBytes);
      if (end >= 0 && end + suffixBytes <= this.chunk.length) {
        this.chunk[start] = 0;
        this.chunk.writeUInt32BE(this.schemaId, start + 1);
        this.position = end + suffixBytes;
        if (suffix) suffix.copy(this.chunk, end);
        return this.chunk.subarray(start, this.position);
      }
      room += Math.abs(end) + 1024;
      this.grow(FRAME_BYTES + room);
    }
  }

  private grow(bytes: number): void {
    this.chunk = Buffer.allocUnsafe(Math.max(CHUNK_BYTES, bytes));
    this.position = 0;
  }
}
