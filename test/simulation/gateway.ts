/** Sends generated declarations, with what goes wrong on the way in: damaged bytes, another partition, a second copy. */
import { Encoder, avroType } from '../../services/shell/avro/codec';
import { topicSchema } from '../../services/shell/avro/schema-files';
import { readNdjsonLine } from '../../services/feed/ndjson';
import { emptyTally, generate, type MadeEvent } from '../../services/generate/generate';
import type { Random } from '../../services/generate/random';
import { readProfile } from '../../services/shell/definition-files';
import { MemoryLog } from '../../services/shell/memory/memory-log';
import type { OutgoingRecord } from '../../services/shell/ports';
import { rawTopic, subjectOf } from '../../services/topology';
import { PARTITIONS, type SimulatedSystem } from './system';

const SHARES = { poison: 0.02, otherPartition: 0.03, twice: 0.02 } as const;
const MOST_AT_ONCE = 12;
const DAYS = 20;


export class Gateway {
  /** Everything that was sent and could be declared, by the bytes of the record. */
  readonly byValue = new Map<string, MadeEvent>();
  done = false;

  constructor(private readonly system: SimulatedSystem, private readonly random: Random, private readonly seed: string, private readonly count: number, private readonly overMs: number) {}

  async run(): Promise<void> {
    const { random, system } = this;
    const id = (await system.registry.latest(subjectOf(rawTopic)))?.id as number;
    const encoder = new Encoder(id, avroType(topicSchema(rawTopic)));
    const log = new MemoryLog(system.broker);
    const sink = await log.sink();
    const events = this.events();
    const records: OutgoingRecord[] = [];
    for (const event of events) {
      const declaration = readNdjsonLine(event.line, 1)?.declaration;
      if (!declaration) throw new Error(`the generator wrote a line that cannot be read: ${event.line}`);
      const value = Buffer.from(encoder.encode(declaration));
      this.byValue.set(value.toString('latin1'), event);
      const partition = random.chance(SHARES.otherPartition) ? random.between(0, PARTITIONS - 1) : log.partitionOf(declaration.declarationId, PARTITIONS);
      const record = { topic: rawTopic, partition, key: declaration.declarationId, value };
      records.push(record);
      if (random.chance(SHARES.twice)) records.push({ ...record, partition: random.between(0, PARTITIONS - 1) });
      if (random.chance(SHARES.poison)) records.push({ ...record, value: poison(value, random) });
    }
    const pauseMs = (this.overMs / records.length) * (MOST_AT_ONCE / 2);
    for (let start = 0; start < records.length; ) {
      const next = start + random.between(1, MOST_AT_ONCE);
      await sink.send(records.slice(start, next));
      start = next;
      await new Promise((resolve) => setTimeout(resolve, random.next() * 2 * pauseMs));
    }
    this.done = true;
  }

  /** In order of arrival. */
  private events(): MadeEvent[] {
    const made = new Map<string, MadeEvent[]>();
    const tally = emptyTally();
    const options = { profile: readProfile('CD'), seed: this.seed, count: this.count, days: DAYS, untilMs: Math.floor(this.system.time.now) - 3_600_000, withFaults: true };
    const listen = (events: readonly MadeEvent[]): void => { for (const event of events) made.set(event.line, [...(made.get(event.line) ?? []), event]); };
    return [...generate(options, tally, listen)].map((line) => (made.get(line) as MadeEvent[])[0] as MadeEvent);
  }
}

/** Not Avro, an unknown schema, cut short, no value at all. */
function poison(value: Buffer, random: Random): Buffer | null {
  switch (random.between(0, 3)) {
    case 0: return Buffer.from('{"this is": "no Avro"}');
    case 1: { const copy = Buffer.from(value); copy.writeInt32BE(987_654, 1); return copy; }
    case 2: return value.subarray(0, random.between(6, value.length - 1));
    default: return null;
  }
}

