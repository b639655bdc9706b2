/** Reads records of any topic of the flow as what they come to in the end: a declaration to be counted, or a refusal. */
import type { Logger } from 'pino';
import type { AggregateEvent, RefusalEvent } from '../../aggregate/piece';
import type { Origin } from '../../domain/declaration';
import type { Decoder } from '../../shell/avro/codec';
import type { EventReader } from '../../shell/event-reader';
import type { SourceRecord } from '../../shell/ports';
import { placeOf } from '../../shell/rejection';
import { rawTopic, type TopicName, type UpstreamStageName } from '../../topology';
import { decideFused, type FusedStep } from './fused-flow';

export interface FusedReading {
  readonly topic: TopicName;
  readonly decoder: Decoder<unknown>;
  /** The stages behind the topic, in order, as they decide a record. */
  readonly stepsAt: (partition: number, offset: number) => readonly FusedStep[];
  readonly logger: Logger;
}

export class FusedReader implements EventReader<AggregateEvent> {
  constructor(private readonly reading: FusedReading) {}

  prepare(values: readonly (Buffer | null)[], nowMs: number): Promise<void> { return this.reading.decoder.prepare(values, nowMs); }

  read(partition: number, record: SourceRecord): AggregateEvent | undefined {
    const { topic, decoder, stepsAt, logger } = this.reading;
    const steps = stepsAt(partition, record.offset);
    const recordOrigin: Origin = { partition, offset: record.offset, timestamp: record.timestamp };
    const decoded = decoder.decode(record.value);
    /** Anybody may write to the raw topic; what stands on the others is our own. */
    if ('failure' in decoded) return topic === rawTopic ? undecodable(steps, recordOrigin, decoded.failure) : undefined;
    const outcome = decideFused(steps, decoded.value, recordOrigin, (error) => {
      logger.error({ topic, partition, offset: record.offset, ...placeOf(error) }, 'a record could not be decided: a mistake of this version; refused');
    });
    return 'refused' in outcome ? outcome.refused : (outcome.written as AggregateEvent);
  }
}

const undecodable = ([first]: readonly FusedStep[], origin: Origin, code: string): RefusalEvent =>
  ({ origin, stage: (first as FusedStep).stage.declaration.name satisfies UpstreamStageName, code, office: null, occurredAt: null });
