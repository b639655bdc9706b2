import type { OffsetRange } from './ports';

/** The log does not hold what is to be read of it. */
export class OutsideLog extends Error {
  constructor({ topic, partition, from, next }: OffsetRange) { super(`${topic}/${partition}: the log does not hold offsets ${from} to ${next - 1}`); }
}

/** Nothing has come for so long that waiting on is no use. */
export class LogSilent extends Error {
  constructor(seconds: number, trouble: string | undefined) { super(`the log has brought nothing for ${seconds} s: ${trouble ?? 'a transaction that is still open may hold up what lies behind it'}`); }
}

/** Behind a change of leader another record lies where one was read before. */
export class AnotherLog extends Error {
  constructor(topic: string, partition: number, offset: number) { super(`${topic}/${partition}: the log has had another leader, and its record at offset ${offset} is not the one that was read`); }
}
