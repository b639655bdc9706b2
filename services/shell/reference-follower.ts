/**
 * Follows customs.reference.v1 and keeps the catalogue of a process: the built-in documents, and what was
 * loaded since. It answers only after the topic was read up to the end that it had at the start.
 */
import type { Logger } from 'pino';
import { limits } from '../limits';
import type { ReferenceCatalogue } from '../reference/catalogue';
import { isNamespaceKind } from './namespace-events';
import type { Log, SchemaSource, TroubleListener } from './ports';
import { documentOf, type ReferenceRecord } from './reference-records';
import { ReferenceTail } from './reference-tail';
import { delay, monotonicMs } from './waiting';

export class ReferenceFollower {
  private tail!: ReferenceTail;
  private stopped = false;

  private constructor(readonly catalogue: ReferenceCatalogue, private readonly logger: Logger) {}

  static async start(log: Log, schemas: SchemaSource, catalogue: ReferenceCatalogue, logger: Logger, onTrouble: TroubleListener): Promise<ReferenceFollower> {
    const follower = new ReferenceFollower(catalogue, logger);
    follower.tail = await ReferenceTail.start(log, schemas, logger, onTrouble, (record) => follower.take(record));
    return follower;
  }

  private take(record: ReferenceRecord): void {
    if (isNamespaceKind(record.kind)) return;
    const { documentId, version } = record;
    const addition = this.catalogue.add(documentOf(record));
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
    await this.tail.stop();
  }
}
