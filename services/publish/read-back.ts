/**
 * The publisher's own topics, read back from their beginning and then at the tail: what subscribers have, what another
 * writer left there, and what came late.
 */
import type { Logger } from 'pino';
import type { SourceRecord } from '../shell/ports';
import type { TopicName } from '../topology';
import type { PublishCodec } from './publish-codec';
import type { TopicCopy } from './topic-copy';

export interface Place { readonly topic: TopicName; readonly partition: number }

export class ReadBack {
  private readonly nextRead = new Map<string, number>();
  private foreign = new Set<string>();
  private waiting: { readonly place: Place; readonly record: SourceRecord; readonly value: Buffer }[] = [];
  /** From here on another writer's record is news: revisions must go on above it. */
  started = false;

  constructor(private readonly copy: TopicCopy, private readonly codec: PublishCodec, private readonly writer: Buffer, private readonly raise: (place: Place, nextOffset: number) => void, private readonly logger: Logger) {}

  take(place: Place, record: SourceRecord): void {
    const { key, value, offset } = record;
    const log = `${place.topic}/${place.partition}`;
    /** The reader begins anew after an outage: what was read before is no news. */
    if (offset < (this.nextRead.get(log) ?? 0)) return;
    this.nextRead.set(log, offset + 1);
    const name = key?.toString('utf8') ?? '';
    if (value === null) this.withdraw(name, record);
    /** Own records come back by the thousands and say nothing new, unless they come late: not worth decoding. */
    else if (value.includes(this.writer)) this.checkOrder(name, this.codec.revisionOf(place.topic, value));
    else this.readOther(place, record, value, false);
  }

  /** Own tombstones come back late, when the cell may long be there again. */
  private withdraw(key: string, { headers }: SourceRecord): void {
    if (!headers.some(({ value }) => value.equals(this.writer))) this.copy.remove(key);
  }

  private readOther(place: Place, record: SourceRecord, value: Buffer, prepared: boolean): void {
    const { key, offset } = record;
    const name = key?.toString('utf8') ?? '';
    const found = this.codec.decode(place.topic, value);
    if (found === 'unprepared' && !prepared) { this.waiting.push({ place, record, value }); return; }
    if (found === 'unprepared' || 'failure' in found) {
      this.logger.error({ ...place, offset, failure: found === 'unprepared' ? 'the registry does not know its schema' : found.failure }, 'a record of this topic cannot be read and is left alone');
      return;
    }
    if (found.kind === 'POSITIONS') this.copy.putPositions(found.revision, found.sourceOffsets);
    else if (found.kind === 'GENERATION_END') this.copy.endGeneration(`${place.topic}/${place.partition}`, found.generation);
    else this.copy.put(name, found.revision, found.digest, found.units, found.final, found.periodTo);
    this.checkOrder(name, found.revision);
    if (!this.started) return;
    this.raise(place, offset + 1);
    if (found.kind === 'CELL') this.foreign.add(name);
  }

  /** What lies behind a higher revision would be all that compaction leaves: the cell is published anew, above both. */
  private checkOrder(key: string, revision: number): void {
    if (!this.copy.readBack(key, revision)) this.foreign.add(key);
  }

  /** Records of another release wait for their schemas: nothing may be compared with the topics before. */
  get unprepared(): boolean { return this.waiting.length > 0; }

  /** Looks those schemas up and reads the records. Rejects when the registry cannot be reached. */
  async prepare(): Promise<void> {
    const { waiting } = this;
    for (const { place, value } of waiting) await this.codec.prepare(place.topic, [value]);
    this.waiting = this.waiting.slice(waiting.length);
    for (const { place, record, value } of waiting) this.readOther(place, record, value, true);
  }

  /** Cells that must be published anew, since the last call. */
  takeForeign(): Set<string> {
    const { foreign } = this;
    this.foreign = new Set();
    return foreign;
  }
}
