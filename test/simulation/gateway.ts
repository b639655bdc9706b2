/**
 * Sends generated declarations, with what goes wrong on the way in: damaged bytes, another partition, a second copy.
 * Some are hot: more versions, each of quite another content, within a few records, so that several are in flight at
 * a time and their cells come and go: what is counted twice, or not at all, or no longer published, shows.
 */
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

const SHARES = { poison: 0.02, otherPartition: 0.03, twice: 0.02, hot: 0.1, hotTwice: 0.2, hotCancelled: 0.2 } as const;
const MOST_AT_ONCE = 12;
const HOT = { leastVersions: 1, mostVersions: 4, withinRecords: 12 } as const;
/** Of the events that are asked for, the generator's own; the others are versions of hot ones. */
const GENERATED_SHARE = 0.75;
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

  /** In order of arrival; versions of hot ones in any order. */
  private events(): MadeEvent[] {
    const { random } = this;
    const generated = this.generated();
    const sound = generated.filter(({ fault }) => fault === undefined);
    const arrivals = generated.map((event, at) => ({ event, at }));
    for (const [at, first] of generated.entries()) {
      if (first.fault !== undefined || !random.chance(SHARES.hot)) continue;
      for (const event of laterVersions(first, sound, random)) {
        arrivals.push({ event, at: at + random.next() * HOT.withinRecords });
        if (random.chance(SHARES.hotTwice)) arrivals.push({ event, at: at + random.next() * HOT.withinRecords });
      }
    }
    return arrivals.sort((a, b) => a.at - b.at).map(({ event }) => event);
  }

  private generated(): MadeEvent[] {
    const made = new Map<string, MadeEvent>();
    const options = { profile: readProfile('CD'), seed: this.seed, count: Math.ceil(this.count * GENERATED_SHARE), days: DAYS, untilMs: Math.floor(this.system.time.now) - 3_600_000, withFaults: true };
    const listen = (events: readonly MadeEvent[]): void => { for (const event of events) if (!made.has(event.line)) made.set(event.line, event); };
    return [...generate(options, emptyTally(), listen)].map((line) => made.get(line) as MadeEvent);
  }
}

/** Versions that say what other declarations say, perhaps with a cancellation at the end. */
function laterVersions({ line }: MadeEvent, sound: readonly MadeEvent[], random: Random): MadeEvent[] {
  const { declarationId, version: first } = JSON.parse(line) as { declarationId: string; version: number };
  const count = random.between(HOT.leastVersions, HOT.mostVersions);
  return Array.from({ length: count }, (_, index) => {
    const version = first + 1 + index;
    const content = JSON.parse(random.pick(sound).line) as Record<string, unknown>;
    const cancelled = index === count - 1 && random.chance(SHARES.hotCancelled) ? { status: 'CANCELLED' } : {};
    return { line: JSON.stringify({ ...content, ...cancelled, declarationId, version, eventId: `${declarationId}/hot/${version}` }), fault: undefined };
  });
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

