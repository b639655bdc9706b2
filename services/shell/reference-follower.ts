/**
 * Follows customs.reference.v1 and keeps the catalogue of a process: the built-in documents, and what was
 * loaded since. It answers only after the topic was read up to the end that it had at the start.
 */
import type { Logger } from 'pino';
import { limits } from '../limits';
import type { ReferenceCatalogue } from '../reference/catalogue';
import { referenceTopic } from '../topology';
import type { Decoder } from './avro/codec';
import type { Log, SchemaSource, TailReader, TroubleListener } from './ports';
import { documentOf, referenceDecoder, type ReferenceRecord } from './reference-records';
import { delay, monotonicMs, patiently } from './waiting';

export class ReferenceFollower {
  private readonly decoder: Decoder<ReferenceRecord>;
  private reader!: TailReader;
  private taken: Promise<void> = Promise.resolve();
  private stopped = false;

  private constructor(readonly catalogue: ReferenceCatalogue, schemas: SchemaSource, private readonly logger: Logger, private readonly onTrouble: TroubleListener) {
    this.decoder = referenceDecoder(schemas);
  }

  static async start(log: Log, schemas: SchemaSource, catalogue: ReferenceCatalogue, logger: Logger, onTrouble: TroubleListener): Promise<ReferenceFollower> {
    const follower = new ReferenceFollower(catalogue, schemas, logger, onTrouble);
    follower.reader = await log.tail([referenceTopic], (_topic, _partition, { value }) => { follower.taken = follower.taken.then(() => follower.take(value)); });
    await follower.taken;
    return follower;
  }

  /** One after the other, in the order of the log: the schema of a record may have to be waited for. */
  private async take(value: Buffer | null): Promise<void> {
    if (value === null) return;
    await patiently(this.onTrouble, 'schema registry', () => this.decoder.prepare([value], monotonicMs()), () => this.stopped);
    if (this.stopped) return;
    const decoded = this.decoder.decode(value);
    if ('failure' in decoded) {
      this.logger.error({ failure: decoded.failure }, 'a record of reference data cannot be read; what is in force stays');
      return;
    }
    const { documentId, version } = decoded.value;
    const addition = this.catalogue.add(documentOf(decoded.value));
    if (addition.outcome === 'added') this.logger.info({ documentId, version, referenceSet: addition.set.digest }, 'reference data taken in');
    if (addition.outcome === 'refused') this.logger.error({ documentId, version, reason: addition.reason }, 'reference data refused; what is in force stays');
  }

  /** Waits until the set of that name is known here; false when it has not come after `milliseconds`. */
  async knows(digest: string, milliseconds: number): Promise<boolean> {
    const endMs = monotonicMs() + milliseconds;
    while (!this.catalogue.knows(digest)) {
      if (this.stopped || monotonicMs() >= endMs) return false;
      await delay(limits.referenceLookMs);
    }
    return true;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.reader.stop();
    await this.taken;
  }
}
