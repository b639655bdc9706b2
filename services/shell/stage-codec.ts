/** The codecs of one upstream stage: projected reading, appending to the bytes read, refusals and alerts. */
import type { Type } from 'avsc';
import type { PrecursorAlert, RejectedDeclaration } from '../domain/declaration';
import { alertTopic, subjectOf, rejectedTopic, type TopicName } from '../topology';
import { avroType, Decoder, Encoder, FRAME_BYTES, type DecodeFailure } from './avro/codec';
import { schemaTail, schemaWithout, topicSchema, topicSchemaText } from './avro/schema-files';
import type { FetchedBatch, SchemaSource } from './ports';
import type { Stage } from './stage';

/** A service whose topics' schemas are not registered, or differ from its own, must not run. */
export class SchemaMismatch extends Error {}

/** Id under which the registry knows this program's own schema of a topic. */
export async function ownSchemaId(schemas: SchemaSource, topic: TopicName): Promise<number> {
  const latest = await schemas.latest(subjectOf(topic));
  if (!latest) throw new SchemaMismatch(`no schema is registered for ${topic}: run "tidewaiter schemas register"`);
  const own = avroType(JSON.parse(topicSchemaText(topic)));
  const registered = avroType(JSON.parse(latest.schema));
  if (own.fingerprint('sha256').equals(registered.fingerprint('sha256'))) return latest.id;
  throw new SchemaMismatch(`the registered schema of ${topic} (id ${latest.id}) is not the one that this version writes: run "tidewaiter schemas check"`);
}

export type StageDecoded<Input> =
  | { readonly value: Input; readonly payload: Buffer }
  | { readonly failure: DecodeFailure; readonly detail: string };

export class StageCodec<Input> {
  private constructor(
    private readonly decoder: Decoder<Input>,
    private readonly whole: Decoder<unknown>,
    private readonly wholeType: Type,
    private readonly inputId: number,
    private readonly output: Encoder,
    private readonly rejected: Encoder,
    private readonly alerts: Encoder | undefined,
  ) {}

  static async create<Input, Addition>(stage: Stage<Input, Addition>, schemas: SchemaSource): Promise<StageCodec<Input>> {
    const { input, output, outputs } = stage.declaration;
    const wholeType = avroType(topicSchema(input));
    const outputType = stage.output === 'appends' ? avroType(schemaTail(topicSchema(output), 1, 'Addition')) : avroType(topicSchema(output));
    const encoder = async (topic: TopicName): Promise<Encoder> => new Encoder(await ownSchemaId(schemas, topic), avroType(topicSchema(topic)));
    return new StageCodec<Input>(
      new Decoder<Input>(avroType(schemaWithout(topicSchema(input), stage.unread)), schemas),
      new Decoder<unknown>(wholeType, schemas),
      wholeType,
      await ownSchemaId(schemas, input),
      new Encoder(await ownSchemaId(schemas, output), outputType),
      await encoder(rejectedTopic),
      outputs.includes(alertTopic) ? await encoder(alertTopic) : undefined,
    );
  }

  /** Loads the writer schemas of the batches; rejects when the registry cannot be reached. */
  async prepare(batches: readonly FetchedBatch[], nowMs: number): Promise<void> {
    for (const { records } of batches) {
      const values = records.map(({ value }) => value);
      await this.decoder.prepare(values, nowMs);
      await this.whole.prepare(values, nowMs);
    }
  }

  decode(framed: Buffer | null): StageDecoded<Input> {
    const decoded = this.decoder.decode(framed);
    if ('failure' in decoded) return decoded;
    if (decoded.writerId === this.inputId) return { value: decoded.value, payload: (framed as Buffer).subarray(FRAME_BYTES) };
    const whole = this.whole.decode(framed);
    if ('failure' in whole) return whole;
    return { value: decoded.value, payload: this.wholeType.toBuffer(whole.value) };
  }

  encodeOutput(addition: unknown, inner: Buffer | undefined): Buffer { return this.output.encode(addition, inner); }
  encodeRejected(value: RejectedDeclaration): Buffer { return this.rejected.encode(value); }
  encodeAlert(value: PrecursorAlert): Buffer {
    if (!this.alerts) throw new Error('this stage may not emit alerts');
    return this.alerts.encode(value);
  }
}
