/** Following single declarations through the topics, as stages see it. Absent where no traces are made: one comparison for each turn. */
import type { OutgoingRecord, SourceRecord, TopicPartition } from './ports';

/** What was begun in a turn, or in a piece; it is told once the effects have happened, and forgotten where they have not. */
export interface TurnTraces {
  /** Called behind the decision on a record: what it sends, from `from` on, carries the context on. A record that came to nothing was a repeat. */
  passed(target: TopicPartition, record: SourceRecord, outgoing: OutgoingRecord[], from: number): void;
  /** The end of the way: the record is about to change the figures. */
  arrived(target: TopicPartition, record: SourceRecord): void;
  /** Everything is acknowledged. */
  end(): void;
}

export interface Traces {
  turn(): TurnTraces;
  /** Sends what is ended, within a bounded time. */
  stop(): Promise<void>;
}
