/** From records to the events that are counted: what a counting stage reads with, topic by topic. */
import type { Decoder } from './avro/codec';
import type { SourceRecord } from './ports';

export interface EventReader<Event> {
  /** Loads what `values` need to be read; rejects when the registry cannot be reached. */
  prepare(values: readonly (Buffer | null)[], nowMs: number): Promise<void>;
  /** Undefined: the record was not written by this system. */
  read(partition: number, record: SourceRecord): Event | undefined;
}

/** The value of a record is the event. */
export function readAsIs<Event>(decoder: Decoder<Event>): EventReader<Event> {
  return {
    prepare: (values, nowMs) => decoder.prepare(values, nowMs),
    read(_partition, { value }) {
      const decoded = decoder.decode(value);
      return 'failure' in decoded ? undefined : decoded.value;
    },
  };
}
