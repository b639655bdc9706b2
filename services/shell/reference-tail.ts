/** Follows the records of customs.reference.v1, one after the other; answers only after it was read up to the end that it had at the start. */
import type { Logger } from 'pino';
import { referenceTopic } from '../topology';
import type { Log, SchemaSource, SourceRecord, TailReader, TroubleListener } from './ports';
import { referenceDecoder, type ReferenceRecord } from './reference-records';
import { monotonicMs, patiently } from './waiting';

type Listener = (record: ReferenceRecord, offset: number) => void;

export class ReferenceTail {
  private reader!: TailReader;
  private taken: Promise<void> = Promise.resolve();
  private stopped = false;
  private readonly decoder;

  private constructor(schemas: SchemaSource, private readonly logger: Logger, private readonly onTrouble: TroubleListener, private readonly each: Listener) { this.decoder = referenceDecoder(schemas); }

  static async start(log: Log, schemas: SchemaSource, logger: Logger, onTrouble: TroubleListener, each: Listener): Promise<ReferenceTail> {
    const tail = new ReferenceTail(schemas, logger, onTrouble, each);
    tail.reader = await log.tail([referenceTopic], (_topic, _partition, record) => { tail.taken = tail.taken.then(() => tail.take(record)); });
    await tail.taken;
    return tail;
  }

  /** In the order of the log: the schema of a record may have to be waited for. */
  private async take({ value, offset }: SourceRecord): Promise<void> {
    if (value === null) return;
    await patiently(this.onTrouble, 'schema registry', () => this.decoder.prepare([value], monotonicMs()), () => this.stopped);
    if (this.stopped) return;
    const decoded = this.decoder.decode(value);
    if ('failure' in decoded) this.logger.error({ offset, failure: decoded.failure }, 'a record of reference data cannot be read; what is in force stays');
    else this.each(decoded.value, offset);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.reader.stop();
    await this.taken;
  }
}
