/** One aggregate topic, read to the end that it has now, and on from there when it is asked again. */
import { parseRecordKey } from '../publish/cells';
import type { PublishCodec, ReadBack } from '../publish/publish-codec';
import type { Calendar } from '../domain/period';
import type { FetchedBatch, LogInspector, SourceRecord } from '../shell/ports';
import type { TopicName } from '../topology';
import { PublishedFold } from './published-fold';

export interface PublishedSource {
  readonly inspector: Pick<LogInspector, 'offsets' | 'readRanges'>;
  readonly codec: PublishCodec;
  /** What the figures of this installation are made with: others come back as other numbers. */
  readonly currency: string;
  readonly calendar: Calendar;
}
export interface UnreadableRecord { readonly topic: TopicName; readonly partition: number; readonly offset: number; readonly why: string }

/** Which source positions the figures of one generation reflect. */
interface Positions { readonly revision: number; readonly streamTimeMs: number; readonly offsets: Readonly<Record<string, number>> }
const NONE: Positions = { revision: -1, streamTimeMs: 0, offsets: {} };

/** `unreadable`: left out of the fold; whoever restores has to say so. */
export class PublishedTopic {
  readonly unreadable: UnreadableRecord[] = [];
  records = 0;
  private readonly next = new Map<number, number>();
  private readonly byGeneration = new Map<number, Positions>();

  private constructor(readonly topic: TopicName, private readonly source: PublishedSource, readonly fold: PublishedFold) {}

  static async open(topic: TopicName, source: PublishedSource): Promise<PublishedTopic> {
    return new PublishedTopic(topic, source, new PublishedFold((await source.inspector.offsets(topic)).length));
  }

  /** Newest event time and source positions that the figures reflect; positions of a generation that has not come whole say nothing of them. */
  get positions(): Positions {
    const { generation } = this.fold;
    const newest = Math.max(...[...this.byGeneration.keys()].filter((known) => known <= generation));
    return this.byGeneration.get(newest) ?? NONE;
  }

  /** `onOffsets`: how much of the log was read. */
  async readOn(onOffsets: (offsets: number) => void = () => undefined): Promise<void> {
    const held = await this.source.inspector.offsets(this.topic);
    const ranges = held.map(({ partition, start, end }) => ({ topic: this.topic, partition, from: Math.max(start, this.next.get(partition) ?? 0), next: end }));
    await this.source.inspector.readRanges(ranges.filter(({ from, next }) => from < next), async (batch) => {
      await this.take(batch);
      onOffsets(batch.next - batch.from);
    });
  }

  private async take({ partition, next, records }: FetchedBatch): Promise<void> {
    await this.source.codec.prepare(this.topic, records.flatMap(({ value }) => (value === null ? [] : [value])));
    for (const record of records) this.takeRecord(partition, record);
    this.next.set(partition, next);
    this.records += records.length;
  }

  private takeRecord(partition: number, { key, value, offset }: SourceRecord): void {
    const name = key?.toString('utf8') ?? '';
    if (value === null) { this.fold.withdraw(name); return; }
    const found = this.source.codec.decode(this.topic, value);
    const why = this.whyUnreadable(name, found);
    if (why !== undefined) this.unreadable.push({ topic: this.topic, partition, offset, why });
    else this.takeFound(partition, name, found as ReadBack);
  }

  private whyUnreadable(key: string, found: ReturnType<PublishCodec['decode']>): string | undefined {
    if (found === 'unprepared') return 'the registry does not know its schema';
    if ('failure' in found) return found.failure;
    const { currency, calendar } = this.source;
    if (found.currency !== currency) return `its amounts are in ${found.currency}, this profile counts in ${currency}`;
    const address = found.kind === 'CELL' ? parseRecordKey(key) : undefined;
    if (address && calendar.rangeOf(address.grain, address.period)?.toMs !== found.periodTo) return 'its period is cut in another time zone than that of this profile';
    return undefined;
  }

  private takeFound(partition: number, key: string, found: ReadBack): void {
    switch (found.kind) {
      case 'CELL': this.fold.take(partition, key, { revision: found.revision, generation: found.generation, status: found.status, definitions: found.definitions, measures: found.measures, values: found.values, adjustments: found.adjustments }); break;
      case 'GENERATION_BEGIN': this.fold.begin(found.generation); break;
      case 'GENERATION_END':
        this.fold.end(partition, found.generation);
        /** Until the first record of positions; revisions number a partition, so one of these is above no other. */
        if (!this.byGeneration.has(found.generation)) this.keepPositions(found, NONE.revision);
        break;
      case 'POSITIONS': this.keepPositions(found, found.revision); break;
    }
  }

  private keepPositions({ generation, streamTimeMs, sourceOffsets }: ReadBack, revision: number): void {
    if (revision >= (this.byGeneration.get(generation) ?? NONE).revision) this.byGeneration.set(generation, { revision, streamTimeMs, offsets: sourceOffsets });
  }
}
